"""What is parked in a service, over HTTP: the same routes in every service, so that one screen shows them all.

A gemeente sees its own events, and those that nobody can read, of which it sees no content.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis import herkansing, inbox
from chassis.audit import Toegang, log_toegang
from chassis.auth import Caller
from chassis.db import Pool, Tx, transaction
from chassis.envelope import Event, parse
from chassis.errors import Problem
from chassis.http import Database
from chassis.inbox import ACHTER
from chassis.kafka import Subscription
from chassis.masker import mask_bytes
from chassis.rechten import Recht, Rechten, Wie

_BLADZIJDE = 500
_ACHTER_MAX = 5000

Id = Annotated[int, Path(ge=1, le=2**62)]


class AfsluitingIn(BaseModel):
    """Why this event needs nothing more."""

    model_config = ConfigDict(extra="forbid")
    toelichting: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


def rechten(zien: frozenset[str], doen: frozenset[str]) -> Rechten:
    """The lines of these routes for the table of a service: who of a gemeente may look, and who may act."""
    return {
        "GET /v1/geparkeerd": Recht(gemeente=zien),
        "POST /v1/geparkeerd/{geparkeerd_id}/opnieuw": Recht(gemeente=doen),
        "POST /v1/geparkeerd/{geparkeerd_id}/afsluiting": Recht(gemeente=doen),
    }


def maak_router(subs: Sequence[Subscription]) -> APIRouter:
    """The routes, for what these subscriptions read; more may be added later."""
    router = APIRouter(prefix="/v1/geparkeerd", tags=["geparkeerd"])

    @router.get("")
    async def get_geparkeerd(
        db: Database,
        wie: Wie,
        stand: Literal["open", "opgelost"] = "open",
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        na: Annotated[int, Query(ge=0, le=2**62)] = 0,
    ) -> dict[str, Any]:
        """Events that could not be handled, oldest first, with how many of the same client are parked behind each."""
        async with transaction(db, wie.tenant) as tx:
            rijen = await _list(tx, wie, stand == "open", na, limit + 1)
        meer, rijen = len(rijen) > limit, rijen[:limit]
        return {"geparkeerd": rijen, "volgende": str(rijen[-1]["geparkeerd_id"]) if meer else None}

    @router.post("/{geparkeerd_id}/opnieuw", status_code=202, responses={200: {"description": "Alleen getoond"}})
    async def post_opnieuw(
        db: Database, wie: Wie, geparkeerd_id: Id, antwoord: Response, proef: bool = False
    ) -> dict[str, Any]:
        """Let an event go again, then what is behind it, in order; with `proef=true` only tell what would happen."""
        async with transaction(db, wie.tenant) as tx:
            row = await _load(tx, wie, geparkeerd_id)
            sub = next((sub for sub in subs if sub.topic == row["topic"]), None)
            event, _ = parse(row["ruw"], row["sleutel"])
            if sub is None or event is None or event.type not in sub.types:
                raise Problem(422, "niet_te_lezen", "Dit bericht is niet te lezen en kan niet opnieuw.",
                              "Vraag de afzender om een goed bericht, en sluit dit af.")  # fmt: skip
            if not proef:
                await herkansing.let_go(tx, row, wie.sub)
                await _log(tx, wie, row, "geparkeerd_opnieuw")
                return {"geparkeerd_id": geparkeerd_id}
        antwoord.status_code = 200
        return await _rehearse(db, sub, geparkeerd_id)

    @router.post("/{geparkeerd_id}/afsluiting", status_code=204)
    async def post_afsluiting(db: Database, wie: Wie, geparkeerd_id: Id, body: AfsluitingIn) -> Response:
        """Set an event aside that needs nothing more; its bytes are kept, and what is behind it goes on."""
        async with transaction(db, wie.tenant) as tx:
            row = await _load(tx, wie, geparkeerd_id)
            if any(naam not in (None, wie.gemeente) for naam in await _gemeenten_achter(tx, row)):
                raise _onbekend()
            await herkansing.set_aside(tx, geparkeerd_id, wie.sub, body.toelichting)
            await _log(tx, wie, row, "geparkeerd_afgesloten")
        return Response(status_code=204)

    return router


async def _rehearse(db: Pool, sub: Subscription, geparkeerd_id: int) -> dict[str, Any]:
    proef = await herkansing.rehearse(db, sub, geparkeerd_id)
    return {
        "uitkomst": proef.uitkomst,
        "reden": proef.reden,
        "uitkomsten": dict(proef.uitkomsten),
        "gebeurtenissen": dict(sorted(proef.gebeurtenissen.items())),
    }


async def _list(tx: Tx, wie: Caller, is_open: bool, na: int, limit: int) -> list[dict[str, Any]]:
    """The gemeente stands in the bytes alone, so it is judged here; pages are read until one is full."""
    gevonden: list[dict[str, Any]] = []
    while len(gevonden) < limit:
        rows = await tx.fetch(
            """select *, (select count(*) from geparkeerd b where b.opgelost_at is null and b.topic = g.topic
                          and b.klant = g.klant and b.geparkeerd_id > g.geparkeerd_id) as erachter,
                      current_schema() as service
               from geparkeerd g
               where geparkeerd_id > $1 and (opgelost_at is null) = $2 and ($2 = false or reden <> $3)
               order by geparkeerd_id limit $4""",
            na, is_open, ACHTER, _BLADZIJDE,
        )  # fmt: skip
        for row in rows:
            event, _ = parse(row["ruw"], row["sleutel"])
            if _van(event, wie) and len(gevonden) < limit:
                gevonden.append(_toon(dict(row), event))
        if len(rows) < _BLADZIJDE:
            break
        na = rows[-1]["geparkeerd_id"]
    return gevonden


def _van(event: Event | None, wie: Caller) -> bool:
    return event is None or event.gemeente == wie.gemeente


def _toon(row: Mapping[str, Any], event: Event | None) -> dict[str, Any]:
    ruw: bytes = row["ruw"] or b""
    velden = ("geparkeerd_id", "service", "topic", "partitie", "positie", "type", "event_id", "reden", "geparkeerd_at",
              "erachter", "vrijgegeven_at", "vrijgegeven_door", "opgelost_at", "afloop", "toelichting")  # fmt: skip
    return {veld: row[veld] for veld in velden} | {
        "client_id": row["klant"] if event is not None else None,
        "aanbieder": event.aanbieder if event is not None else None,
        "kan_opnieuw": event is not None and row["opgelost_at"] is None,
        "grootte": len(ruw),
        "afdruk": hashlib.sha256(ruw).hexdigest(),
        "ruw": mask_bytes(ruw),
    }


async def _load(tx: Tx, wie: Caller, geparkeerd_id: int) -> Mapping[str, Any]:
    """The open row, of this gemeente and the first of its line; Problem 404 or 409."""
    row: Any = await tx.fetchrow(
        "select *, coalesce(klant, geparkeerd_id::text) as rij from geparkeerd where geparkeerd_id = $1", geparkeerd_id
    )
    if row is None or not _van(parse(row["ruw"], row["sleutel"])[0], wie):
        raise _onbekend()
    await inbox.lock_keys(tx, (row["rij"],))
    eerste = await herkansing.first_of(tx, row["topic"], row["rij"])
    if eerste is None or eerste["geparkeerd_id"] != geparkeerd_id:
        raise Problem(409, "niet_de_eerste", "Dit bericht is al klaar, of er staat een ander bericht voor.",
                      "Begin met het bericht dat vooraan staat.")  # fmt: skip
    return eerste


async def _gemeenten_achter(tx: Tx, row: Mapping[str, Any]) -> set[str | None]:
    """Of which gemeenten there are events behind this row: setting it aside lets those go on."""
    rows = await tx.fetch(
        "select ruw, sleutel from geparkeerd where topic = $1 and klant = $2 and opgelost_at is null limit $3",
        row["topic"], row["klant"], _ACHTER_MAX,
    )  # fmt: skip
    events = (parse(een["ruw"], een["sleutel"])[0] for een in rows)
    return {event.gemeente if event is not None else None for event in events}


async def _log(tx: Tx, wie: Caller, row: Mapping[str, Any], handeling: str) -> None:
    onderwerp = f"{row['topic']}:{row['partitie']}:{row['positie']}"
    gemeente = wie.gemeente or ""
    await log_toegang(tx, Toegang(gemeente, wie.sub, gemeente, handeling, None, onderwerp))


def _onbekend() -> Problem:
    return Problem(404, "geparkeerd_onbekend", "Dit bericht staat hier niet geparkeerd.", "Vernieuw de lijst.")
