"""Batches: many events in one transaction, with the same outcome per event as one by one (G3, G6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chassis.db import Tx
from chassis.errors import BadData, Retry
from chassis.kafka import Event
from chassis.settings import Settings

from .conftest import een_event, stapellezer, stuur, tot


def klant(n: int) -> str:
    return f"{n:026d}".translate(str.maketrans("0123456789", "ABCDEFGHIJ"))


async def _noteer(tx: Tx, events: Sequence[Event]) -> None:
    await tx.executemany(
        "insert into klanten_slot (klant) values ($1)", [(f"nr{event.data['nr']:03d}",) for event in events]
    )


async def test_een_partitie_komt_in_stapels_van_een_gemeente(settings: Settings, topic: str) -> None:
    stapels: list[list[int]] = []

    async def handler(tx: Tx, events: Sequence[Event]) -> Collection[str]:
        assert len({event.gemeente for event in events}) == 1
        await _noteer(tx, events)
        stapels.append([event.data["nr"] for event in events])
        return ()

    gemeenten = ["0664"] * 40 + ["0715"] * 20
    events = [een_event(klant(n), data={"nr": n}, gemeente=g) for n, g in enumerate(gemeenten)]
    await stuur(settings.kafka, topic, *events, events[3], events[50])
    async with stapellezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return await pool.fetchval("select count(*) from inbox") == 60

        await tot(klaar)
        assert [nr for stapel in stapels for nr in stapel] == list(range(60))
        assert max(map(len, stapels)) > 1


async def test_g06_rommel_in_een_stapel_parkeert_alleen_zichzelf(settings: Settings, topic: str) -> None:
    aanroepen = 0

    async def handler(tx: Tx, events: Sequence[Event]) -> Collection[str]:
        nonlocal aanroepen
        aanroepen += 1
        await _noteer(tx, events)
        if any(event.data.get("slecht") for event in events):
            raise BadData
        return ()

    events = [een_event(klant(n), data={"nr": n, "slecht": n in (7, 41)}) for n in range(64)]
    # Behind the first bad one comes another of the same client.
    await stuur(settings.kafka, topic, *events, een_event(klant(7), data={"nr": 99}))
    async with stapellezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return await pool.fetchval("select count(*) from inbox") == 65

        await tot(klaar)
        gedaan = await pool.fetch("select klant from klanten_slot where klant like 'nr%' order by 1")
        assert [rij["klant"] for rij in gedaan] == [f"nr{n:03d}" for n in range(64) if n not in (7, 41)]
        redenen = await pool.fetch("select reden, positie from geparkeerd order by positie")
        assert [tuple(rij) for rij in redenen] == [("onbruikbaar", 7), ("onbruikbaar", 41), ("achter_geparkeerd", 64)]
        assert aanroepen < 64, "found by halves, not one by one"


async def test_g06_partities_delen_een_stapel_en_wat_op_dezelfde_plek_ligt_blijft_uit_elkaar(
    settings: Settings, topic: str
) -> None:
    stapels: list[set[int]] = []

    async def handler(tx: Tx, events: Sequence[Event]) -> Collection[str]:
        stapels.append({event.data["nr"] // 100 for event in events})
        if any(event.data["nr"] == 103 for event in events):
            raise BadData
        await _noteer(tx, events)
        return ()

    for partitie in range(3):
        nummers = range(100 * partitie, 100 * partitie + 12)
        events = [een_event(klant(nr), data={"nr": nr}) for nr in nummers]
        await stuur(settings.kafka, topic, *events, partitie=partitie)
    async with stapellezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return await pool.fetchval("select count(*) from inbox") == 36

        await tot(klaar)
        gedaan = await pool.fetch("select klant from klanten_slot where klant like 'nr%' order by 1")
        alle = [100 * partitie + n for partitie in range(3) for n in range(12)]
        assert [rij["klant"] for rij in gedaan] == [f"nr{nr:03d}" for nr in alle if nr != 103]
        geparkeerd = await pool.fetch("select partitie, positie from geparkeerd")
        assert [tuple(rij) for rij in geparkeerd] == [(1, 3)]
        assert max(map(len, stapels)) > 1, "one batch held events of more than one partition"


async def test_wie_wacht_doet_dat_alleen_en_komt_later_terug(settings: Settings, topic: str) -> None:
    async def handler(tx: Tx, events: Sequence[Event]) -> Collection[str]:
        bekend = await tx.fetchval("select exists (select from klanten_slot where klant = 'nr009')")
        wacht = {event.event_id for event in events if event.data["nr"] == 2 and not bekend}
        await _noteer(tx, [event for event in events if event.event_id not in wacht])
        return wacht

    events = [een_event(klant(n % 5), data={"nr": n}) for n in range(10)]
    await stuur(settings.kafka, topic, *events)
    async with stapellezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return await pool.fetchval("select count(*) from klanten_slot where klant like 'nr%'") == 10

        await tot(klaar)
        assert await pool.fetchval("select count(*) from wachtrij") == 0


async def test_g03_een_fout_halverwege_laat_niets_na_en_alles_komt_opnieuw(settings: Settings, topic: str) -> None:
    """What fails after its writes has written nothing; the same batch again gives each effect once."""
    pogingen = 0

    async def handler(tx: Tx, events: Sequence[Event]) -> Collection[str]:
        nonlocal pogingen
        await _noteer(tx, events)
        if (pogingen := pogingen + 1) < 6:
            raise Retry
        return ()

    await stuur(settings.kafka, topic, *[een_event(klant(n), data={"nr": n}) for n in range(30)])
    async with stapellezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return await pool.fetchval("select count(*) from inbox") == 30

        await tot(klaar)
        assert await pool.fetchval("select count(*) from klanten_slot where klant like 'nr%'") == 30
