"""After the decision: how the help goes, whether the goals were reached, and a talk when help is hardly used."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chassis.db import Tenant, Tx, transaction
from chassis.errors import BadData
from chassis.kafka import Event
from services.intake.handlers import indicatie, nazorg
from tests.service.intake.conftest import Loket
from tests.service.intake.een import JA, KAART, NEE, een_afweging, een_beschikking, een_onderzoek

AGB, ANDERE = "75750101", "75750202"
Handler = Callable[[Tx, Event], Awaitable[None]]
_nummers = itertools.count(710001)


def verwacht(gezien: dict[str, Any]) -> dict[str, str]:
    return {regel["soort"]: regel["uiterlijk"] for regel in gezien["verwacht"]}


async def hoor(loket: Loket, handler: Handler, type_: str, client_id: str, aanbieder: str = AGB, **data: Any) -> None:
    """The event comes twice, each time as another one."""
    for _ in range(2):
        event = Event(
            event_id=str(uuid.uuid4()), type=type_, gemeente=loket.gemeente, aanbieder=aanbieder, client_id=client_id,
            volgnummer=1, gebeurd_at=dt.datetime.now(dt.UTC), data=data,
        )  # fmt: skip
        async with transaction(loket.pool, Tenant(loket.gemeente)) as tx:
            await handler(tx, event)


async def met_hulp(loket: Loket, **besluit: Any) -> tuple[str, str, int]:
    """A case with a decision that became a toewijzing: (melding_id, client_id, nummer)."""
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    na = await loket.stap(melding_id, "POST beschikking", een_beschikking(AGB, **besluit))
    nummer = next(_nummers)
    await hoor(loket, indicatie.indicatie_toegewezen, "toewijzing.indicatie_toegewezen", na["client_id"],
               indicatie_id=na["indicatie_id"], toewijzing_nummers=[nummer])  # fmt: skip
    return melding_id, na["client_id"], nummer


async def levering(loket: Loket, client_id: str, nummer: int, stand: str) -> None:
    await hoor(loket, nazorg.levering_gewijzigd, "toewijzing.levering_gewijzigd", client_id,
               toewijzing_nummer=nummer, levering=stand, begindatum=None, einddatum=None)  # fmt: skip


async def ervaringen(loket: Loket, wie: str, nummer: int) -> list[dict[str, Any]]:
    antwoord = await loket.vraag("GET", f"ervaringen?toewijzing_nummer={nummer}", gemeente=wie)
    assert antwoord.status_code == 200, antwoord.text
    return list(antwoord.json()["ervaringen"])


async def test_na_start_en_na_stop_vertelt_de_inwoner_en_gemeente_en_aanbieder_zien_het(
    loket: Loket, zet_klok: Any
) -> None:
    melding_id, client_id, nummer = await met_hulp(loket)
    te_vroeg = {"toewijzing_nummer": nummer, "moment": "start", "kanaal": "brief"}
    fout = await loket.stap(melding_id, "POST ervaringen", te_vroeg, status=422)
    assert [b["regel"] for b in fout["bevindingen"]] == ["ERVARING"]

    zet_klok("2026-02-04T10:00:00+01:00")
    await levering(loket, client_id, nummer, "gestart")
    await levering(loket, client_id, nummer, "tijdelijk_gestopt")
    assert verwacht(await loket.toon(melding_id))["ervaring"] == "2026-02-18"
    na_start = {"doel": 4, "omgang": 5, "inspraak": 2}
    await loket.stap(melding_id, "POST ervaringen", te_vroeg | {
        "kanaal": "huisbezoek", "antwoorden": na_start, "toelichting": "De begeleider komt vaak te laat."})  # fmt: skip
    assert "ervaring" not in verwacht(await loket.toon(melding_id))
    await loket.stap(melding_id, "POST ervaringen", te_vroeg, status=422)

    # Closed: the help went on, and its stop is asked about as well.
    await loket.stap(melding_id, "POST afsluiting", {"uitkomst": "besluit_uitgevoerd"})
    zet_klok("2026-05-04T10:00:00+02:00")
    await levering(loket, client_id, nummer, "gestopt")
    gezien = await loket.toon(melding_id)
    assert gezien["status"] == "afgesloten" and verwacht(gezien)["ervaring"] == "2026-05-18"
    na_stop = {"doel": 5, "omgang": 5, "inspraak": 4}
    body = {"toewijzing_nummer": nummer, "moment": "stop", "kanaal": "telefoon", "antwoorden": na_stop}
    await loket.stap(melding_id, "POST ervaringen", body)

    eigen = (await loket.toon(melding_id))["ervaringen"]
    assert [(e["moment"], e["antwoorden"], e["kanaal"]) for e in eigen] == [
        ("start", na_start, "huisbezoek"), ("stop", na_stop, "telefoon"),
    ]  # fmt: skip
    assert eigen[0]["toelichting"] == "De begeleider komt vaak te laat."
    for wie in (loket.gemeente, AGB):
        gegeven = await ervaringen(loket, wie, nummer)
        assert [(e["moment"], e["doel"], e["omgang"], e["inspraak"]) for e in gegeven] == [
            ("start", 4, 5, 2), ("stop", 5, 5, 4),
        ]  # fmt: skip
        assert "te laat" not in str(gegeven) and client_id not in str(gegeven)
    assert await ervaringen(loket, ANDERE, nummer) == [] == await ervaringen(loket, "0716", nummer), "G15"
    assert not [b for _, b in await loket.gebeurtenissen(melding_id) if b"te laat" in b], "no word in an event"


async def test_wie_niets_wil_zeggen_wordt_niet_nog_eens_gevraagd(loket: Loket) -> None:
    melding_id, client_id, nummer = await met_hulp(loket)
    await levering(loket, client_id, nummer, "gestart")
    body = {"toewijzing_nummer": nummer, "moment": "start", "kanaal": "telefoon"}
    await loket.stap(melding_id, "POST ervaringen", body)
    assert "ervaring" not in verwacht(await loket.toon(melding_id)) and await ervaringen(loket, AGB, nummer) == []


async def test_voor_de_herziening_is_er_een_taak_en_drie_stemmen_staan_naast_elkaar(
    loket: Loket, zet_klok: Any
) -> None:
    melding_id, client_id, nummer = await met_hulp(loket, herziening_op="2026-06-01")
    await levering(loket, client_id, nummer, "gestart")
    zet_klok("2026-05-05T10:00:00+02:00")
    await loket.klok_loopt()
    [taak] = (await loket.vraag("GET", f"termijnen?melding_id={melding_id}&soort=herziening")).json()["termijnen"]
    assert (taak["status"], taak["uiterlijk"], taak["wie"]) == ("nadert", "2026-06-01", "gemeente")
    stemmen = {"client": {"oordeel": "deels_gehaald", "toelichting": "Ik durf nog niet alleen."},
               "aanbieder": {"oordeel": "gehaald"}, "gemeente": {"oordeel": "deels_gehaald"}}  # fmt: skip
    zonder_inwoner = {"moment": "herziening", "doelen": [{"doel": 1, **stemmen, "client": None}]}
    fout = await loket.stap(melding_id, "POST evaluaties", zonder_inwoner, status=422)
    assert [b["pad"] for b in fout["bevindingen"]] == ["/doelen/0/client"]
    zwijgt = {"moment": "herziening", "doelen": [{"doel": 1, **stemmen, "aanbieder": {"oordeel": "geen_oordeel"}}]}
    fout = await loket.stap(melding_id, "POST evaluaties", zwijgt, status=422)
    assert [b["pad"] for b in fout["bevindingen"]] == ["/doelen/0/aanbieder/toelichting"]
    anders = {"moment": "herziening", "doelen": [{"doel": 2, **stemmen}]}
    fout = await loket.stap(melding_id, "POST evaluaties", anders, status=422)
    assert [b["regel"] for b in fout["bevindingen"]] == ["DOEL", "DOEL"], "one is missing, one is not in the decision"

    await loket.stap(melding_id, "POST evaluaties", {"moment": "herziening", "doelen": [{"doel": 1, **stemmen}]})
    gezien = await loket.toon(melding_id)
    assert "herziening" not in verwacht(gezien)
    [doel] = gezien["evaluaties"][0]["doelen"]
    assert doel == {"doel": 1, "tekst": "Zelf de dag indelen."} | {
        stem: {"oordeel": s["oordeel"], "toelichting": s.get("toelichting")} for stem, s in stemmen.items()
    }
    # At the stop it is asked again.
    await levering(loket, client_id, nummer, "gestopt")
    assert verwacht(await loket.toon(melding_id))["evaluatie"] == "2026-05-19"
    await loket.stap(melding_id, "POST evaluaties", {"moment": "stop", "doelen": [{"doel": 1, **stemmen}]})
    assert "evaluatie" not in verwacht(await loket.toon(melding_id))


@pytest.mark.parametrize("bron", ["declaratie", "toewijzing"])
async def test_weinig_gebruik_wordt_een_gesprek_en_aan_de_hulp_verandert_niets(loket: Loket, bron: str) -> None:
    melding_id, client_id, nummer = await met_hulp(loket)
    voor = await loket.toon(melding_id)

    async def signaal(**anders: Any) -> None:
        if bron == "declaratie":
            data = {"toewijzing_nummer": nummer, "soort": "minder", "sinds": "2026-02-01", "t_m": "2026-04-01",
                    "maanden": 3, "verplicht_cent": 100, "gerealiseerd_cent": 10} | anders  # fmt: skip
            await hoor(loket, nazorg.gebruik_wijkt_af, "declaratie.gebruik_wijkt_af", client_id, **data)
        else:
            data = {"termijn_id": "t", "soort": "start", "partij": AGB, "uiterlijk": "2026-02-09",
                    "toewijzing_nummer": nummer} | anders  # fmt: skip
            await hoor(loket, nazorg.termijn_verstreken, "toewijzing.termijn_verstreken", client_id, **data)

    await signaal(soort="meer" if bron == "declaratie" else "stop")
    assert "gesprek" not in verwacht(await loket.toon(melding_id)), "this is no sign of help that is not used"
    verteld = len(await loket.gebeurtenissen(client_id))
    await signaal()
    na = await loket.toon(melding_id)
    assert verwacht(na)["gesprek"] == "2026-02-02"
    erbij = [type_ for type_, _ in (await loket.gebeurtenissen(client_id))[verteld:]]
    assert [type_ for type_ in erbij if type_ != "toegang_vastgelegd"] == ["gesprek_gevraagd"], "nothing else happens"
    assert (na["status"], na["indicaties"]) == (voor["status"], voor["indicaties"])
    await loket.stap(melding_id, "POST contacten", {"wijze": "telefoon", "gelukt": False})
    assert "gesprek" in verwacht(await loket.toon(melding_id))
    await loket.stap(
        melding_id, "POST contacten", {"wijze": "huisbezoek", "gelukt": True, "toelichting": "Zij was ziek."}
    )
    assert "gesprek" not in verwacht(await loket.toon(melding_id))


async def test_een_toewijzing_van_elders_en_een_kapot_event_raken_geen_zaak(loket: Loket) -> None:
    await levering(loket, "A" * 26, 799_999, "gestart")
    with pytest.raises(BadData):
        await levering(loket, "A" * 26, 799_999, "onzin")


async def test_de_kosten_van_de_mogelijkheden_staan_naast_elkaar_en_wat_het_scheelt_is_een_schatting(
    loket: Loket, zet_klok: Any
) -> None:
    loket.gemeente = "0687"
    duurder = KAART["voorzieningen"][0] | {"kosten": {"cent": 1_000, "per": "week"}}
    await loket.vraag("PUT", "sociale-kaart", KAART)
    await loket.vraag("PUT", "sociale-kaart", {"geldig_vanaf": "2026-02-01", "voorzieningen": [duurder]})
    melding_id = await loket.meld()
    await loket.stap(melding_id, "PUT plan", {"plan": "geen"})
    await loket.stap(melding_id, "PUT onderzoek", een_onderzoek())
    await loket.stap(melding_id, "POST onderzoek/afronding", {})
    opties = [
        {"trede": "maatwerk", "naam": "Begeleiding", "kosten_cent": 900_000},
        {"trede": "algemene_voorziening", "voorziening": "eettafel", "keren_per_jaar": 40},
    ]
    for fout, pad in (
        ({"trede": "collectief", "voorziening": "weg"}, "/opties/0/voorziening"),
        ({"trede": "collectief", "voorziening": "respijthuis"}, "/opties/0/kosten_cent"),
        ({"trede": "collectief", "voorziening": "eettafel"}, "/opties/0/kosten_cent"),
        ({"trede": "collectief", "kosten_cent": 1}, "/opties/0/naam"),
    ):
        slecht = await loket.stap(melding_id, "PUT afweging", een_afweging(opties=[fout]), status=422)
        assert [b["pad"] for b in slecht["bevindingen"]] == [pad]
    treden = {"eigen_kracht": NEE, "netwerk": NEE, "algemene_voorziening": JA}
    await loket.stap(melding_id, "PUT afweging", {"treden": treden, "opties": opties})
    afweging = (await loket.toon(melding_id))["afweging"]
    assert [(o["naam"], o["kosten_cent"]) for o in afweging["opties"]] == [
        ("Eettafel De Haven", 40 * 750), ("Begeleiding", 900_000),
    ]  # fmt: skip
    assert afweging["bespaard_schatting_cent"] == 870_000
    zet_klok("2026-02-02T10:00:00+01:00")
    await loket.stap(melding_id, "PUT afweging", {"treden": treden, "opties": opties})
    assert (await loket.toon(melding_id))["afweging"]["opties"][0]["kosten_cent"] == 52 * 1_000, "the price of that day"


async def test_hulp_op_afstand_alleen_als_alle_voorwaarden_er_zijn(loket: Loket) -> None:
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    [product] = een_beschikking()["producten"]
    alles = dict.fromkeys(("gewenst", "apparaat", "verbinding", "uitleg"), True)
    half = product | {"wijze": "e_zorg", "voorwaarden": alles | {"uitleg": False}}
    fout = await loket.stap(melding_id, "POST beschikking", een_beschikking(producten=[half]), status=422)
    assert [(b["regel"], b["pad"]) for b in fout["bevindingen"]] == [("E-ZORG", "/producten/0/voorwaarden/uitleg")]
    heel = product | {"wijze": "e_zorg", "voorwaarden": alles}
    await loket.stap(melding_id, "POST beschikking", een_beschikking(producten=[heel]))
    assert "Deze hulp krijgt u op afstand" in (await loket.vraag("GET", f"meldingen/{melding_id}/brief")).text
