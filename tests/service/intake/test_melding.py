"""From a call to a decision, over HTTP on a real Postgres: every step once, in its order, and what it tells."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from chassis.db import Tenant, transaction
from tests.service.intake.conftest import Loket, een_bsn
from tests.service.intake.een import (
    GEBIEDEN,
    JA,
    KAART,
    NEE,
    STAPPEN,
    een_afweging,
    een_beschikking,
    een_melding,
    een_onderzoek,
    een_spoedvoorziening,
)


def verwacht(antwoord: dict[str, Any]) -> dict[str, str]:
    return {regel["soort"]: regel["uiterlijk"] for regel in antwoord["verwacht"]}


def regels(antwoord: dict[str, Any]) -> list[str]:
    return [bevinding["regel"] for bevinding in antwoord["bevindingen"]]


async def test_een_melding_zegt_wat_er_nu_moet_gebeuren_door_wie_en_wanneer(loket: Loket) -> None:
    melding = een_melding(een_bsn(), kanaal="brief", taal="pl", tolk_nodig=True,
                          vertegenwoordiger={"naam": "Een mentor", "soort": "mentor"})  # fmt: skip
    antwoord = (await loket.vraag("POST", "meldingen", melding)).json()
    assert (antwoord["status"], antwoord["team"]) == ("ontvangen", "wijkteam-0664")
    assert verwacht(antwoord) == {"plan": "2026-01-26", "onderzoek": "2026-03-02"}
    assert {r["soort"]: r["wie"] for r in antwoord["verwacht"]} == {"plan": "inwoner", "onderzoek": "gemeente"}
    gezien = await loket.toon(antwoord["melding_id"])
    [stap] = gezien["stappen"]
    assert (stap["inhoud"]["taal"], stap["inhoud"]["vertegenwoordiger"]["soort"]) == ("pl", "mentor")
    assert gezien["client"]["naam"]["achternaam"] == "Testduin" and gezien["client"]["bsn"].startswith("*****")
    assert "client" not in stap["inhoud"], "a person is kept once"


async def test_cs002_een_melding_met_een_fout_bsn_wordt_niets(loket: Loket) -> None:
    antwoord = await loket.vraag("POST", "meldingen", een_melding("999900019"))
    assert antwoord.status_code == 422 and regels(antwoord.json()) == ["CS002"]


async def test_g02_dezelfde_sleutel_geeft_een_melding_en_een_stap(loket: Loket, sleutel: str) -> None:
    melding = een_melding(een_bsn())
    eerste, tweede = [await loket.vraag("POST", "meldingen", melding, **{"Idempotency-Key": sleutel}) for _ in "12"]
    assert eerste.json() == tweede.json()
    melding_id = eerste.json()["melding_id"]
    risico = STAPPEN["POST risicos"]
    antwoorden = [
        await loket.vraag("POST", f"meldingen/{melding_id}/risicos", risico, **{"Idempotency-Key": sleutel + "r"})
        for _ in range(2)
    ]
    assert antwoorden[0].json() == antwoorden[1].json() and antwoorden[0].json()["risico"] == 1
    anders = risico | {"soort": "geld"}
    botsing = await loket.vraag("POST", f"meldingen/{melding_id}/risicos", anders, **{"Idempotency-Key": sleutel + "r"})
    assert botsing.status_code == 409
    assert len((await loket.toon(melding_id))["stappen"]) == 2


async def test_van_melding_tot_beschikking_en_de_indicatie_gaat_een_keer_weg(loket: Loket, sleutel: str) -> None:
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    na = await loket.stap(melding_id, "POST beschikking", een_beschikking(), **{"Idempotency-Key": sleutel})
    assert (na["status"], na["versie"]) == ("besloten", 1)
    assert verwacht(na) == {"bezwaar": "2026-03-02", "herziening": "2026-06-01"}
    weer = await loket.stap(melding_id, "POST beschikking", een_beschikking(), **{"Idempotency-Key": sleutel})
    assert weer == na
    nog_een = await loket.stap(melding_id, "POST beschikking", een_beschikking(), status=409)
    assert regels(nog_een) == ["STAP"]
    [indicatie] = (await loket.toon(melding_id))["indicaties"]
    assert (indicatie["indicatie_id"], indicatie["status"]) == (na["indicatie_id"], "ontvangen")
    verteld = await loket.gebeurtenissen(na["indicatie_id"])
    assert [type_ for type_, _ in verteld].count("indicatie_vastgesteld") == 1
    [(_, bericht)] = [e for e in verteld if e[0] == "indicatie_vastgesteld"]
    [product] = json.loads(bericht)["data"]["producten"]
    assert (product["aanbieder"], product["omvang"]["volume"]) == ("75750101", 3) and "doel" not in product


async def test_een_gebeurtenis_zegt_niets_wat_iemand_zei(loket: Loket) -> None:
    melding_id = await loket.meld(risicos=[STAPPEN["POST risicos"]])
    await loket.tot_aanvraag(melding_id, personen=[{"naam": "Dochter Geheim", "relatie": "dochter"}])
    await loket.stap(melding_id, "POST beschikking", een_beschikking())
    verteld = await loket.gebeurtenissen(melding_id)
    assert {t for t, _ in verteld} >= {"melding_ontvangen", "onderzoek_afgerond", "beschikking_vastgesteld"}
    alles = b"".join(bericht for _, bericht in verteld)
    for woord in ("Testduin", "Geheim", "keukentafel", "eet te weinig", "deur niet", "loopt vast", "Zelf de dag"):
        assert woord.encode() not in alles, woord


async def test_een_onvolledig_onderzoek_geeft_geen_besluit_en_zegt_alles_in_een_keer(loket: Loket) -> None:
    melding_id = await loket.meld()
    await loket.stap(melding_id, "PUT plan", {"plan": "geen"})
    await loket.stap(melding_id, "PUT onderzoek", {"leefgebieden": {"wonen": {"situatie": "Kaal."}}})
    fout = await loket.stap(melding_id, "POST onderzoek/afronding", {}, status=422)
    paden = [bevinding["pad"] for bevinding in fout["bevindingen"]]
    assert len(paden) == 4 + 9 * 3 - 1 and "/leefgebieden/wonen/wens" in paden
    assert {f"/leefgebieden/{g}/resultaat" for g in GEBIEDEN} <= set(paden)
    assert regels(await loket.stap(melding_id, "POST aanvraag", {}, status=422)) == ["Wmo 2.3.2 lid 9"]
    await loket.stap(melding_id, "POST beschikking", een_beschikking(), status=409)


async def test_wmo_2_3_2_lid_9_na_zes_weken_mag_de_inwoner_toch_aanvragen(loket: Loket, zet_klok: Any) -> None:
    melding_id = await loket.meld()
    await loket.stap(melding_id, "PUT plan", {"plan": "geen"})
    await loket.stap(melding_id, "PUT onderzoek", {"netwerk": {"stand": "aanwezig"}})
    zet_klok("2026-03-02T23:30:00+01:00")
    await loket.stap(melding_id, "POST aanvraag", {}, status=422)
    zet_klok("2026-03-03T00:30:00+01:00")
    na = await loket.stap(melding_id, "POST aanvraag", {})
    assert verwacht(na)["besluit"] == "2026-03-17"
    fout = await loket.stap(melding_id, "POST beschikking", een_beschikking(), status=422)
    assert "Wmo 2.3.4" in regels(fout) and "AFWEGING" in regels(fout)
    onderzoek = een_onderzoek(gesprek={"datum": "2026-03-03", "verslag": "Alsnog."})
    await loket.stap(melding_id, "PUT onderzoek", onderzoek)
    await loket.stap(melding_id, "POST onderzoek/afronding", {})
    await loket.stap(melding_id, "PUT afweging", een_afweging())
    assert (await loket.stap(melding_id, "POST beschikking", een_beschikking()))["status"] == "besloten"


async def test_wmo_2_3_3_spoed_geeft_meteen_hulp_en_daarna_loopt_het_onderzoek(loket: Loket) -> None:
    antwoord = (await loket.vraag("POST", "meldingen", een_melding(een_bsn(), spoed=True))).json()
    assert verwacht(antwoord)["spoed"] == "2026-01-20"
    melding_id = antwoord["melding_id"]
    zonder_eind = een_spoedvoorziening(beschikking={"nummer": "900", "ingangsdatum": "2026-02-02"})
    assert regels(await loket.stap(melding_id, "POST spoedvoorziening", zonder_eind, status=422)) == ["Wmo 2.3.3"]
    na = await loket.stap(melding_id, "POST spoedvoorziening", een_spoedvoorziening())
    assert "spoed" not in verwacht(na) and verwacht(na)["onderzoek"] == "2026-03-02"
    assert [t for t, _ in await loket.gebeurtenissen(na["indicatie_id"])].count("indicatie_vastgesteld") == 1
    await loket.stap(melding_id, "POST spoedvoorziening", een_spoedvoorziening(), status=422)
    # Spoed does not wait for a plan.
    await loket.stap(melding_id, "PUT onderzoek", een_onderzoek())


async def test_bezwaar_gegrond_geeft_een_nieuwe_versie_en_een_nieuwe_brief(loket: Loket) -> None:
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    afwijzing = een_beschikking(besluit="afwijzing", producten=[], herziening_op=None, motivering="U kunt het zelf.")
    await loket.stap(melding_id, "POST beschikking", afwijzing)
    eerste = (await loket.vraag("GET", f"meldingen/{melding_id}/brief")).text
    assert "U krijgt geen hulp" in eerste and "U kunt het zelf." in eerste and "2 maart 2026" in eerste
    assert (
        verwacht(await loket.stap(melding_id, "POST bezwaar", STAPPEN["POST bezwaar"]))["bezwaarbesluit"]
        == "2026-04-13"
    )
    assert regels(await loket.stap(melding_id, "POST bezwaar", STAPPEN["POST bezwaar"], status=422)) == ["Awb 6:4"]
    na = await loket.stap(melding_id, "POST bezwaar/besluit", STAPPEN["POST bezwaar/besluit"])
    assert (na["status"], verwacht(na)["besluit"]) == ("aangevraagd", "2026-02-02")
    nieuw = await loket.stap(melding_id, "POST beschikking", een_beschikking())
    assert nieuw["versie"] == 2 and nieuw["indicatie_id"]
    tweede = (await loket.vraag("GET", f"meldingen/{melding_id}/brief")).text
    assert "Beste A Testduin" in tweede and "Het doel: Zelf de dag indelen." in tweede
    assert (await loket.vraag("GET", f"meldingen/{melding_id}/brief?versie=1")).text == eerste
    assert (await loket.vraag("GET", f"meldingen/{melding_id}/brief?versie=3")).status_code == 404
    stappen = [s["inhoud"] for s in (await loket.toon(melding_id))["stappen"] if s["stap"] == "beschikking"]
    assert [s["besluit"] for s in stappen] == ["afwijzing", "toekenning"]


async def test_een_herziening_trekt_in_met_een_eigen_versie_en_brief(loket: Loket) -> None:
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    await loket.stap(melding_id, "POST beschikking", een_beschikking())
    na = await loket.stap(melding_id, "POST beschikking/herziening", {"aanleiding": "intrekking", "reden": "Verhuisd."})
    assert na["status"] == "aangevraagd" and "herziening" not in verwacht(na)
    dicht = await loket.stap(melding_id, "POST afsluiting", {"uitkomst": "geen_hulp_nodig"}, status=422)
    assert regels(dicht) == ["Wmo 2.3.5 lid 2"]
    met_hulp = await loket.stap(melding_id, "POST beschikking", een_beschikking(besluit="intrekking"), status=422)
    assert regels(met_hulp) == ["PRODUCT"]
    intrekking = een_beschikking(besluit="intrekking", producten=[], herziening_op=None, motivering="U verhuist.")
    na = await loket.stap(melding_id, "POST beschikking", intrekking)
    assert na["versie"] == 2 and "indicatie_id" not in na
    brieven = [(await loket.vraag("GET", f"meldingen/{melding_id}/brief?versie={v}")).text for v in (1, 2)]
    assert "U krijgt hulp" in brieven[0] and "Uw hulp van de gemeente stopt" in brieven[1]


async def test_wat_vastligt_verandert_niet_meer_ook_niet_in_de_database(loket: Loket) -> None:
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    await loket.stap(melding_id, "POST beschikking", een_beschikking())
    for opdracht in ("UPDATE melding_stap SET door = 'x'", "DELETE FROM brief", "UPDATE document SET door = 'x'"):
        with pytest.raises(asyncpg.RaiseError, match="alleen toevoegen"):
            async with transaction(loket.pool, Tenant(loket.gemeente)) as tx:
                await tx.execute(
                    "INSERT INTO document VALUES ('0664', 'sociale_kaart', 999, '1999-01-01', '{}', 'x', now())"
                )
                await tx.execute(opdracht)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with transaction(loket.pool, Tenant(loket.gemeente)) as tx:
            await tx.execute("INSERT INTO brief SELECT * FROM brief WHERE melding_id = $1", melding_id)


async def test_verwijzen_opvolgen_en_opgelost_zonder_toewijzing_telt(loket: Loket) -> None:
    assert (await loket.vraag("PUT", "sociale-kaart", KAART)).status_code == 200
    melding_id = await loket.meld()
    await loket.stap(melding_id, "PUT plan", {"plan": "ontvangen", "tekst": "Ik wil eten met anderen."})
    await loket.stap(melding_id, "PUT onderzoek", een_onderzoek())
    await loket.stap(melding_id, "POST onderzoek/afronding", {})
    opties = [
        {"trede": "algemene_voorziening", "naam": "Eettafel", "kosten_cent": 50_000},
        {"trede": "maatwerk", "naam": "Begeleiding", "kosten_cent": 900_000},
    ]
    treden = {"eigen_kracht": NEE, "netwerk": NEE, "algemene_voorziening": JA}
    await loket.stap(melding_id, "PUT afweging", {"treden": treden, "opties": opties})
    naar = {"voorziening": "eettafel", "opvolgen_op": "2026-02-16"}
    onbekend = await loket.stap(melding_id, "POST verwijzingen", naar | {"voorziening": "bingo"}, status=422)
    assert regels(onbekend) == ["SOCIALE KAART"]
    na = await loket.stap(melding_id, "POST verwijzingen", naar)
    assert (na["verwijzing"], verwacht(na)["opvolging"]) == (1, "2026-02-16")
    dicht = {"uitkomst": "opgelost_zonder_toewijzing"}
    assert regels(await loket.stap(melding_id, "POST afsluiting", dicht, status=422)) == ["OPVOLGING"]
    await loket.stap(melding_id, "POST verwijzingen/opvolging", {"verwijzing": 1, "uitkomst": "geholpen"})
    assert (await loket.stap(melding_id, "POST afsluiting", dicht))["status"] == "afgesloten"
    gezien = await loket.toon(melding_id)
    assert (gezien["uitkomst"], gezien["bespaard_schatting_cent"]) == ("opgelost_zonder_toewijzing", 850_000)
    treden_uit = gezien["afweging"]["treden"]
    assert [t["trede"] for t in treden_uit] == [
        "eigen_kracht",
        "netwerk",
        "algemene_voorziening",
        "collectief",
        "maatwerk",
    ]
    assert treden_uit[2]["opties"][0]["kosten_cent"] == 50_000 and treden_uit[4]["uitkomst"] == "niet_bereikt"
    lijst = (await loket.vraag("GET", "meldingen?uitkomst=opgelost_zonder_toewijzing&limit=500")).json()["meldingen"]
    [rij] = [rij for rij in lijst if rij["melding_id"] == melding_id]
    assert rij["bespaard_schatting_cent"] == 850_000 and "bespaard_cent" not in rij


async def test_een_open_risico_sluit_niemand_alleen(loket: Loket) -> None:
    melding_id = await loket.meld(risicos=[STAPPEN["POST risicos"]])
    dicht = {"uitkomst": "geen_hulp_nodig"}
    assert regels(await loket.stap(melding_id, "POST afsluiting", dicht, status=422)) == ["RISICO"]
    await loket.stap(melding_id, "POST risicos/akkoord", {"reden": "De huisarts neemt het over."}, wie="anna")
    assert regels(await loket.stap(melding_id, "POST afsluiting", dicht, status=422, wie="anna")) == ["RISICO"]
    assert (await loket.stap(melding_id, "POST afsluiting", dicht, wie="bert"))["status"] == "afgesloten"
    stappen = (await loket.toon(melding_id))["stappen"]
    assert [(s["stap"], s["door"]) for s in stappen[1:]] == [("risicoakkoord", "anna"), ("afsluiting", "bert")]


async def test_een_pgb_wordt_geen_toewijzing_en_zin_heeft_een_aanbieder_nodig(loket: Loket) -> None:
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    product = {"doel": "Een vast ritme.", "ingangsdatum": "2026-02-02", "budget_cent": 100_000}
    zin = een_beschikking(producten=[product])
    assert [b["pad"] for b in (await loket.stap(melding_id, "POST beschikking", zin, status=422))["bevindingen"]] == [
        "/producten/0/aanbieder"
    ]
    na = await loket.stap(melding_id, "POST beschikking", zin | {"leveringsvorm": "pgb"})
    assert "indicatie_id" not in na and (await loket.toon(melding_id))["indicaties"] == []
