"""SQL on the judgements that together make a 325."""

import json
from collections.abc import Sequence
from typing import Any

from chassis.db import Tx
from services.knooppunt.contracts import DeclaratiedeelBeoordeeld
from services.knooppunt.domain import GEEN_AFKEUR, DeelOordeel, is_afgekeurd


async def leg_delen_vast(tx: Tx, gemeente: str, oordelen: Sequence[DeclaratiedeelBeoordeeld]) -> None:
    """Keep the judgements of clients, of their lines those that are refused; the same part again changes nothing."""
    await tx.execute(
        """insert into deel_oordeel (bericht_id, deel, client_codes, prestaties, gemeente)
           select bericht_id::uuid, deel, string_to_array(client_codes, ','), prestaties::jsonb, $5
           from unnest($1::text[], $2::int[], $3::text[], $4::text[]) as n (bericht_id, deel, client_codes, prestaties)
           on conflict do nothing""",
        [oordeel.bericht_id for oordeel in oordelen],
        [oordeel.deel for oordeel in oordelen],
        [",".join(oordeel.client_codes) for oordeel in oordelen],
        [
            json.dumps([regel.model_dump() for regel in oordeel.prestaties if is_afgekeurd(regel.retourcodes)])
            for oordeel in oordelen
        ],
        gemeente,
    )


async def leg_declaratie_vast(
    tx: Tx,
    gemeente: str,
    bericht_id: str,
    header_codes: list[str],
    declaratie_codes: list[str],
    toegekend_cent: int,
    delen: int,
) -> None:
    """Keep the judgement of a whole 323; the same again changes nothing."""
    await tx.execute(
        "insert into declaratie_oordeel (bericht_id, header_codes, declaratie_codes, toegekend_cent, delen,"
        " gemeente) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        bericht_id,
        header_codes,
        declaratie_codes,
        toegekend_cent,
        delen,
        gemeente,
    )


async def compleet(tx: Tx, bericht_id: str) -> dict[str, Any] | None:
    """The judgement of a whole 323 once every part of it is in."""
    rij = await tx.fetchrow(
        "select header_codes, declaratie_codes, toegekend_cent, delen from declaratie_oordeel d"
        " where bericht_id = $1"
        " and delen <= (select count(*) from deel_oordeel p where p.bericht_id = d.bericht_id)",
        bericht_id,
    )
    return dict(rij) if rij else None


_AFGEKEURD = """(exists (select from unnest(client_codes) code where code <> all ($2::text[]))
    or exists (select from jsonb_path_query(prestaties, '$[*].retourcodes[*]') code where code #>> '{}' <> all ($2)))"""
"""A part of which something is refused; $2 are the codes that refuse nothing."""


async def afgekeurde_delen(tx: Tx, bericht_id: str, na: int, hoogstens: int) -> list[DeelOordeel]:
    """Refused parts of a 323 after part `na`, in the order of its clients."""
    rijen = await tx.fetch(
        f"select deel, client_codes, prestaties from deel_oordeel where bericht_id = $1 and {_AFGEKEURD}"
        " and deel > $3 order by deel limit $4",
        bericht_id,
        GEEN_AFKEUR,
        na,
        hoogstens,
    )
    return [
        DeelOordeel(
            rij["deel"],
            list(rij["client_codes"]),
            {regel["regel"]: regel["retourcodes"] for regel in rij["prestaties"]},
        )
        for rij in rijen
    ]


async def iets_afgekeurd(tx: Tx, bericht_id: str) -> bool:
    """Whether any part of a 323 is refused, in whole or in part."""
    return bool(
        await tx.fetchval(
            f"select exists (select from deel_oordeel where bericht_id = $1 and {_AFGEKEURD})", bericht_id, GEEN_AFKEUR
        )
    )
