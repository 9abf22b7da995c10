"""Empties the mailbox: fetch, judge, hand in the answer, confirm. A crash anywhere is harmless."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aanbieder import oordeel, staat
from aanbieder.berichten import Klaar, verstuur
from aanbieder.knooppunt import Geweigerd, Knooppunt
from schemas.iwmo.bericht import NietLeesbaar

TEGELIJK = 8


@dataclass
class Oogst:
    """What one round of the mailbox gave."""

    oordelen: list[oordeel.Oordeel] = field(default_factory=list)
    onleesbaar: list[str] = field(default_factory=list)
    geweigerd: list[Geweigerd] = field(default_factory=list)


async def synchroniseer(st: staat.Staat, knooppunt: Knooppunt, tegelijk: int = TEGELIJK) -> Oogst:
    """Empty the mailbox page by page.

    The outcome is stored before the answer leaves, and the receipt is last: what a crash
    interrupts is found again in the mailbox and gets the same bytes as answer. A message
    that is not per XSD gets no retour and stays unconfirmed.
    """
    oogst = Oogst()
    await _verstuur_rest(st, knooppunt, oogst)
    slot = asyncio.Semaphore(tegelijk)
    gezien: set[str] = set()
    na: str | None = None
    while True:
        blad, na = await knooppunt.postbus(na)
        nieuw = [b for b in blad if b["bericht_id"] not in gezien]
        gezien.update(b["bericht_id"] for b in nieuw)
        rauw = await asyncio.gather(*(_onder(slot, knooppunt.haal(b["bericht_id"])) for b in nieuw))
        taken = []
        for rij, raw in zip(nieuw, rauw, strict=True):
            try:
                uitslag = oordeel.ontvang(st, raw, rij["bericht_id"])
            except (NietLeesbaar, oordeel.NietVoorOns):
                oogst.onleesbaar.append(rij["bericht_id"])
                continue
            oogst.oordelen.append(uitslag)
            taken.append(_onder(slot, _antwoord(st, knooppunt, rij["bericht_id"], uitslag, oogst)))
        await asyncio.gather(*taken)
        if na is None and not nieuw:  # a last look at the first page: what arrived meanwhile is there
            return oogst


async def _verstuur_rest(st: staat.Staat, knooppunt: Knooppunt, oogst: Oogst) -> None:
    """Messages of our own that were stored but never left, because something broke in between."""
    rest = st.db.execute(
        "SELECT volgnr, identificatie, xml FROM berichten"
        " WHERE richting = 'uit' AND status = 'te_versturen' AND op_volgnr IS NULL ORDER BY volgnr"
    ).fetchall()
    for rij in rest:
        try:
            await verstuur(st, knooppunt, Klaar(rij["volgnr"], rij["identificatie"], rij["xml"]))
        except Geweigerd as fout:
            oogst.geweigerd.append(fout)


async def _antwoord(
    st: staat.Staat, knooppunt: Knooppunt, bericht_id: str, uitslag: oordeel.Oordeel, oogst: Oogst
) -> None:
    if uitslag.antwoord is not None and uitslag.antwoord_volgnr is not None:
        try:
            await verstuur(st, knooppunt, Klaar(uitslag.antwoord_volgnr, uitslag.identificatie, uitslag.antwoord))
        except Geweigerd as fout:
            oogst.geweigerd.append(fout)  # unconfirmed, so that it is not forgotten
            return
    await knooppunt.bevestig(bericht_id)


async def _onder(slot: asyncio.Semaphore, taak: Any) -> Any:
    async with slot:
        return await taak
