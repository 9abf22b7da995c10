"""SQL on the sealed pieces of messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.db import Tx


@dataclass(frozen=True)
class Segment:
    """A sealed piece; `houder` is whose key opens it: a client_id, or a gemeente."""

    volgnummer: int
    houder: str
    verzegeld: bytes


async def leg_vast(tx: Tx, bericht_id: str, gemeente: str, aanbieder: str, segmenten: Sequence[Segment]) -> None:
    """Write pieces of a message in one statement (not by COPY: that does not go with row-level security)."""
    await tx.execute(
        "insert into segment (bericht_id, gemeente, aanbieder, volgnummer, houder, verzegeld)"
        " select $1, $2, $3, * from unnest($4::int[], $5::text[], $6::bytea[])",
        bericht_id,
        gemeente,
        aanbieder,
        [een.volgnummer for een in segmenten],
        [een.houder for een in segmenten],
        [een.verzegeld for een in segmenten],
    )


async def alle(tx: Tx, bericht_id: str) -> list[Segment]:
    """Every piece of a message, in order."""
    rijen = await tx.fetch(
        "select volgnummer, houder, verzegeld from segment where bericht_id = $1 order by volgnummer", bericht_id
    )
    return [Segment(*rij) for rij in rijen]


async def enige(tx: Tx, bericht_id: str, volgnummers: Sequence[int]) -> list[Segment]:
    """These pieces of a message, in order."""
    rijen = await tx.fetch(
        "select volgnummer, houder, verzegeld from segment"
        " where bericht_id = $1 and volgnummer = any($2::int[]) order by volgnummer",
        bericht_id,
        volgnummers,
    )
    return [Segment(*rij) for rij in rijen]


async def laatste(tx: Tx, bericht_id: str) -> int:
    """The number of the last piece: a message with clients has its end there."""
    nummer: int = await tx.fetchval("select max(volgnummer) from segment where bericht_id = $1", bericht_id)
    return nummer


@dataclass(frozen=True)
class OudeInhoud:
    """A message of before there were pieces: sealed in one, under the key of the installation."""

    bericht_id: str
    soort: str
    gemeente: str
    aanbieder: str
    client_id: str | None
    verzegeld: bytes


async def oude_op_slot(tx: Tx, hoogstens: int, bericht_id: str | None = None) -> list[OudeInhoud]:
    """Some messages of before there were pieces, or this one; locked."""
    rijen = await tx.fetch(
        "select bericht_id::text, soort, b.gemeente, b.aanbieder, client_id, verzegeld"
        " from inhoud join bericht b using (bericht_id)"
        " where $1::uuid is null or bericht_id = $1 limit $2 for update of inhoud",
        bericht_id,
        hoogstens,
    )
    return [OudeInhoud(*rij) for rij in rijen]


async def verwijder_oude(tx: Tx, bericht_id: str) -> None:
    """The message stands in pieces now."""
    await tx.execute("delete from inhoud where bericht_id = $1", bericht_id)
