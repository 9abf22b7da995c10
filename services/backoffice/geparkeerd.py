"""What is parked in every service, asked with the user's token: each service shows, and lets go, what is its own."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any
from urllib.parse import quote
from uuid import UUID

from .buren import Antwoord, Buren, DienstWeg
from .domain.taal import AMSTERDAM, REDENEN, UITKOMSTEN, moment, soort_lang, type_naam
from .domain.taken import GEPARKEERD, taak_id

DIENSTEN = ("intake", "toewijzing", "declaratie", "knooppunt", "notifications", "backoffice")
PER_DIENST = 500


async def lees(
    buren: Buren, token: str, gemeente: str, *, stand: str = "open", limit: int = PER_DIENST
) -> tuple[list[dict[str, Any]], list[str]]:
    """What is parked, oldest first, and the services that did not answer."""
    paren = await asyncio.gather(*(_van(buren, token, dienst, stand, limit) for dienst in DIENSTEN))
    rijen = [toon(rij, gemeente) for gevonden, _ in paren for rij in gevonden]
    weg = [dienst for dienst, (_, bereikt) in zip(DIENSTEN, paren, strict=True) if not bereikt]
    return sorted(rijen, key=lambda rij: (rij["geparkeerd_at"], rij["id"])), weg


async def _van(buren: Buren, token: str, dienst: str, stand: str, limit: int) -> tuple[list[dict[str, Any]], bool]:
    try:
        antwoord = await buren.vraag(token, dienst, "GET", f"/v1/geparkeerd?stand={stand}&limit={limit}")
    except DienstWeg:
        return [], False
    rijen = antwoord.inhoud.get("geparkeerd") or []
    return [rij | {"service": dienst} for rij in rijen], antwoord.gelukt


def toon(rij: dict[str, Any], gemeente: str) -> dict[str, Any]:
    """One parked event, ready to show; `id` names it over all services."""
    id_ = f"{rij['service']}-{rij['geparkeerd_id']}"
    op = dt.datetime.fromisoformat(rij["geparkeerd_at"])
    return rij | {
        "id": id_,
        "taak_id": str(taak_id(gemeente, GEPARKEERD, id_)),
        "reden_zin": REDENEN.get(rij["reden"], "Dit bericht kan niet worden verwerkt."),
        "wat": type_naam(rij["type"]),
        "moment": moment(op),
        "dag": op.astimezone(AMSTERDAM).date(),
    }


async def vraag(buren: Buren, token: str, id_: str, handeling: str, inhoud: Any = None) -> Antwoord | None:
    """`opnieuw`, `opnieuw?proef=true` or `afsluiting` of one parked event; None for an id that cannot be.

    Raises DienstWeg.
    """
    dienst, _, nummer = id_.rpartition("-")
    if dienst not in DIENSTEN or not (nummer.isascii() and nummer.isdigit()):
        return None
    return await buren.vraag(token, dienst, "POST", f"/v1/geparkeerd/{quote(nummer)}/{handeling}", inhoud)


def vertel_proef(inhoud: dict[str, Any]) -> list[str]:
    """What letting it go would do, in words."""
    zinnen = [
        f"{aantal} × {UITKOMSTEN.get(uitkomst, uitkomst)}"
        for uitkomst, aantal in (inhoud.get("uitkomsten") or {}).items()
    ]
    if inhoud.get("reden"):
        zinnen.append(REDENEN.get(inhoud["reden"], "Dit bericht kan niet worden verwerkt."))
    gebeurtenissen = inhoud.get("gebeurtenissen") or {}
    zinnen += [f"{aantal} × {type_naam(type_)}" for type_, aantal in gebeurtenissen.items()]
    return zinnen


def als_taken(rijen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parked events, each with who takes it up, as rows of the work list."""
    return [
        {
            "taak_id": UUID(rij["taak_id"]),
            "soort": GEPARKEERD,
            "wie": "gemeente",
            "zin": rij["reden_zin"],
            "dag": rij["dag"],
            "uiterlijk": None,
            "ontstaan_at": dt.datetime.fromisoformat(rij["geparkeerd_at"]),
            "client_id": rij["client_id"],
            "aanbieder": rij["aanbieder"],
            "nummers": [],
            "verzoek_id": None,
            "codes": [],
            "behandelaar": rij["behandelaar"],
            "vervanger": rij["vervanger"],
            "gesloten_at": None,
            "pad": f"/parkeerplaats#{rij['id']}",
        }
        for rij in rijen
    ]


async def onbezorgd(buren: Buren, token: str, *, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What did not arrive: messages that a provider's system refused, e-mails and calls of webhooks.

    A service that is away, or that this person may not ask, gives none: the page names who is away already.
    """
    bezorgingen, mails = await asyncio.gather(
        _rijen(buren, token, "knooppunt", f"/v1/bezorgingen?limit={limit}", "bezorgingen"),
        _rijen(buren, token, "notifications", f"/v1/notificaties?status=mislukt&limit={limit}", "notificaties"),
    )
    return (
        [
            rij
            | {"soort_naam": soort_lang(rij["soort"]), "moment": moment(dt.datetime.fromisoformat(rij["gestrand_at"]))}
            for rij in bezorgingen
        ],
        [rij | {"moment": moment(dt.datetime.fromisoformat(rij["gemaakt_at"]))} for rij in mails],
    )


async def _rijen(buren: Buren, token: str, dienst: str, pad: str, naam: str) -> list[dict[str, Any]]:
    try:
        antwoord = await buren.vraag(token, dienst, "GET", pad)
    except DienstWeg:
        return []
    return list(antwoord.inhoud.get(naam) or [])


async def verstuur_mail(buren: Buren, token: str, notificatie_id: UUID) -> Antwoord:
    """Try an e-mail or a call that was given up once more. Raises DienstWeg."""
    return await buren.vraag(token, "notifications", "POST", f"/v1/notificaties/{notificatie_id}/opnieuw")
