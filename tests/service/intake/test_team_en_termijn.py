"""Teams, settings, signals, and the clock."""

from __future__ import annotations

from collections import Counter
from typing import Any

from chassis.db import Tenant, transaction
from chassis.kluis import Kluis
from tests.service.intake.conftest import Loket, een_bsn
from tests.service.intake.een import STAPPEN, een_client, een_melding, een_onderzoek, een_signaal

TEAMS = [
    {"team": "oost", "naam": "Team Oost", "postcodes": ["4462"], "capaciteit": 30},
    {"team": "west", "naam": "Team West", "postcodes": ["4461", "4463AA"], "capaciteit": 40},
]


async def zet_in(loket: Loket, **anders: Any) -> None:
    instellingen = {"geldig_vanaf": "2026-01-01", "teams": TEAMS, "standaard_team": "west"} | anders
    antwoord = await loket.vraag("PUT", "instellingen", instellingen)
    assert antwoord.status_code == 200, antwoord.text


def eigen(team: str) -> dict[str, str]:
    return {"wie": f"van-{team}", "team": team, "rollen": "wijkteam"}


async def test_een_wijkteam_ziet_alleen_de_eigen_meldingen_en_een_overdracht_houdt_de_geschiedenis(
    loket: Loket,
) -> None:
    loket.gemeente = "0654"
    await zet_in(loket)
    melding_id = await loket.meld()
    await loket.stap(melding_id, "PUT plan", {"plan": "geen"}, **eigen("west"))
    assert (await loket.vraag("GET", f"meldingen/{melding_id}", **eigen("oost"))).status_code == 404
    await loket.stap(melding_id, "POST overdracht", {"team": "oost", "reden": "x"}, status=404, **eigen("oost"))
    assert (await loket.vraag("GET", "meldingen", **eigen("oost"))).json()["meldingen"] == []
    assert (await loket.vraag("GET", "termijnen?team=west", **eigen("oost"))).json()["termijnen"] == []
    fout = await loket.stap(melding_id, "POST overdracht", {"team": "zuid", "reden": "x"}, status=422)
    assert [b["regel"] for b in fout["bevindingen"]] == ["TEAM"]
    await loket.stap(melding_id, "POST overdracht", {"team": "oost", "reden": "Verhuisd."}, **eigen("west"))
    assert (await loket.vraag("GET", f"meldingen/{melding_id}", **eigen("west"))).status_code == 404
    stappen = (await loket.toon(melding_id, **eigen("oost")))["stappen"]
    assert [s["stap"] for s in stappen] == ["melding", "plan", "overdracht"]
    termijnen = (await loket.vraag("GET", "termijnen", **eigen("oost"))).json()["termijnen"]
    assert {t["melding_id"] for t in termijnen} == {melding_id}


async def test_de_drukte_en_de_wachttijd_per_team_zijn_te_zien(loket: Loket, zet_klok: Any) -> None:
    loket.gemeente = "0677"
    await zet_in(loket)
    eerste, _ = [await loket.meld() for _ in range(2)]
    zet_klok("2026-01-28T10:00:00+01:00")
    await loket.stap(eerste, "PUT onderzoek", een_onderzoek())
    oost, west = (await loket.vraag("GET", "teams")).json()["teams"]
    assert (oost["team"], oost["open"], oost["capaciteit"]) == ("oost", 0, 30)
    assert west == {
        "naam": "Team West", "capaciteit": 40, "team": "west", "open": 2, "wachtend": 1,
        "oudste_gemeld_op": "2026-01-19", "gemiddeld_gewacht_dagen": 9.0,
    }  # fmt: skip


