"""Paying: accounts recorded by two persons, and a file of all that was awarded and is still open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from chassis import outbox
from chassis.clock import AMSTERDAM, clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.termijn import add_working_days
from services.declaratie.contracts import TOPIC, BetaaldeDeclaratie, BetalingOpgedragen
from services.declaratie.domain import pain
from services.declaratie.domain.betaling import Betaling, Rekening, settle
from services.declaratie.store import betaling


async def save_rekeningen(tx: Tx, gemeente: str, rekeningen: Iterable[Rekening], door: str) -> None:
    """Another account is a proposal; when another person names it too, it counts.

    Who names the same account again changes nothing; a new proposal replaces one that still waits.
    """
    await betaling.lock_betalen(tx, gemeente)
    nu = clock.now()
    geldend, voorstellen = await betaling.load_rekeningen(tx, gemeente), await betaling.load_voorstellen(tx, gemeente)
    for rekening in rekeningen:
        voorstel = voorstellen.get(rekening.houder)
        if voorstel is None:
            if geldend.get(rekening.houder) != rekening:
                await betaling.add_voorstel(tx, gemeente, rekening, door, nu)
        elif (voorstel["iban"], voorstel["naam"]) != (rekening.iban, rekening.naam):
            await betaling.add_voorstel(tx, gemeente, rekening, door, nu)
        elif voorstel["voorgesteld_door"] != door:
            await betaling.confirm_voorstel(tx, gemeente, voorstel["rekening_id"], door, nu)


@dataclass(frozen=True, slots=True)
class Bestand:
    """`nieuw` is false when this was asked before: then it is the same file as that time."""

    bestand_id: str
    nieuw: bool
    zonder_rekening: list[str] = field(default_factory=list)
    meegenomen_cent: dict[str, int] = field(default_factory=dict)


async def make_betaalbestand(tx: Tx, gemeente: str, t_m: date, door: str) -> Bestand:
    """Pay all totals that were judged up to and including `t_m`; each total once, whoever asks.

    Who asks again while nothing was added gets the first file. Raises Problem 422
    without an account of the gemeente, or when there is nothing to pay.
    """
    await betaling.lock_betalen(tx, gemeente)
    rekeningen = await betaling.load_rekeningen(tx, gemeente)
    voor = datetime.combine(t_m + timedelta(days=1), time(), AMSTERDAM)
    betalingen, zonder, mee = settle(await betaling.load_open_totalen(tx, gemeente, voor), rekeningen)
    if not betalingen:
        if eerder := await betaling.load_laatste(tx, gemeente, t_m):
            return Bestand(eerder, False, zonder, mee)
        raise _niets(zonder)
    if gemeente not in rekeningen:
        raise Problem(
            422, "geen_rekening", "De rekening van de gemeente is nog niet vastgelegd.",
            "Leg de rekening vast met twee personen en probeer het opnieuw.",
        )  # fmt: skip
    nu = clock.now()
    # Without dashes: a reference in a payment file has 35 signs at most.
    genummerd = [(outbox.uuid7().replace("-", ""), b) for b in betalingen]
    opdracht = pain.Opdracht(
        outbox.uuid7().replace("-", ""), nu, add_working_days(clock.today(), 1), rekeningen[gemeente], genummerd
    )
    totaal = sum(b.bedrag_cent for b in betalingen)
    await betaling.add_betaalbestand(
        tx,
        gemeente,
        opdracht.opdracht_id,
        t_m,
        opdracht.uitvoerdatum,
        nu,
        door,
        totaal,
        pain.write(opdracht),
        genummerd,
    )
    await outbox.add_many(tx, TOPIC, [_opgedragen(gemeente, opdracht, i, b) for i, b in genummerd])
    return Bestand(opdracht.opdracht_id, True, zonder, mee)


def _niets(zonder: list[str]) -> Problem:
    stap = "Leg de rekening van de aanbieders vast." if zonder else "Wacht tot er declaraties zijn goedgekeurd."
    return Problem(422, "niets_te_betalen", "Er is niets te betalen.", stap)


def _opgedragen(gemeente: str, opdracht: pain.Opdracht, betaling_id: str, een: Betaling) -> outbox.NewEvent:
    return outbox.NewEvent(
        type="declaratie.betaling_opgedragen",
        key=betaling_id,
        gemeente=gemeente,
        aanbieder=een.rekening.houder,
        keten=betaling_id,
        data=BetalingOpgedragen(
            betaling_id=betaling_id,
            betaalbestand_id=opdracht.opdracht_id,
            bedrag_cent=een.bedrag_cent,
            uitvoerdatum=opdracht.uitvoerdatum,
            declaraties=[
                BetaaldeDeclaratie(
                    bericht_id=t.bericht_id, declaratie_nummer=t.declaratie_nummer, toegekend_cent=t.toegekend_cent
                )
                for t in een.totalen
            ],
        ),
    )
