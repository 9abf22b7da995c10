"""SQL on messages handed in and messages in a mailbox, without their bytes (store.segmenten)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from chassis.db import Tx, after_commit
from services.knooppunt import meten


@dataclass(frozen=True, kw_only=True)
class NieuwBericht:
    """A row to write: what is known of a message at the moment it comes in or goes out."""

    bericht_id: str
    soort: str
    berichtcode: str
    gemeente: str
    aanbieder: str
    afzender: str
    identificatie: str
    dagtekening: date
    gemaakt_at: datetime
    status: str
    client_id: str | None = None
    opdracht_id: str | None = None
    op_bericht: str | None = None
    uiterlijk: date | None = None
    retourcodes: Sequence[str] = ()
    bevindingen: Sequence[dict[str, Any]] = ()
    geweigerd: bool = False
    sha256: bytes | None = None


_INSERT = """
insert into bericht (bericht_id, richting, ontvangstnummer, soort, berichtcode, gemeente, aanbieder, afzender,
    identificatie, dagtekening, gemaakt_at, status, client_id, opdracht_id, op_bericht, uiterlijk,
    retourcodes, bevindingen, geweigerd, sha256)
values ($1, $2, case when $2 = 'in' then nextval('ontvangstnummer') end, $3, $4, $5, $6, $7,
    $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
returning ontvangstnummer
"""


async def voeg_toe(tx: Tx, richting: str, nieuw: NieuwBericht) -> int | None:
    """Write a message without its bytes; its receipt number when it came in."""
    ontvangstnummer: int | None = await tx.fetchval(
        _INSERT, nieuw.bericht_id, richting, nieuw.soort, nieuw.berichtcode, nieuw.gemeente,
        nieuw.aanbieder, nieuw.afzender, nieuw.identificatie, nieuw.dagtekening, nieuw.gemaakt_at,
        nieuw.status, nieuw.client_id, nieuw.opdracht_id, nieuw.op_bericht, nieuw.uiterlijk,
        list(nieuw.retourcodes), list(nieuw.bevindingen), nieuw.geweigerd, nieuw.sha256,
    )  # fmt: skip
    return ontvangstnummer


async def vorige_declaratie(tx: Tx, gemeente: str, aanbieder: str) -> int | None:
    """The receipt number of the last 323 that was passed on. Until the commit no other of these two gets a number.

    So the numbers of one provider follow its commits, and each 323 can name the one before it.
    """
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 1))", f"323/{gemeente}/{aanbieder}")
    vorig: int | None = await tx.fetchval(
        "select ontvangstnummer from bericht where gemeente = $1 and aanbieder = $2"
        " and richting = 'in' and soort = 'WMO323' and not geweigerd order by ontvangstnummer desc limit 1",
        gemeente,
        aanbieder,
    )
    return vorig


async def op_bytes(tx: Tx, aanbieders: Sequence[str], sha256: bytes) -> dict[str, Any] | None:
    """The message that these same bytes already are."""
    return _als_dict(
        await tx.fetchrow(
            "select bericht_id::text, soort, identificatie, gemeente, aanbieder, gemaakt_at, uiterlijk from bericht"
            " where richting = 'in' and aanbieder = any($1::text[]) and sha256 = $2",
            list(aanbieders),
            sha256,
        )
    )


async def houd_identificatie_vast(tx: Tx, afzender: str, berichtcode: str, identificatie: str) -> None:
    """One at a time per Identificatie, so that a message sent twice at once is judged in turn (TR056)."""
    await tx.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{afzender}/{berichtcode}/{identificatie}"
    )


async def identificatie_bekend(tx: Tx, afzender: str, berichtcode: str, identificatie: str) -> bool:
    """Whether this sender used the Identificatie for such a message that was not refused (TR056, OP286)."""
    return bool(
        await tx.fetchval(
            "select exists (select from bericht where richting = 'in' and not geweigerd"
            " and afzender = $1 and berichtcode = $2 and identificatie = $3)",
            afzender,
            berichtcode,
            identificatie,
        )
    )


async def verzonden_op_slot(
    tx: Tx, soort: str, gemeente: str, aanbieder: str, identificatie: str
) -> dict[str, Any] | None:
    """The message of ours that a retour answers, locked until this transaction ends."""
    return _als_dict(
        await tx.fetchrow(
            "select bericht_id::text, client_id, opdracht_id, antwoord::text from bericht"
            " where richting = 'uit' and soort = $1 and gemeente = $2 and aanbieder = $3"
            " and identificatie = $4 for update",
            soort,
            gemeente,
            aanbieder,
            identificatie,
        )
    )


async def ontvangen_op_slot(tx: Tx, bericht_id: str) -> dict[str, Any] | None:
    """A message handed in, locked, so that it is answered once."""
    return _als_dict(
        await tx.fetchrow(
            "select bericht_id::text, soort, gemeente, aanbieder, client_id, antwoord::text from bericht"
            " where bericht_id = $1 and richting = 'in' for update",
            bericht_id,
        )
    )


async def op_bericht(tx: Tx, bericht_id: str) -> str | None:
    """The message that this one answers."""
    heen: str | None = await tx.fetchval("select op_bericht::text from bericht where bericht_id = $1", bericht_id)
    return heen


async def open_berichten(tx: Tx, bericht_ids: Collection[str]) -> dict[str, bool]:
    """Of these messages handed in: whether each has no answer yet; an unknown one is left out."""
    rijen = await tx.fetch(
        "select bericht_id::text, antwoord is null as open from bericht"
        " where bericht_id = any($1::uuid[]) and richting = 'in'",
        list(bericht_ids),
    )
    return {rij["bericht_id"]: rij["open"] for rij in rijen}


async def opdracht_bekend(tx: Tx, opdracht_id: str) -> bool:
    """Whether the 301 of this order already lies in a mailbox."""
    return bool(
        await tx.fetchval(
            "select exists (select from bericht where richting = 'uit' and opdracht_id = $1)", opdracht_id
        )
    )


async def beantwoord(
    tx: Tx,
    bericht_id: str,
    antwoord: str,
    status: str,
    at: datetime,
    bevindingen: Sequence[dict[str, Any]] = (),
) -> None:
    """Tie an answer to its message, with what was found."""
    rij = await tx.fetchrow(
        "update bericht set antwoord = $2, status = $3, beantwoord_at = $4, bevindingen = $5 where bericht_id = $1"
        " returning soort, extract(epoch from $4 - gemaakt_at)::float8 as duur_s",
        bericht_id,
        antwoord,
        status,
        at,
        list(bevindingen),
    )
    if rij is not None:
        after_commit(tx, partial(meten.beantwoord, rij["soort"], rij["duur_s"]))


async def te_laat(tx: Tx, vandaag: date, nu: datetime, hoogstens: int = 500) -> list[dict[str, Any]]:
    """Messages whose last day to be answered has passed; each is given once (OP090, OP090x4)."""
    rijen = await tx.fetch(
        "update bericht set te_laat_at = $2 where bericht_id in (select bericht_id from bericht"
        " where uiterlijk < $1 and antwoord is null and te_laat_at is null"
        " order by uiterlijk limit $3 for update skip locked)"
        " returning bericht_id::text, soort, gemeente, aanbieder, client_id, uiterlijk",
        vandaag,
        nu,
        hoogstens,
    )
    return [dict(rij) for rij in rijen]


def _als_dict(rij: Any) -> dict[str, Any] | None:
    return dict(rij) if rij is not None else None