async def test_een_tweede_gemeente_heeft_geen_code_nodig_en_een_oude_melding_houdt_zijn_regels(
    loket: Loket, zet_klok: Any
) -> None:
    loket.gemeente = "0678"
    oud = await loket.meld()
    sjabloon = {"onderwerp": "Besluit van $gemeente", "alineas": ["Hallo $naam. $motivering"]}
    instellingen = {
        "geldig_vanaf": "2026-02-01", "gemeente_naam": "Kapelle", "teams": TEAMS, "standaard_team": "oost",
        "termijnen": {"onderzoek": 28}, "leefgebieden": {"wonen": "Thuis", "werk": "Werk"},
        "sjablonen": {"afwijzing": sjabloon},
    }  # fmt: skip
    antwoorden = [await loket.vraag("PUT", "instellingen", instellingen) for _ in range(2)]
    assert [a.json()["versie"] for a in antwoorden] == [1, 1], "the same again changes nothing"
    assert (await loket.vraag("GET", "instellingen?op=2026-01-31")).json()["versie"] == 0
    slecht = await loket.vraag("PUT", "instellingen", instellingen | {"termijnen": {"besluit": 30}})
    assert slecht.status_code == 422 and slecht.json()["bevindingen"][0]["regel"] == "Wmo 2.3.5 lid 2"
    zet_klok("2026-02-02T10:00:00+01:00")
    antwoord = (await loket.vraag("POST", "meldingen", een_melding(een_bsn()))).json()
    assert {r["soort"]: r["uiterlijk"] for r in antwoord["verwacht"]}["onderzoek"] == "2026-03-02"
    nieuw = antwoord["melding_id"]
    for melding_id in (oud, nieuw):
        await loket.stap(melding_id, "PUT plan", {"plan": "geen"})
    vreemd = await loket.stap(nieuw, "PUT onderzoek", een_onderzoek(), status=422)
    assert {b["regel"] for b in vreemd["bevindingen"]} == {"LEEFGEBIED"}
    volledig = {g: {"situatie": "a", "wens": "b", "resultaat": "c"} for g in ("wonen", "werk")}
    await loket.stap(nieuw, "PUT onderzoek", een_onderzoek(leefgebieden=volledig))
    await loket.stap(nieuw, "POST onderzoek/afronding", {})
    await loket.stap(oud, "PUT onderzoek", een_onderzoek())
    await loket.stap(oud, "POST onderzoek/afronding", {})


async def test_een_signaal_kan_anoniem_zijn_en_wordt_een_melding(loket: Loket) -> None:
    fout = await loket.vraag("POST", "signalen", een_signaal(toestemming="niet_gevraagd"))
    assert [b["regel"] for b in fout.json()["bevindingen"]] == ["TOESTEMMING"]
    signaal = (await loket.vraag("POST", "signalen", een_signaal(anoniem=True))).json()
    assert [(r["soort"], r["uiterlijk"]) for r in signaal["verwacht"]] == [("signaal", "2026-01-24")]
    pad = f"signalen/{signaal['signaal_id']}"
    gezien = (await loket.vraag("GET", pad)).json()
    assert (gezien["toestemming"], gezien["melder"]["naam"]) == ("gegeven", "Buurman Geheim")
    melding = (await loket.vraag("POST", f"{pad}/melding", {"client": een_client(een_bsn())})).json()
    zaak = await loket.toon(melding["melding_id"])
    assert "Geheim" not in str(zaak) and "gordijnen" not in str(zaak), "the resident may read the case"
    assert zaak["stappen"][0]["inhoud"]["signaal_id"] == signaal["signaal_id"]
    assert (await loket.vraag("POST", f"{pad}/melding", {"client": een_client(een_bsn())})).status_code == 409
    na = (await loket.vraag("GET", pad)).json()
    assert (na["status"], na["melding_id"], na["verwacht"]) == ("melding", melding["melding_id"], [])
    verteld = await loket.gebeurtenissen(signaal["signaal_id"])
    assert b"Geheim" not in b"".join(bericht for _, bericht in verteld)


async def test_een_signaal_met_naam_gaat_mee_en_een_ander_sluit_met_een_reden(loket: Loket) -> None:
    signaal_id = (await loket.vraag("POST", "signalen", een_signaal())).json()["signaal_id"]
    body = {"client": een_client(een_bsn()), "kwetsbaar": True}
    melding = (await loket.vraag("POST", f"signalen/{signaal_id}/melding", body)).json()
    inhoud = (await loket.toon(melding["melding_id"]))["stappen"][0]["inhoud"]
    assert inhoud["melder"] == {"soort": "signaal", "naam": "Buurman Geheim"} and "gordijnen" in inhoud["hulpvraag"]
    ander = (await loket.vraag("POST", "signalen", een_signaal())).json()["signaal_id"]
    dicht = await loket.vraag("POST", f"signalen/{ander}/afsluiting", {"reden": "Vakantie."})
    assert dicht.json()["status"] == "afgesloten"
    assert (await loket.vraag("GET", f"signalen/{ander}")).json()["reden_afsluiting"] == "Vakantie."


