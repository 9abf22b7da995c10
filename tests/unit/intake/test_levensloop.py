"""docs/intake.md: every state x every step, as the domain plays it."""

import pytest

from services.intake.domain import levensloop
from services.intake.domain.zaak import STAPPEN


def cel(stap: str, stand: str) -> str:
    standen, rijen = levensloop.tabel()
    return rijen[stap][list(standen).index(stand)]


def test_het_document_is_van_nu() -> None:
    assert levensloop.DOCUMENT.read_text("utf-8") == levensloop.document(), (
        "run python -m services.intake.domain.levensloop"
    )


def test_geen_cel_is_leeg_en_elke_stap_wordt_geprobeerd() -> None:
    standen, rijen = levensloop.tabel()
    for stap, cellen in rijen.items():
        assert len(cellen) == len(standen) and all(cel.strip() for cel in cellen), stap
    assert {soort for soort, _ in levensloop.PROEVEN.values()} == set(STAPPEN) - {"melding"}
    assert all(
        any(cel.startswith("->") for cel in cellen) or "zonder" in stap or "niet" in stap
        for stap, cellen in rijen.items()
    )


@pytest.mark.parametrize(
    ("stap", "stand", "verwacht"),
    [
        ("onderzoek afronden", "in onderzoek", "Wmo 2.3.4, Wmo 2.3.2 lid 8, Wmo 2.3.2 lid 3, Wmo 2.3.2 lid 4"),
        ("aanvraag", "in onderzoek", "Wmo 2.3.2 lid 9"),
        ("afweging: opgelost in de omgeving", "onderzocht, omgeving afwezig", "NETWERK, TREDE"),
        ("afweging: maatwerk", "onderzocht, omgeving afwezig", "-> onderzocht"),
        ("afweging: maatwerk", "onderzocht, mantelzorger overbelast", "RESPIJT"),
        ("bezwaar gegrond", "besloten, bezwaar loopt", "-> aangevraagd"),
        ("bezwaar", "afgesloten", "-> besloten"),
        ("afsluiting: besluit uitgevoerd", "open risico", "RISICO"),
        ("afsluiting: besluit uitgevoerd", "open risico, akkoord van een ander", "-> afgesloten"),
        ("afsluiting: opgelost zonder toewijzing", "onderzocht, verwezen", "OPVOLGING"),
        ("beschikking: afwijzing zonder reden", "aangevraagd", "Awb 3:46"),
    ],
)
def test_wat_de_wet_over_een_cel_zegt(stap: str, stand: str, verwacht: str) -> None:
    assert cel(stap, stand) == verwacht
