"""docs/levensloop.md: every state x every event, as the domain plays it."""

import pytest

from services.toewijzing.domain import levensloop


def cel(tabel: str, gebeurtenis: str, stand: str) -> str:
    standen, rijen = levensloop.tabellen()[tabel]
    return rijen[gebeurtenis][list(standen).index(stand)]


def test_het_document_is_van_nu() -> None:
    assert levensloop.DOCUMENT.read_text("utf-8") == levensloop.document(), (
        "run python -m services.toewijzing.domain.levensloop"
    )


def test_geen_cel_is_leeg() -> None:
    for standen, rijen in levensloop.tabellen().values():
        for gebeurtenis, cellen in rijen.items():
            assert len(cellen) == len(standen), gebeurtenis
            assert all(cel.strip() for cel in cellen), gebeurtenis


@pytest.mark.parametrize(
    ("tabel", "gebeurtenis", "stand", "verwacht"),
    [
        ("Toewijzing", "indicatie voor hetzelfde, aansluitend", "actief", "OP380"),
        ("Toewijzing", "latere einddatum, reden 04", "actief", "301 met reden 04 -> actief"),
        ("Toewijzing", "latere einddatum, reden 04", "verlopen", "OP380"),
        ("Toewijzing", "verwijdering na een goedgekeurde prestatie", "actief", "TR385"),
        ("Toewijzing", "intrekking", "verwijderd", "OP033x1"),
        ("Toewijzing", "herzending", "302 weigerde dit nummer", "OP286"),
        ("Start en stop", "305, latere begindatum", "gestart", "9326 wacht"),
        ("Start en stop", "307, definitief", "tijdelijk gestopt", "-> gestopt"),
        ("Start en stop", "305 verwijdert de eerste start", "definitief gestopt", "9071"),
        ("Verzoek", "onderzoek", "in_onderzoek", "TR360"),
        ("Verzoek", "een nieuw verzoek", "ingediend", "9374"),
    ],
)
def test_wat_de_standaard_over_een_cel_zegt(tabel: str, gebeurtenis: str, stand: str, verwacht: str) -> None:
    assert cel(tabel, gebeurtenis, stand).startswith(verwacht)
