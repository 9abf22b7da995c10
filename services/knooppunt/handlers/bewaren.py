"""Messages at rest: cut into pieces, each sealed under the key of the client whose it is.

What belongs to no single client (the header and the end of a 323 or 325, a retour without a client) is sealed under
the key of the gemeente. That key is in the vault too, so no key of the installation remains, and it stays when one
of the clients is forgotten.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chassis import bsn
from chassis.db import Tx
from chassis.kluis import Vergeten, kluis
from schemas.iwmo import codec
from schemas.iwmo.segmenten import snijpunten
from services.knooppunt import domain
from services.knooppunt.store import segmenten
from services.knooppunt.store.segmenten import Segment

_PER_KEER = 1000
"""How many pieces go to the database at once."""


class Van(Protocol):
    """Whose a message is: what must be known of it to seal it."""

    @property
    def bericht_id(self) -> str: ...
    @property
    def gemeente(self) -> str: ...
    @property
    def aanbieder(self) -> str: ...
    @property
    def client_id(self) -> str | None: ...


@dataclass(frozen=True)
class Stuk:
    """A piece in the open, and whose it is."""

    volgnummer: int
    houder: str
    raw: bytes


async def bewaar(tx: Tx, rij: Van, raw: bytes, clienten: Sequence[str] = ()) -> None:
    """Seal the bytes of a message: in one piece, or cut between these clients (client_ids in the order of the file).

    Raises Vergeten when one of them was forgotten: their data may not come back unseen.
    """
    houders = [rij.gemeente, *clienten, rij.gemeente] if clienten else [rij.client_id or rij.gemeente]
    sleutels = await kluis.sleutels(set(houders))
    grenzen = await asyncio.to_thread(snijpunten, raw, len(clienten)) if clienten else [0, len(raw)]
    for begin in range(0, len(houders), _PER_KEER):
        deel = range(begin, min(begin + _PER_KEER, len(houders)))
        stukken = [Stuk(n, houders[n], raw[grenzen[n] : grenzen[n + 1]]) for n in deel]
        await _schrijf(tx, rij, stukken, sleutels)


async def bewaar_stukken(tx: Tx, rij: Van, stukken: Sequence[Stuk]) -> None:
    """Seal some pieces of a message that is written in pieces; raises Vergeten."""
    await _schrijf(tx, rij, stukken, await kluis.sleutels({stuk.houder for stuk in stukken}))


async def _schrijf(tx: Tx, rij: Van, stukken: Sequence[Stuk], sleutels: Mapping[str, bytes]) -> None:
    def verzegel() -> list[Segment]:
        return [
            Segment(s.volgnummer, s.houder, bsn.seal(sleutels[s.houder], s.raw, _context(rij.bericht_id, s.volgnummer)))
            for s in stukken
        ]

    segmenten_ = verzegel() if len(stukken) == 1 else await asyncio.to_thread(verzegel)
    await segmenten.leg_vast(tx, rij.bericht_id, rij.gemeente, rij.aanbieder, segmenten_)


async def inhoud(tx: Tx, bericht_id: str) -> bytes:
    """The bytes of a message exactly as they came or went; raises Vergeten when part of it was forgotten."""
    return b"".join(stuk.raw for stuk in await _open(bericht_id, await _segmenten(tx, bericht_id)))


async def randen(tx: Tx, bericht_id: str) -> tuple[bytes, bytes]:
    """What comes before the clients of a message, and what comes after them."""
    await _zet_om(tx, 1, bericht_id)
    laatste = await segmenten.laatste(tx, bericht_id)
    begin, einde = await _open(bericht_id, await segmenten.enige(tx, bericht_id, [0, laatste]))
    return begin.raw, einde.raw


async def clienten(tx: Tx, bericht_id: str, plaatsen: Sequence[int]) -> list[Stuk]:
    """The pieces of some clients of a message, by their rising places from 0; raises Vergeten."""
    return await _open(bericht_id, await segmenten.enige(tx, bericht_id, [plaats + 1 for plaats in plaatsen]))


async def zet_om(tx: Tx) -> None:
    """Cut some messages of before there were pieces, so that a client in them can be forgotten too."""
    await _zet_om(tx, _PER_KEER // 20)


async def _segmenten(tx: Tx, bericht_id: str) -> list[Segment]:
    gevonden = await segmenten.alle(tx, bericht_id)
    if not gevonden:
        await _zet_om(tx, 1, bericht_id)
        gevonden = await segmenten.alle(tx, bericht_id)
    return gevonden


async def _zet_om(tx: Tx, hoogstens: int, bericht_id: str | None = None) -> None:
    for oud in await segmenten.oude_op_slot(tx, hoogstens, bericht_id):
        raw = bsn.unseal(b"", oud.verzegeld, oud.bericht_id)
        client_ids: list[str] = []
        if oud.soort in domain.MET_VEEL_CLIENTEN:
            geheel = (await asyncio.to_thread(codec.heropen, raw)).inhoud()
            deel = geheel.get("declaratie_antwoord", geheel) or {}
            client_ids = [bsn.pseudonym(oud.gemeente, een["bsn"]) for een in deel.get("clienten") or ()]
        await bewaar(tx, oud, raw, client_ids)
        await segmenten.verwijder_oude(tx, oud.bericht_id)


async def _open(bericht_id: str, verzegeld: Sequence[Segment]) -> list[Stuk]:
    sleutels = await kluis.bekende_sleutels({een.houder for een in verzegeld})
    if any(een.houder not in sleutels for een in verzegeld):
        raise Vergeten("een deel van dit bericht is vergeten")

    def ontzegel() -> list[Stuk]:
        return [
            Stuk(
                s.volgnummer, s.houder, bsn.unseal(sleutels[s.houder], s.verzegeld, _context(bericht_id, s.volgnummer))
            )
            for s in verzegeld
        ]

    return ontzegel() if len(verzegeld) == 1 else await asyncio.to_thread(ontzegel)


def _context(bericht_id: str, volgnummer: int) -> str:
    # A piece opens in its own place only: none can be put in that of another.
    return f"{bericht_id}/{volgnummer}"
