"""SQL of the rebuild: a second set of the derived tables, filled from the outboxes, that takes the place of the first.

Runs under the role of the migrations: it makes tables, and reads the outbox of every service (ADR 0032).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from chassis import migrate
from chassis.db import Tx
from chassis.envelope import parse
from chassis.kafka import Event

ECHT, NIEUW, OUD = "backoffice", "backoffice_nieuw", "backoffice_oud"
TABELLEN = ("gebeurtenis", "taak", "melding", "afkeuring")
"""What follows from events alone. What people did (`toedeling`, `taak_stap`, `vervanging`), the copies of the access
logs and what the consume loop keeps stay where they are."""

BRONNEN = ("declaratie", "intake", "knooppunt", "notifications", "toewijzing")
_SLOT = 0x68657262
_WACHT_OP_SLOT = "500ms"
"""Shorter than Postgres waits before it looks for a deadlock: the rebuild gives way, never a page."""


async def alleen_ik(tx: Tx) -> bool:
    """Whether nobody else rebuilds; the lock goes with the connection."""
    return bool(await tx.fetchval("SELECT pg_try_advisory_lock($1)", _SLOT))


async def maak_tabellen(tx: Tx) -> None:
    """An empty set by the migrations that the real one had; what an earlier rebuild left behind goes away."""
    gedaan = {rij["naam"] for rij in await tx.fetch(f"SELECT naam FROM {ECHT}.zorgketen_migraties")}
    async with tx.transaction():
        await tx.execute(f"DROP SCHEMA IF EXISTS {NIEUW}, {OUD} CASCADE")
        await tx.execute(f"CREATE SCHEMA {NIEUW}")
        await tx.execute(f"SET LOCAL search_path = {NIEUW}")
        for naam, sql in migrate.files(ECHT, "alle"):
            if naam in gedaan:
                await tx.execute(sql)
        await migrate.grant(tx, NIEUW, f"zk_{ECHT}")
        # An event that was here keeps its number and its instant: an open screen has them as its place.
        await tx.execute(
            f"""CREATE FUNCTION houd_plek() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                SELECT volgnr, ontvangen_at INTO NEW.volgnr, NEW.ontvangen_at
                    FROM {ECHT}.gebeurtenis WHERE event_id = NEW.event_id;
                IF NOT FOUND THEN
                    NEW.volgnr := nextval(pg_get_serial_sequence('{ECHT}.gebeurtenis', 'volgnr'));
                    NEW.ontvangen_at := clock_timestamp();
                END IF;
                RETURN NEW;
            END $$"""
        )
        await tx.execute(
            "CREATE TRIGGER houd_plek BEFORE INSERT ON gebeurtenis FOR EACH ROW EXECUTE FUNCTION houd_plek()"
        )


async def lees_bron(tx: Tx, types: Sequence[str]) -> int:
    """List what the outboxes hold of these types, in the order in which it happened; gives how many.

    The order of a service is that of its outbox, which is the order per client. Services are put side by side by the
    highest event_id so far: a UUIDv7 begins with its milliseconds. What backoffice parked has no place here.
    """
    stukken = " UNION ALL ".join(
        f"""SELECT '{dienst}' AS dienst, id, event_id,
                   max(event_id COLLATE "C") OVER (ORDER BY id) AS tot
            FROM {dienst}.outbox WHERE type = ANY ($1::text[])"""
        for dienst in BRONNEN
    )
    await tx.execute(
        f"""CREATE TABLE {NIEUW}.bron (plek bigint PRIMARY KEY, dienst text NOT NULL, id bigint NOT NULL,
                                       event_id text NOT NULL UNIQUE)"""
    )
    gedaan = await tx.execute(
        f"""INSERT INTO {NIEUW}.bron
            SELECT row_number() OVER (ORDER BY tot COLLATE "C", dienst, id), dienst, id, event_id
            FROM ({stukken}) AS s
            WHERE NOT EXISTS (SELECT FROM {ECHT}.geparkeerd g
                              WHERE g.event_id = s.event_id AND g.afloop IS DISTINCT FROM 'verwerkt')""",
        list(types),
    )
    return int(gedaan.rpartition(" ")[2])


async def neem_over(tx: Tx) -> int:
    """Take over, as they are, rows of events that no outbox holds any more; gives how many events."""
    gedaan = await tx.execute(
        f"""INSERT INTO {NIEUW}.gebeurtenis OVERRIDING SYSTEM VALUE SELECT g.* FROM {ECHT}.gebeurtenis g
            WHERE NOT EXISTS (SELECT FROM {NIEUW}.bron b WHERE b.event_id = g.event_id) ON CONFLICT DO NOTHING"""
    )
    await tx.execute(
        f"""INSERT INTO {NIEUW}.afkeuring SELECT a.* FROM {ECHT}.afkeuring a
            WHERE NOT EXISTS (SELECT FROM {NIEUW}.bron b WHERE b.event_id = a.event_id) ON CONFLICT DO NOTHING"""
    )
    return int(gedaan.rpartition(" ")[2])


async def list_bron(tx: Tx, na: int, limit: int) -> list[tuple[int, Event | None]]:
    """The next events of the list, with their place; None for bytes that are no event."""
    takken = " ".join(
        f"WHEN '{dienst}' THEN (SELECT bericht FROM {dienst}.outbox o WHERE o.id = b.id)" for dienst in BRONNEN
    )
    rijen = await tx.fetch(
        f"""SELECT plek, CASE dienst {takken} END AS bericht FROM {NIEUW}.bron b
            WHERE plek > $1 ORDER BY plek LIMIT $2""",
        na,
        limit,
    )
    return [(rij["plek"], parse(rij["bericht"], None)[0]) for rij in rijen]


async def list_gemist(tx: Tx) -> list[Event]:
    """Events that the pages show and the new tables lack, in the order in which they came."""
    takken = " ".join(
        f"WHEN '{dienst}' THEN (SELECT bericht FROM {dienst}.outbox o WHERE o.event_id = g.event_id)"
        for dienst in BRONNEN
    )
    rijen = await tx.fetch(
        f"""SELECT CASE split_part(type, '.', 1) {takken} END AS bericht FROM {ECHT}.gebeurtenis g
            WHERE NOT EXISTS (SELECT FROM {NIEUW}.gebeurtenis n WHERE n.event_id = g.event_id) ORDER BY volgnr"""
    )
    gevonden = (parse(rij["bericht"], None)[0] for rij in rijen)
    return [event for event in gevonden if event is not None]


@asynccontextmanager
async def in_nieuwe_tabellen(tx: Tx) -> AsyncIterator[None]:
    """A transaction in which the handlers write in the new tables; as the operator, for every gemeente."""
    async with tx.transaction():
        await tx.execute(f"SET LOCAL search_path = {NIEUW}, {ECHT}")
        await tx.execute("SET LOCAL zorgketen.overal = 'ja'")
        yield


async def analyseer(tx: Tx) -> None:
    """Let the planner know the new tables before anybody asks them something."""
    for tabel in TABELLEN:
        await tx.execute(f"ANALYZE {NIEUW}.{tabel}")


async def houd_schrijvers_op(tx: Tx) -> None:
    """Nobody writes until this transaction ends; everybody reads. Raises LockNotAvailableError after half a second."""
    await tx.execute(f"SET LOCAL lock_timeout = '{_WACHT_OP_SLOT}'")
    await tx.execute(f"LOCK TABLE {_namen(ECHT)} IN SHARE MODE")


async def voeg_samen(tx: Tx) -> None:
    """What follows from events that are gone, or from a person, comes from the old rows; the rest is new."""
    await tx.execute(
        f"""INSERT INTO {NIEUW}.gebeurtenis OVERRIDING SYSTEM VALUE SELECT g.* FROM {ECHT}.gebeurtenis g
            WHERE NOT EXISTS (SELECT FROM {NIEUW}.gebeurtenis n WHERE n.event_id = g.event_id)"""
    )
    # A row that was told here before the pages had it takes the number that they gave it.
    await tx.execute(
        f"""WITH weg AS (DELETE FROM {NIEUW}.gebeurtenis n USING {ECHT}.gebeurtenis g
                         WHERE g.event_id = n.event_id AND g.volgnr <> n.volgnr RETURNING n.*)
            INSERT INTO {NIEUW}.gebeurtenis OVERRIDING SYSTEM VALUE SELECT * FROM weg"""
    )
    await tx.execute(
        f"""UPDATE {NIEUW}.taak n
            SET ontstaan_at = o.ontstaan_at,
                gesloten_at = CASE WHEN EXISTS (
                    SELECT FROM {ECHT}.taak_stap s
                    WHERE s.gemeente = o.gemeente AND s.taak_id = o.taak_id AND s.stap = 'afgehandeld'
                      AND s.gedaan_at BETWEEN o.gesloten_at - interval '1 second' AND o.gesloten_at)
                    THEN o.gesloten_at ELSE n.gesloten_at END
            FROM {ECHT}.taak o WHERE (o.gemeente, o.taak_id) = (n.gemeente, n.taak_id)"""
    )
    await tx.execute(f"INSERT INTO {NIEUW}.taak SELECT * FROM {ECHT}.taak ON CONFLICT DO NOTHING")
    await tx.execute(
        f"""INSERT INTO {NIEUW}.melding AS m SELECT * FROM {ECHT}.melding
            ON CONFLICT (gemeente, melding_id) DO UPDATE SET
                ontvangen_op = least(m.ontvangen_op, excluded.ontvangen_op),
                afgerond_op = least(m.afgerond_op, excluded.afgerond_op),
                besloten_op = least(m.besloten_op, excluded.besloten_op),
                afgesloten_op = least(m.afgesloten_op, excluded.afgesloten_op)"""
    )


async def wissel(tx: Tx) -> None:
    """Put the new tables in the place of the old ones. Raises LockNotAvailableError as long as somebody reads."""
    await tx.execute(f"LOCK TABLE {_namen(ECHT)} IN ACCESS EXCLUSIVE MODE")
    await tx.execute("DROP TRIGGER houd_plek ON gebeurtenis")
    await tx.execute(
        f"""SELECT setval(pg_get_serial_sequence('{NIEUW}.gebeurtenis', 'volgnr'),
                          nextval(pg_get_serial_sequence('{ECHT}.gebeurtenis', 'volgnr')))"""
    )
    await tx.execute(f"CREATE SCHEMA {OUD}")
    for tabel in TABELLEN:
        await tx.execute(f"ALTER TABLE {ECHT}.{tabel} SET SCHEMA {OUD}")
        await tx.execute(f"ALTER TABLE {NIEUW}.{tabel} SET SCHEMA {ECHT}")


async def ruim_op(tx: Tx) -> None:
    """Drop the old tables, and what was needed beside the new ones."""
    async with tx.transaction():
        await tx.execute(f"DROP SCHEMA IF EXISTS {OUD}, {NIEUW} CASCADE")


def _namen(schema: str) -> str:
    return ", ".join(f"{schema}.{tabel}" for tabel in TABELLEN)
