"""The work list as the page and the JSON show it: tasks of the read model, sorted by the day on which they are due."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import Any
from uuid import UUID

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import Pool, transaction
from chassis.errors import Problem

from . import geparkeerd, presentatie
from .buren import Buren
from .domain.taal import nog
from .domain.taken import AFKEURING, GEPARKEERD, SOORTEN, VERZOEK
from .handlers import taken
from .store import taak
from .store.taak import Keuze, Plek

MIJN, NIEMAND = "mijn", "niemand"
"""Words in the filter on who takes a task up, beside the name of a person."""


async def lees(
    db: Pool,
    wie: Caller,
    *,
    buren: Buren | None = None,
    soort: str | None,
    aanbieder: str | None,
    behandelaar: str | None,
    na: str | None,
    limit: int,
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of open tasks, the first due first, and the cursor of the next. Problem 422 for a cursor not ours."""
    gemeente, vandaag = wie.gemeente or "", clock.today()
    async with transaction(db, wie.tenant) as tx:
        van: tuple[str, ...] | None = None if behandelaar is None else (behandelaar,)
        if behandelaar == NIEMAND:
            van = ()
        elif behandelaar == MIJN:
            van = await taken.werk_van(tx, gemeente, wie.sub)
        keuze = Keuze(soort, aanbieder, van)
        rijen = await taak.list_taken(tx, gemeente, keuze, vandaag, na=_plek(na), limit=limit + 1)
    if buren is not None and soort in (None, GEPARKEERD):
        rijen = await _met_geparkeerd(db, wie, buren, keuze, rijen, _plek(na))
    volgende = _cursor(rijen[limit - 1]) if len(rijen) > limit else None
    return [toon(rij, vandaag) for rij in rijen[:limit]], volgende


async def _met_geparkeerd(
    db: Pool, wie: Caller, buren: Buren, keuze: Keuze, rijen: list[dict[str, Any]], na: Plek | None
) -> list[dict[str, Any]]:
    """The tasks with what is parked in between, by the day on which it was parked."""
    gevonden, _ = await geparkeerd.lees(buren, wie.token, wie.gemeente or "")
    erbij = [
        taak_
        for taak_ in geparkeerd.als_taken(await met_behandelaars(db, wie, gevonden))
        if keuze.aanbieder in (None, taak_["aanbieder"])
        and _is_van(taak_["behandelaar"], keuze.behandelaars)
        and (na is None or _sorteer(taak_) > na)
    ]
    return sorted([*rijen, *erbij], key=_sorteer)


async def met_behandelaars(db: Pool, wie: Caller, gevonden: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parked messages with who takes each up."""
    if not gevonden:
        return gevonden
    async with transaction(db, wie.tenant) as tx:
        ids = [UUID(rij["taak_id"]) for rij in gevonden]
        namen = await taak.load_behandelaars(tx, wie.gemeente or "", clock.today(), ids)
    velden = [namen.get(id_, (None, None)) for id_ in ids]
    return [rij | {"behandelaar": wie_, "vervanger": v} for rij, (wie_, v) in zip(gevonden, velden, strict=True)]


def _is_van(behandelaar: str | None, namen: tuple[str, ...] | None) -> bool:
    """As the filter on tasks: None is anybody, () is of nobody."""
    return namen is None or (behandelaar in namen if namen else behandelaar is None)


def _sorteer(rij: dict[str, Any]) -> Plek:
    return rij["dag"], rij["ontstaan_at"], rij["taak_id"]


def toon(rij: dict[str, Any], vandaag: dt.date) -> dict[str, Any]:
    """One task, ready to show."""
    uiterlijk: dt.date | None = rij["uiterlijk"]
    return {
        "taak_id": str(rij["taak_id"]),
        "soort": rij["soort"],
        "soort_naam": SOORTEN[rij["soort"]],
        "zin": rij["zin"],
        "wie": rij["wie"],
        "uiterlijk": None if uiterlijk is None else uiterlijk.isoformat(),
        "te_laat": uiterlijk is not None and uiterlijk < vandaag,
        "nog": nog(uiterlijk, vandaag),
        "ontstaan_at": rij["ontstaan_at"].isoformat(),
        "client_id": rij["client_id"],
        "aanbieder": rij["aanbieder"],
        "toewijzing_nummers": list(rij["nummers"]),
        "verzoek_id": rij["verzoek_id"],
        "codes": [{"code": code, "betekenis": presentatie.betekenis(code)} for code in rij["codes"]],
        "behandelaar": rij["behandelaar"],
        "vervanger": rij["vervanger"],
        "pad": rij.get("pad") or f"/werkvoorraad/{rij['taak_id']}",
        "klaar": rij["gesloten_at"] is not None,
        "handelingen": _handelingen(rij),
    }


def _handelingen(rij: dict[str, Any]) -> list[str]:
    """What can be decided right here."""
    if rij["gesloten_at"] is not None:
        return []
    eigen = {VERZOEK: ["toekenning", "onderzoek", "afwijzing"], AFKEURING: ["herzending"]}.get(rij["soort"], [])
    return eigen + (["afhandeling"] if taken.mag_afgehandeld(rij) else [])


def _cursor(rij: dict[str, Any]) -> str:
    tekst = f"{rij['dag'].isoformat()}|{rij['ontstaan_at'].isoformat()}|{rij['taak_id']}"
    return base64.urlsafe_b64encode(tekst.encode()).decode()


def _plek(cursor: str | None) -> Plek | None:
    if not cursor:
        return None
    try:
        dag, ontstaan_at, id_ = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        plek = (dt.date.fromisoformat(dag), dt.datetime.fromisoformat(ontstaan_at), UUID(id_))
        if plek[1].tzinfo is None:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Problem(422, "cursor_ongeldig", "Deze cursor is niet van ons.", "Begin opnieuw, zonder `na`.") from None
    return plek