async def test_g02_een_termijn_wordt_een_keer_gemeld_en_een_kwetsbare_inwoner_wordt_opgezocht(
    loket: Loket, zet_klok: Any
) -> None:
    melding_id = await loket.meld(kwetsbaar=True)
    na = await loket.stap(melding_id, "POST contacten", STAPPEN["POST contacten"])
    assert {r["soort"]: r["uiterlijk"] for r in na["verwacht"]}["reactie"] == "2026-01-26"
    zet_klok("2026-01-26T23:00:00+01:00")
    await loket.klok_loopt()
    assert "outreach_gevraagd" not in {t for t, _ in await loket.gebeurtenissen(melding_id)}
    zet_klok("2026-01-27T08:00:00+01:00")
    await loket.klok_loopt()
    await loket.klok_loopt()
    types = Counter(t for t, _ in await loket.gebeurtenissen(melding_id))
    # The plan and the reaction near; the reaction passes; that the plan does not come is no fault; a visit is due.
    assert (types["outreach_gevraagd"], types["termijn_verstreken"], types["termijn_nadert"]) == (1, 1, 2)
    gezien = await loket.toon(melding_id)
    assert gezien["stappen"][-1]["stap"] == "outreach" and gezien["stappen"][-1]["door"] == "systeem"
    wacht = {r["soort"]: (r["wie"], r["uiterlijk"], r["status"]) for r in gezien["verwacht"]}
    assert wacht["outreach"] == ("wijkteam-0664", "2026-01-29", "loopt")
    bezoek = {"wijze": "huisbezoek", "gelukt": True}
    na = await loket.stap(melding_id, "POST contacten", bezoek)
    assert {r["soort"] for r in na["verwacht"]} == {"onderzoek"}
    termijnen = (await loket.vraag("GET", f"termijnen?melding_id={melding_id}")).json()["termijnen"]
    assert {t["soort"]: t["status"] for t in termijnen} == {
        "onderzoek": "loopt", "plan": "vervallen", "reactie": "te_laat_gehaald", "outreach": "gehaald",
    }  # fmt: skip


async def test_een_inwoner_die_niet_kwetsbaar_is_krijgt_geen_bezoek(loket: Loket, zet_klok: Any) -> None:
    melding_id = await loket.meld()
    await loket.stap(melding_id, "POST contacten", STAPPEN["POST contacten"])
    zet_klok("2026-02-27T08:00:00+01:00")
    await loket.klok_loopt()
    types = Counter(t for t, _ in await loket.gebeurtenissen(melding_id))
    assert (types["outreach_gevraagd"], types["termijn_verstreken"]) == (0, 1)


async def test_g19_wat_iemand_zei_gaat_met_de_sleutel_van_de_client(
    loket: Loket, kluis: Kluis, postgres_dsn: str
) -> None:
    from chassis import kluis as kluizen

    bsn = een_bsn()
    signaal_id = (await loket.vraag("POST", "signalen", een_signaal())).json()["signaal_id"]
    melding = (await loket.vraag("POST", f"signalen/{signaal_id}/melding", {"client": een_client(bsn)})).json()
    melding_id, client_id = melding["melding_id"], melding["client_id"]
    await loket.stap(melding_id, "POST contacten", STAPPEN["POST contacten"] | {"toelichting": "Niemand deed open."})
    async with transaction(loket.pool, Tenant(loket.gemeente)) as tx:
        rijen = await tx.fetch("SELECT verzegeld FROM melding_stap WHERE melding_id = $1", melding_id)
        rijen += await tx.fetch("SELECT verzegeld FROM signaal WHERE signaal_id = $1", signaal_id)
    assert len(rijen) == 3 and not any(b"gordijnen" in r["verzegeld"] for r in rijen)
    dag = kluizen.Vernietiging(client_id, kluizen.datetime.now(kluizen.UTC), "proef")
    await kluizen.vergeet(kluizen.kluis_dsn(postgres_dsn), [dag])
    kluis._cache.clear()
    for pad in (f"meldingen/{melding_id}", f"signalen/{signaal_id}"):
        assert (await loket.vraag("GET", pad)).status_code == 410
    await loket.stap(melding_id, "POST risicos", STAPPEN["POST risicos"], status=410)
