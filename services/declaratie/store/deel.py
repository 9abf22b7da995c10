"""SQL of parts: lying ready or judged, always many at once.

Rows go in by unnest and not by COPY: a table with row-level security takes no COPY.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chassis.db import Tx
from services.declaratie.domain.deel import Deel, DeelOordeel

Beoordeeld = tuple[Deel, DeelOordeel]


async def load_bekend(tx: Tx, sleutels: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of these parts lie here already or were judged."""
    rijen = await tx.fetch(
        """SELECT bericht_id, deel FROM declaratiedeel
           JOIN unnest($1::text[], $2::int[]) AS n (bericht_id, deel) USING (bericht_id, deel)""",
        [bericht_id for bericht_id, _ in sleutels],
        [deel for _, deel in sleutels],
    )
    return {(r["bericht_id"], r["deel"]) for r in rijen}


async def load_klaarliggend(tx: Tx, gemeente: str, client_ids: Collection[str]) -> list[Any]:
    """Parts that were not judged yet, with `periode_eind` when their header was accepted.

    `uitgewacht`: it lies there so long (in real time) that a fact which is missing does not come any more.
    """
    rijen: list[Any] = await tx.fetch(
        """SELECT p.bericht_id, p.deel, p.ontvangstnummer, p.aanbieder, p.client_id, p.inhoud, d.periode_eind,
               now() - p.klaar_at >= interval '10 s' AS uitgewacht
           FROM declaratiedeel p LEFT JOIN declaratie d ON d.bericht_id = p.bericht_id
           WHERE p.gemeente = $1 AND p.client_id = ANY($2::text[]) AND NOT p.beoordeeld""",
        gemeente,
        list(client_ids),
    )
    return rijen


async def add_klaarliggend(
    tx: Tx, gemeente: str, delen: Sequence[Deel], inhoud: Mapping[tuple[str, int], dict[str, Any]]
) -> None:
    """Lay parts ready until it is their turn."""
    await tx.execute(
        """INSERT INTO declaratiedeel (bericht_id, deel, gemeente, aanbieder, client_id, ontvangstnummer, inhoud)
           SELECT bericht_id, deel, $1, aanbieder, client_id, ontvangstnummer, inhoud::jsonb
           FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::text[])
               AS n (bericht_id, deel, aanbieder, client_id, ontvangstnummer, inhoud)""",
        gemeente,
        [d.bericht_id for d in delen],
        [d.deel for d in delen],
        [d.aanbieder for d in delen],
        [d.client_id for d in delen],
        [d.ontvangstnummer for d in delen],
        [json.dumps(inhoud[d.sleutel]) for d in delen],
    )


async def save_oordelen(tx: Tx, gemeente: str, oordelen: Sequence[Beoordeeld]) -> None:
    """These parts were judged; their lines stand in prestatie, so a copy is needed no more."""
    await tx.execute(
        """INSERT INTO declaratiedeel (bericht_id, deel, gemeente, aanbieder, client_id, ontvangstnummer, inhoud,
               beoordeeld, client_codes)
           SELECT bericht_id, deel, $1, aanbieder, client_id, ontvangstnummer, '{}', true,
                  string_to_array(codes, ',')
           FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::text[])
               AS n (bericht_id, deel, aanbieder, client_id, ontvangstnummer, codes)
           ON CONFLICT (bericht_id, deel)
           DO UPDATE SET beoordeeld = true, client_codes = excluded.client_codes, inhoud = '{}'""",
        gemeente,
        [d.bericht_id for d, _ in oordelen],
        [d.deel for d, _ in oordelen],
        [d.aanbieder for d, _ in oordelen],
        [d.client_id for d, _ in oordelen],
        [d.ontvangstnummer for d, _ in oordelen],
        [",".join(o.client_codes) for _, o in oordelen],
    )
