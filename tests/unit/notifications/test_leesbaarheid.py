"""Every text that goes to a person is plain Dutch (B1), in the tone of its reader."""

from __future__ import annotations

import re

import pytest

from services.notifications.domain.ontvanger import HELPT, SOORTEN, TOON, VRAAGT
from services.notifications.domain.sjablonen import OM_TE, SJABLONEN, WACHT_OP
from services.notifications.domain.tekst import SLOT, bericht_naam, vul
from services.notifications.domain.wie_hoort_wat import REGELS
from tests.unit.notifications.leesbaar import bezwaren, lettergrepen, score, zinnen

VELDEN = {
    "wacht_op": max(WACHT_OP.values(), key=len),
    "wat": max(OM_TE.values(), key=len),
    "soort": bericht_naam("WMO301"),
    "dag": "5 februari 2026",
    "partij": "75750101",
    "nummer": "610001",
    "kenmerk": "",
    "bericht_adres": "",
    "zaken_adres": "http://127.0.0.1:8100/zaken",
    "redenen": "- 9385: Er is al een bericht",
    "jaar": "2026",
    "categorie": "02",
    "naam": "begeleiding",
    "stand": "komt op 80 procent",
    "plafond": "€ 1.000,00",
    "prognose": "€ 800,00",
    "verplicht": "€ 700,00",
    "gerealiseerd": "€ 400,00",
    "team": "west",
    "aantal": "3",
    "berichten": "1. Een toewijzing eindigt binnenkort",
}
EEN_STIJVE_ZIN = (
    "Indien u het met onderhavige beschikking oneens bent, dient u onverwijld een bezwaarschrift in te dienen."
)


@pytest.mark.parametrize("naam", sorted(SJABLONEN))
def test_elk_sjabloon_is_gewoon_nederlands(naam: str) -> None:
    tekst = vul(SJABLONEN[naam], VELDEN, "0664")
    assert bezwaren(f"{tekst.onderwerp}.\n{tekst.inhoud}") == []
    assert len(tekst.onderwerp) <= 90 and "$" not in tekst.onderwerp + tekst.inhoud


@pytest.mark.parametrize("naam", sorted(SJABLONEN))
def test_een_stijve_zin_in_een_sjabloon_valt_op(naam: str) -> None:
    tekst = vul(SJABLONEN[naam], VELDEN, "0664")
    assert any("stiff word" in bezwaar for bezwaar in bezwaren(f"{EEN_STIJVE_ZIN}\n{tekst.inhoud}"))


def test_de_meting_ziet_wat_moeilijk_is() -> None:
    ambtelijk = """Ingevolge de verordening maatschappelijke ondersteuning wordt belanghebbende medegedeeld dat de
        aanvraag voor een maatwerkvoorziening is afgewezen vanwege onvoldoende onderbouwing."""
    gewoon = "U krijgt geen hulp. U kunt ons bellen. Dan leggen we uit waarom."
    assert score(ambtelijk) < 40 < 90 < score(gewoon)
    assert {b.partition(":")[0].partition(" 2")[0] for b in bezwaren(" ".join(ambtelijk.split()))} >= {
        "long sentence",
        "stiff word",
    }
    assert bezwaren(gewoon) == []
    woorden = {
        "hulp": 1,
        "inwoner": 2,
        "bellen": 2,
        "nieuwe": 2,
        "draaien": 2,
        "tijdelijke": 4,
        "eeuwen": 2,
        "610001": 1,
    }
    assert {woord: lettergrepen(woord) for woord in woorden} == woorden
    assert [len(zin) for zin in zinnen("Uiterste datum: 5 maart 2026\nBel ons. Kom langs.")] == [3, 2, 2]


def test_twee_tonen_en_elke_lezer_heeft_er_een() -> None:
    assert set(TOON) == set(SOORTEN) and set(TOON.values()) == {VRAAGT, HELPT}
    assert {sjabloon.ontvanger for sjabloon in SJABLONEN.values()} == set(SOORTEN)
    for sjabloon in SJABLONEN.values():
        inhoud = vul(sjabloon, VELDEN, "0664").inhoud
        van, ander = SLOT[TOON[sjabloon.ontvanger]], set(SLOT.values()) - {SLOT[TOON[sjabloon.ontvanger]]}
        assert van in inhoud and not any(slot in inhoud for slot in ander)
    assert "Vragen mag" in SLOT[VRAAGT] and "Uw hulp telt" in SLOT[HELPT]


def test_g18_geen_sjabloon_vraagt_om_iets_van_een_persoon() -> None:
    verboden = {"bsn", "client_id", "geboortedatum", "adres", "naam_inwoner"}
    for naam, sjabloon in SJABLONEN.items():
        velden = set(re.findall(r"\$([a-z_]+)", sjabloon.onderwerp + sjabloon.inhoud))
        assert velden <= VELDEN.keys() and not velden & verboden, naam


def test_elk_sjabloon_heeft_een_aanleiding_en_elke_aanleiding_een_sjabloon() -> None:
    assert {regel.sjabloon for regel in REGELS} == {naam for naam in SJABLONEN if not naam.startswith("verzameld.")}
