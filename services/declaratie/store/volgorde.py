"""SQL of the order of receipt: headers that wait for the one before theirs, and parts that lie ready."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from chassis.db import Tx
from chassis.kafka import Event
from chassis.vingerafdruk import unpack
from services.declaratie.contracts import DeclaratieOntvangen
from services.declaratie.domain.volgorde import Eerdere, by_client

WACHT = timedelta(seconds=10)
"""Real time in which a fact that may still be on its way is waited for."""
_CLIENTEN = 500


async def add_kop(tx: Tx, event: Event, kop: DeclaratieOntvangen) -> None:
    """Lay a header ready until the one received before it is known; the same one again changes nothing."""
    await tx.execute(
        """INSERT INTO kop_wacht (bericht_id, gemeente, aanbieder, ontvangstnummer, vorig_ontvangstnummer, event,
               klaar_at)
           VALUES ($1, $2, $3, $4, $5, $6, now() - $7::interval) ON CONFLICT DO NOTHING""",
        kop.bericht_id,
        event.gemeente,
        event.aanbieder,
        kop.ontvangstnummer,
        kop.vorig_ontvangstnummer,
        event.model_dump(mode="json"),
        WACHT if event.wacht_voorbij else timedelta(),
    )


async def load_kop_aan_de_beurt(tx: Tx, gemeente: str, aanbieder: str, behalve: Sequence[str]) -> Any | None:
    """The first header whose predecessor is known, with `uitgewacht`; the aanbieder is locked."""
    return await tx.fetchrow(
        """SELECT w.event, now() - w.klaar_at >= $3::interval AS uitgewacht FROM kop_wacht w
           WHERE w.gemeente = $1 AND w.aanbieder = $2 AND (w.vorig_ontvangstnummer IS NULL OR EXISTS (
               SELECT FROM declaratie d WHERE d.gemeente = $1 AND d.aanbieder = $2
               AND d.ontvangstnummer = w.vorig_ontvangstnummer))
             AND w.bericht_id <> ALL ($4::text[])
           ORDER BY w.ontvangstnummer LIMIT 1""",
        gemeente,
        aanbieder,
        WACHT,
        list(behalve),
    )


async def delete_kop(tx: Tx, bericht_id: str) -> None:
    """The header was judged."""
    await tx.execute("DELETE FROM kop_wacht WHERE bericht_id = $1", bericht_id)


async def load_wachtende_aanbieders(tx: Tx) -> list[tuple[str, str]]:
    """(gemeente, aanbieder) with headers that wait."""
    rijen = await tx.fetch("SELECT DISTINCT gemeente, aanbieder FROM kop_wacht ORDER BY 1, 2")
    return [(r["gemeente"], r["aanbieder"]) for r in rijen]


async def load_eerdere(tx: Tx, gemeente: str, voor: dict[str, int]) -> list[Eerdere]:
    """Per aanbieder the declaraties received before this number that have unjudged parts.

    One of before there were fingerprints may hold anything and nothing: for that one nobody waits.
    """
    rijen = await tx.fetch(
        """SELECT d.bericht_id, d.aanbieder, d.ontvangstnummer, d.clienten, d.referenties
           FROM unnest($2::text[], $3::bigint[]) AS v (aanbieder, voor)
           JOIN declaratie d ON d.gemeente = $1 AND d.aanbieder = v.aanbieder AND d.ontvangstnummer < v.voor
           WHERE d.status = 'in_behandeling' AND d.clienten IS NOT NULL AND d.referenties IS NOT NULL""",
        gemeente,
        list(voor),
        list(voor.values()),
    )
    return [
        Eerdere(
            r["bericht_id"],
            r["aanbieder"],
            r["ontvangstnummer"],
            by_client(unpack(r["clienten"])),
            frozenset(unpack(r["referenties"])),
        )
        for r in rijen
    ]


async def load_beoordeeld(tx: Tx, sleutels: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of these parts were judged."""
    rijen = await tx.fetch(
        """SELECT bericht_id, deel FROM declaratiedeel
           JOIN unnest($1::text[], $2::int[]) AS n (bericht_id, deel) USING (bericht_id, deel) WHERE beoordeeld""",
        [bericht_id for bericht_id, _ in sleutels],
        [deel for _, deel in sleutels],
    )
    return {(r["bericht_id"], r["deel"]) for r in rijen}


async def load_klaarliggende_clienten(tx: Tx) -> dict[str, list[str]]:
    """Per gemeente clients with a part that lies ready and whose header was accepted; who was looked at longest ago
    goes first, so that those that wait long never hide the others."""
    rijen = await tx.fetch(
        """SELECT p.gemeente, p.client_id FROM declaratiedeel p JOIN declaratie d USING (bericht_id)
           WHERE NOT p.beoordeeld GROUP BY 1, 2 ORDER BY min(p.gezien_at) NULLS FIRST, min(p.ontvangstnummer)
           LIMIT $1""",
        _CLIENTEN,
    )
    per_gemeente: dict[str, list[str]] = {}
    for rij in rijen:
        per_gemeente.setdefault(rij["gemeente"], []).append(rij["client_id"])
    return per_gemeente


async def set_gezien(tx: Tx, gemeente: str, client_ids: Collection[str]) -> None:
    """What still lies ready of these clients was looked at now."""
    await tx.execute(
        """UPDATE declaratiedeel SET gezien_at = now()
           WHERE gemeente = $1 AND client_id = ANY($2::text[]) AND NOT beoordeeld""",
        gemeente,
        list(client_ids),
    )
