"""Terms with a real Postgres: they begin and end with the message, and the clock tells of each once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from chassis.clock import clock
from chassis.db import OVERAL, Pool, transaction
from chassis.inbox import lock_client
from services.toewijzing.handlers import bericht, besluit, termijn, wijziging
from services.toewijzing.handlers.besluit import Afwijking
from services.toewijzing.store import termijn as store
from services.toewijzing.store.termijn import Afloop
from tests.databases import ruim_op, verse_database
from tests.service.toewijzing.conftest import open_schema
from tests.service.toewijzing.zaak import A1, GOES, VAN_GOES, Zaak, begeleiding, van

Klok = Callable[[str], None]
ACHTERSTAND = 5_000


@pytest.fixture
async def pool(postgres_dsn: str, zet_klok: Klok) -> AsyncIterator[Pool]:
    """A database of this test alone: the clock looks at every term there is."""
    dsn = await verse_database(postgres_dsn, "toewijzing")
    pool = await open_schema(dsn, "toewijzing")
    yield pool
    await pool.close()
    await ruim_op(postgres_dsn, dsn)


async def tik(pool: Pool) -> None:
    """One run of the clock."""
    async with transaction(pool, OVERAL) as tx:
        await termijn.meld_termijnen(tx)


async def alle(pool: Pool, **keuze: Any) -> list[dict[str, Any]]:
    async with transaction(pool, VAN_GOES) as tx:
        pagina = await termijn.list_termijnen(tx, store.Keuze(**keuze), met_client=True, na=0, limit=500)
    rijen: list[dict[str, Any]] = pagina["termijnen"]
    return rijen


async def standen(pool: Pool, **keuze: Any) -> dict[str, tuple[str, str]]:
    """Status and last day per kind, of the one that was made last."""
    return {rij["soort"]: (rij["status"], rij["uiterlijk"].isoformat()) for rij in await alle(pool, **keuze)}


async def gemeld(zaak: Zaak) -> list[tuple[str, str]]:
    """(event, kind) of everything that the clock told of this client, in order."""
    soorten = {f"toewijzing.{naam}" for naam in ("termijn_nadert", "termijn_verstreken", "einde_nadert")}
    return [
        (g["type"].removeprefix("toewijzing."), g["data"]["soort"])
        for g in await zaak.gebeurtenissen()
        if g["type"] in soorten
    ]


async def einden(zaak: Zaak) -> list[tuple[str, str, str | None]]:
    """(event, kind, how it ended) of every term that ended or runs again, in order."""
    return [
        (g["type"].removeprefix("toewijzing.termijn_"), g["data"]["soort"], g["data"]["afloop"])
        for g in await zaak.gebeurtenissen()
        if g["type"] in ("toewijzing.termijn_beeindigd", "toewijzing.termijn_hervat")
    ]


async def verzonden(zaak: Zaak, opdracht_id: str, soort: str = "WMO301", uiterlijk: str | None = None) -> str:
    """knooppunt laid it in the mailbox; its bericht_id."""
    bericht_id = str(uuid4())
    data = {"bericht_id": bericht_id, "soort": soort, "opdracht_id": opdracht_id, "antwoord_uiterlijk": uiterlijk}
    event = zaak._event("knooppunt.bericht_verzonden", data).model_copy(update={"gebeurd_at": clock.now()})
    await zaak._speel(bericht.bericht_verzonden, event)
    return bericht_id


async def toegewezen(pool: Pool, **anders: Any) -> tuple[Zaak, int, str]:
    """A toewijzing whose 301 lies in the mailbox; its number and the opdracht_id."""
    zaak = Zaak(pool)
    await zaak.contracten()
    events = await zaak.indiceer(begeleiding(**anders))
    opdracht_id = van(events, "bericht_opgesteld")[0]["opdracht_id"]
    await verzonden(zaak, opdracht_id)
    return zaak, van(events, "indicatie_toegewezen")[0]["toewijzing_nummers"][0], opdracht_id


async def antwoord_302(zaak: Zaak, opdracht_id: str, ontvangen_at: str, *codes: str) -> None:
    data = {"bericht_id": str(uuid4()), "soort": "WMO302", "opdracht_id": opdracht_id, "ontvangen_at": ontvangen_at,
            "inhoud": {"retourcodes": list(codes)}}  # fmt: skip
    await zaak._speel(bericht.bericht_ontvangen, zaak._event("knooppunt.bericht_ontvangen", data))


async def test_op090_een_302_die_uitblijft_nadert_en_verstrijkt_een_keer(pool: Pool, zet_klok: Klok) -> None:
    zaak, _, opdracht_id = await toegewezen(pool)
    assert (await standen(pool))["antwoord_301"] == ("loopt", "2026-01-22")
    await tik(pool)
    assert await gemeld(zaak) == []
    zet_klok("2026-01-21T00:00:01+01:00")
    for _ in range(2):
        await tik(pool)
    assert (await standen(pool))["antwoord_301"] == ("nadert", "2026-01-22")
    zet_klok("2026-01-22T23:59:00+01:00")
    await tik(pool)
    assert await gemeld(zaak) == [("termijn_nadert", "antwoord_301")]
    zet_klok("2026-01-23T00:00:01+01:00")
    for _ in range(2):
        await tik(pool)
    assert await gemeld(zaak) == [("termijn_nadert", "antwoord_301"), ("termijn_verstreken", "antwoord_301")]
    [toewijzing] = await zaak.toewijzingen()
    assert toewijzing["laatste_301"]["status"] == "te_laat"
    zet_klok("2026-01-20T10:00:00+01:00")
    await tik(pool)
    assert (await standen(pool))["antwoord_301"] == ("verstreken", "2026-01-22"), "a jump back undoes no passed term"
    await antwoord_302(zaak, opdracht_id, "2026-01-26T09:00:00Z")
    assert (await standen(pool))["antwoord_301"] == ("te_laat_gehaald", "2026-01-22")
    await antwoord_302(zaak, opdracht_id, "2026-01-26T09:00:00Z")
    assert await einden(zaak) == [("beeindigd", "antwoord_301", "te_laat_gehaald")], "once, however often it comes"
    zet_klok("2027-01-26T10:00:00+01:00")
    await tik(pool)
    assert [soort for _, soort in await gemeld(zaak)].count("antwoord_301") == 2


async def test_op090_een_302_op_tijd_eindigt_de_termijn_ook_als_de_klok_al_verder_is(
    pool: Pool, zet_klok: Klok
) -> None:
    zaak, _, opdracht_id = await toegewezen(pool)
    zet_klok("2026-01-28T10:00:00+01:00")
    await tik(pool)
    await antwoord_302(zaak, opdracht_id, "2026-01-22T22:59:59Z")
    assert (await standen(pool))["antwoord_301"][0] == "gehaald", "knooppunt had it in the last second of the day"


async def test_op286_een_afgekeurde_301_heeft_geen_start(pool: Pool, zet_klok: Klok) -> None:
    zaak, _, opdracht_id = await toegewezen(pool)
    assert (await standen(pool))["start"] == ("loopt", "2026-02-09")
    await antwoord_302(zaak, opdracht_id, "2026-01-20T09:00:00Z", "9999")
    na = await standen(pool)
    assert (na["antwoord_301"][0], na["start"][0], na["vervolg"][0]) == ("gehaald", "vervallen", "vervallen")


async def test_de_dag_die_knooppunt_noemde_geldt_voor_beide_kanten(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    opdracht_id = van(await zaak.indiceer(begeleiding()), "bericht_opgesteld")[0]["opdracht_id"]
    await verzonden(zaak, opdracht_id, uiterlijk="2026-01-23")
    assert (await standen(pool))["antwoord_301"] == ("loopt", "2026-01-23")


async def test_op271_op272_start_en_stop_lopen_met_de_levering_mee(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer, _ = await toegewezen(pool)
    zet_klok("2026-02-05T10:00:00+01:00")
    await zaak.start(nummer, "2026-02-04")
    na = await standen(pool, toewijzing_nummer=nummer)
    assert (na["start"], na["stop"]) == (("gehaald", "2026-02-09"), ("loopt", "2026-08-07"))

    await zaak.start(nummer, "2026-02-04", "3")
    na = await standen(pool, toewijzing_nummer=nummer)
    assert (na["start"], na["stop"]) == (("loopt", "2026-02-09"), ("vervallen", "2026-08-07")), "as if never started"

    zet_klok("2026-02-16T10:00:00+01:00")
    await tik(pool)
    await zaak.start(nummer, "2026-02-04")
    assert (await standen(pool))["start"][0] == "te_laat_gehaald"
    await zaak.start(nummer, "2026-02-04", "3")
    assert (await standen(pool))["start"][0] == "verstreken", "a deleted start must come again"
    await zaak.start(nummer, "2026-02-04")
    te_laat = ("beeindigd", "start", "te_laat_gehaald")
    assert await einden(zaak) == [te_laat, ("hervat", "start", None), te_laat]
    await zaak.stop(nummer, "2026-02-04", ("20", "2026-04-10", "1"))
    assert (await standen(pool))["stop"] == ("loopt", "2026-08-07")
    await zaak.stop(nummer, "2026-02-04", ("19", "2026-04-10", "1"))
    assert (await standen(pool))["stop"][0] == "gehaald"
    assert [rij["soort"] for rij in await alle(pool)].count("start") == 1, "one term, whatever happened to it"
    assert [wat for wat in await gemeld(zaak) if wat[1] == "start"] == [
        ("termijn_nadert", "start"),
        ("termijn_verstreken", "start"),
    ]


async def test_op271_een_301_die_terugkijkt_telt_vanaf_de_ontvangst(pool: Pool, zet_klok: Klok) -> None:
    zet_klok("2026-04-01T10:00:00+02:00")
    await toegewezen(pool)
    assert (await standen(pool))["start"] == ("loopt", "2026-04-10")


async def test_op274_op346_een_verzoek_heeft_twee_termijnen(pool: Pool, zet_klok: Klok) -> None:
    zet_klok("2026-05-13T10:00:00+02:00")
    zaak = Zaak(pool)
    await zaak.contracten()
    await zaak.indiceer()
    product = {"referentie_aanbieder": "R1", "product": {"categorie": "02", "code": "02A05"},
               "toewijzing_ingangsdatum": "2026-06-01", "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
               "toewijzing_einddatum": "2026-12-31"}  # fmt: skip
    data = {"bericht_id": str(uuid4()), "soort": "WMO315", "dagtekening": "2026-05-12",
            "ontvangen_at": "2026-05-13T08:00:00Z", "inhoud": {"aangevraagde_producten": [product]}}  # fmt: skip
    event = zaak._event("knooppunt.bericht_ontvangen", data)
    verzoek_id = van(await zaak._speel(bericht.bericht_ontvangen, event), "verzoek_gewijzigd")[0]["verzoek_id"]
    assert await standen(pool) == {
        "reactie_verzoek": ("loopt", "2026-05-21"),
        "besluit_verzoek": ("loopt", "2026-07-07"),
    }

    async with transaction(pool, VAN_GOES) as tx:
        onderzoek = await besluit.onderzoek(tx, GOES, verzoek_id)
    assert {soort: stand for soort, (stand, _) in (await standen(pool)).items()} == {
        "reactie_verzoek": "gehaald",
        "besluit_verzoek": "loopt",
    }
    await verzonden(zaak, onderzoek.opdracht_id, "WMO319")
    zet_klok("2026-05-22T10:00:00+02:00")
    await tik(pool)
    data = {"bericht_id": str(uuid4()), "soort": "WMO320", "opdracht_id": onderzoek.opdracht_id,
            "inhoud": {"retourcodes": ["9355"]}}  # fmt: skip
    await zaak._speel(bericht.bericht_ontvangen, zaak._event("knooppunt.bericht_ontvangen", data))
    na = await standen(pool)
    assert na["antwoord_319"][0] == "te_laat_gehaald"
    assert na["reactie_verzoek"][0] == "loopt", "OP286: a refused 319 is as if never sent"
    assert await einden(zaak) == [("beeindigd", "antwoord_319", "te_laat_gehaald")], "the others were never told of"
    await tik(pool)
    assert (await standen(pool))["reactie_verzoek"][0] == "verstreken"
    async with transaction(pool, VAN_GOES) as tx:
        await besluit.ken_toe(tx, GOES, verzoek_id, Afwijking(frozenset()))
    na = await standen(pool)
    assert (na["reactie_verzoek"][0], na["besluit_verzoek"][0]) == ("te_laat_gehaald", "gehaald")
    assert [wat for wat in await gemeld(zaak) if wat[1] == "reactie_verzoek"] == [
        ("termijn_nadert", "reactie_verzoek"),
        ("termijn_verstreken", "reactie_verzoek"),
    ]


async def test_een_einde_zonder_vervolg_is_een_signaal_en_snijdt_niets_af(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer, opdracht_id = await toegewezen(pool)
    await antwoord_302(zaak, opdracht_id, "2026-01-20T09:00:00Z")
    zet_klok("2026-02-03T10:00:00+01:00")
    await zaak.start(nummer, "2026-02-03")
    zet_klok("2026-06-04T23:59:00+02:00")
    await tik(pool)
    assert await gemeld(zaak) == []
    zet_klok("2026-06-05T00:00:01+02:00")
    for _ in range(3):
        await tik(pool)
    assert await gemeld(zaak) == [("einde_nadert", "vervolg")]

    async with transaction(pool, VAN_GOES) as tx:
        wens = wijziging.Wijziging(frozenset({"einddatum"}), "04", date(2026, 12, 31), None, None)
        verlengd = await wijziging.wijzig_toewijzing(tx, GOES, nummer, wens, None)
    await verzonden(zaak, verlengd.opdracht_id)
    assert [(rij["uiterlijk"].isoformat(), rij["status"]) for rij in await alle(pool, soort="vervolg")] == [
        ("2026-07-31", "vervallen"),
        ("2026-12-31", "loopt"),
    ]
    assert (await standen(pool))["stop"] == ("loopt", "2027-01-08")
    zet_klok("2027-03-01T10:00:00+01:00")
    await tik(pool)
    assert [wat for wat in await gemeld(zaak) if wat[1] == "vervolg"] == [("einde_nadert", "vervolg")] * 2
    assert (await standen(pool))["vervolg"] == ("vervallen", "2026-12-31")
    vervallen = [("beeindigd", "vervolg", "vervallen")] * 2
    assert [einde for einde in await einden(zaak) if einde[1] == "vervolg"] == vervallen, "prolonged; and passed"
    [toewijzing] = await zaak.toewijzingen()
    assert (toewijzing["status"], toewijzing["levering"]) == ("verlopen", "gestart"), "never an automatic cut"


async def test_een_vervolg_maakt_het_signaal_overbodig(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer, _ = await toegewezen(pool)
    meer = {"volume": 5, "eenheid": "04", "frequentie": "2"}
    verder = begeleiding(ingangsdatum="2026-08-01", einddatum="2026-12-31", omvang=meer)
    await verzonden(zaak, van(await zaak.indiceer(verder), "bericht_opgesteld")[0]["opdracht_id"])
    assert (await standen(pool, toewijzing_nummer=nummer))["vervolg"] == ("gehaald", "2026-07-31")
    zet_klok("2026-06-10T10:00:00+02:00")
    await tik(pool)
    assert "vervolg" not in {soort for _, soort in await gemeld(zaak)}


async def test_een_sprong_van_een_jaar_meldt_elke_termijn_een_keer_en_op_volgorde(pool: Pool, zet_klok: Klok) -> None:
    zaak, _, _ = await toegewezen(pool)
    zet_klok("2027-01-19T10:00:00+01:00")
    for _ in range(3):
        await tik(pool)
    assert sorted(await gemeld(zaak)) == sorted(
        [
            ("termijn_nadert", "antwoord_301"),
            ("termijn_verstreken", "antwoord_301"),
            ("termijn_nadert", "start"),
            ("termijn_verstreken", "start"),
            ("einde_nadert", "vervolg"),
        ]
    )
    volgorde = [wat for wat, soort in await gemeld(zaak) if soort == "start"]
    assert volgorde == ["termijn_nadert", "termijn_verstreken"]


async def achterstand(pool: Pool, aantal: int) -> None:
    """So many terms of as many clients, due in January and February 2026."""
    async with transaction(pool, OVERAL) as tx:
        await tx.execute(
            """INSERT INTO termijn (gemeente, aanbieder, client_id, soort, onderwerp, wie, uiterlijk, nadert_at, verloopt_at)
               SELECT '0664', '75750101', lpad(i::text, 26, 'A'), 'antwoord_301', i::text, 'aanbieder', dag,
                      dag::timestamptz, dag + 1
               FROM (SELECT i, '2026-01-20'::date + i % 40 AS dag FROM generate_series(1, $1) i) s""",
            aantal,
        )


async def soorten_in_outbox(pool: Pool) -> tuple[Counter[str], int]:
    """How many events of each type, and of how many (term, type) pairs."""
    rijen = await pool.fetch(
        "SELECT type, convert_from(bericht, 'UTF8')::jsonb #>> '{data,termijn_id}' AS t FROM outbox"
    )
    return Counter(rij["type"] for rij in rijen), len({(rij["type"], rij["t"]) for rij in rijen})


async def test_een_achterstand_gaat_in_begrensde_stapels_en_met_twee_tegelijk_toch_een_keer(
    pool: Pool, zet_klok: Klok
) -> None:
    await achterstand(pool, ACHTERSTAND)
    zet_klok("2027-01-19T10:00:00+01:00")
    await tik(pool)
    assert (await soorten_in_outbox(pool))[0].total() == 2 * termijn.PER_RONDE_MAX, "one run is bounded"
    ronden = 0
    while await pool.fetchval("SELECT count(*) FROM outbox") < 2 * ACHTERSTAND:
        await asyncio.gather(tik(pool), tik(pool))
        ronden += 1
        assert ronden <= ACHTERSTAND // termijn.PER_RONDE_MAX
    await asyncio.gather(tik(pool), tik(pool))
    aantallen, verschillend = await soorten_in_outbox(pool)
    assert aantallen == {
        "toewijzing.termijn_nadert": ACHTERSTAND,
        "toewijzing.termijn_verstreken": ACHTERSTAND,
    }
    assert verschillend == 2 * ACHTERSTAND


async def test_een_ronde_die_afbreekt_meldt_niets_en_komt_opnieuw(pool: Pool, zet_klok: Klok) -> None:
    await achterstand(pool, 10)
    zet_klok("2027-01-19T10:00:00+01:00")
    with pytest.raises(ZeroDivisionError):
        async with transaction(pool, OVERAL) as tx:
            await termijn.meld_termijnen(tx)
            raise ZeroDivisionError
    assert (await soorten_in_outbox(pool))[0].total() == 0
    await tik(pool)
    assert (await soorten_in_outbox(pool))[1] == 20


async def test_de_klok_en_een_antwoord_wachten_niet_op_elkaar(pool: Pool, zet_klok: Klok) -> None:
    """A message locks its client before the term; the clock does too, so there is no deadlock, and one of them wins."""
    zaak, _, opdracht_id = await toegewezen(pool)
    zet_klok("2026-01-23T10:00:00+01:00")
    async with transaction(pool, VAN_GOES) as tx:
        await lock_client(tx, GOES, zaak.client_id)
        klok = asyncio.create_task(tik(pool))
        while not await pool.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            assert not klok.done(), "the clock waits for the client"
        await store.write_termijnen(
            tx, GOES, [], [Afloop(opdracht_id, "antwoord_301", "gehaald")], clock.now(), clock.now()
        )
    await klok
    assert await gemeld(zaak) == [], "the answer was first"


async def test_nummers_van_voor_de_termijnen_krijgen_ze_alsnog(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer, _ = await toegewezen(pool)
    voor = await standen(pool, toewijzing_nummer=nummer)
    async with transaction(pool, OVERAL) as tx:
        await tx.execute("DELETE FROM termijn")
        await tx.execute("UPDATE toewijzing SET met_termijnen = false")
    async with transaction(pool, OVERAL) as tx:
        await termijn.vul_termijnen_aan(tx)
    assert await standen(pool, toewijzing_nummer=nummer) == voor
    assert {rij["aanbieder"] for rij in await alle(pool, client_id=zaak.client_id)} == {A1}
    async with transaction(pool, OVERAL) as tx:
        assert await store.load_zonder_termijnen(tx, 10) == []
