"""Budgets: keep the commitments, and tell when a ceiling comes in sight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from services.declaratie.contracts import TOPIC, BudgetBereikt, ToewijzingVastgelegd
from services.declaratie.domain.budget import passed, verplicht_per_maand
from services.declaratie.store import beeld, budget


async def commit_versie(tx: Tx, gemeente: str, versie: ToewijzingVastgelegd) -> None:
    """The commitment of a new version (301), at the rates known now."""
    await budget.lock_tarieven(tx, gemeente, wijzigt=False)
    toewijzing = await beeld.load_versie(tx, gemeente, versie.toewijzing_nummer, versie.versie)
    codes = [toewijzing.code] if toewijzing.code else []
    contracten = await beeld.load_contracten(tx, gemeente, toewijzing.aanbieder, codes)
    maanden = verplicht_per_maand(toewijzing, contracten, clock.today())
    regels = [(toewijzing.nummer, versie.versie, toewijzing.categorie, maanden)]
    await budget.add_verplichtingen(tx, gemeente, regels, None)


async def recommit(tx: Tx, gemeente: str, op: datetime) -> None:
    """All commitments again, because the contracts changed at that instant; the lock of `lock_tarieven` is taken."""
    contracten, vandaag, na = await budget.load_alle_contracten(tx, gemeente), clock.today(), (-1, -1)
    while stapel := await budget.load_versies_na(tx, gemeente, na):
        regels = [
            (nummer, versie, t.categorie, verplicht_per_maand(t, contracten.get(t.aanbieder, []), vandaag))
            for nummer, versie, t in stapel
        ]
        await budget.replace_verplichtingen(tx, gemeente, regels, op)
        na = stapel[-1][:2]


async def save_plafonds(tx: Tx, gemeente: str, jaar: int, plafonds: Mapping[str, int], door: str) -> None:
    """The new ceilings of a year; a category that is not named any more has none."""
    nu = clock.now()
    oud = await budget.load_plafonds(tx, gemeente, jaar, nu)
    gewijzigd: dict[str, int | None] = {c: cent for c, cent in plafonds.items() if oud.get(c) != cent}
    gewijzigd |= dict.fromkeys(oud.keys() - plafonds.keys())
    await budget.add_plafonds(tx, gemeente, jaar, gewijzigd, door, nu)


async def watch_budgets(tx: Tx) -> None:
    """Tell of every threshold that a forecast reaches, once per ceiling."""
    for gemeente, jaar in await budget.load_jaren(tx, clock.today().year - 1):
        await _watch(tx, gemeente, jaar)


async def _watch(tx: Tx, gemeente: str, jaar: int) -> None:
    nu = clock.now()
    plafonds = await budget.load_plafonds(tx, gemeente, jaar, nu)
    bestedingen = await budget.load_bestedingen(tx, gemeente, jaar, nu)
    for categorie, plafond_cent in plafonds.items():
        stand = bestedingen.get(categorie)
        if stand is None:
            continue
        for procent in passed(plafond_cent, stand.prognose_cent):
            if not await budget.claim_signaal(
                tx, gemeente, jaar, categorie, plafond_cent, procent, stand.prognose_cent, nu
            ):
                continue
            await outbox.add(
                tx,
                topic=TOPIC,
                type="declaratie.budget_bereikt",
                key=gemeente,
                gemeente=gemeente,
                keten=f"budget-{jaar}-{categorie}",
                data=BudgetBereikt(
                    jaar=jaar,
                    product_categorie=categorie,
                    procent=procent,
                    plafond_cent=plafond_cent,
                    verplicht_cent=stand.verplicht_cent,
                    gerealiseerd_cent=stand.gerealiseerd_cent,
                    prognose_cent=stand.prognose_cent,
                ),
            )
