"""Settings and the social map of a municipality: versions with a date, read by everything else."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from services.intake.contracts.gebeurtenis import InstellingenVastgelegd
from services.intake.domain.brief import toets_sjabloon
from services.intake.domain.instellingen import Instellingen, instellingen_uit, toets_instellingen
from services.intake.handlers.indicatie import TOPIC, geweigerd
from services.intake.store import document as store

INSTELLINGEN, SOCIALE_KAART = "instellingen", "sociale_kaart"


async def load_instellingen(tx: Tx, gemeente: str, op: date) -> Instellingen:
    """The settings that hold on a day."""
    versie, waarden = await store.load_document(tx, gemeente, INSTELLINGEN, op)
    return instellingen_uit(gemeente, versie, waarden)


async def load_versie(tx: Tx, gemeente: str, versie: int) -> Instellingen:
    """The settings of a version: those of the day of a melding hold for all of it."""
    return instellingen_uit(gemeente, versie, await store.load_versie(tx, gemeente, INSTELLINGEN, versie))


async def load_sociale_kaart(tx: Tx, gemeente: str, op: date) -> list[dict[str, Any]]:
    """The entries that a resident can be sent to on a day."""
    _, waarden = await store.load_document(tx, gemeente, SOCIALE_KAART, op)
    return list((waarden or {}).get("voorzieningen", []))


async def zet_instellingen(tx: Tx, gemeente: str, wie: str, geldig_vanaf: date, waarden: dict[str, Any]) -> None:
    """Adds a version; the same again changes nothing. 422 for what the law or the settings themselves forbid."""
    nieuw = instellingen_uit(gemeente, 0, waarden)
    fouten = toets_instellingen(nieuw)
    for soort, sjabloon in nieuw.sjablonen.items():
        fouten += toets_sjabloon(soort, sjabloon)
    if fouten:
        raise geweigerd(fouten)
    await _leg_vast(tx, gemeente, wie, INSTELLINGEN, geldig_vanaf, waarden)


async def zet_sociale_kaart(tx: Tx, gemeente: str, wie: str, geldig_vanaf: date, kaart: list[dict[str, Any]]) -> None:
    """Adds a version of the social map."""
    await _leg_vast(tx, gemeente, wie, SOCIALE_KAART, geldig_vanaf, {"voorzieningen": kaart})


async def _leg_vast(tx: Tx, gemeente: str, wie: str, soort: str, geldig_vanaf: date, waarden: Any) -> None:
    versie = await store.add_document(tx, gemeente, soort, geldig_vanaf, waarden, wie, clock.now())
    if versie is not None:
        data = InstellingenVastgelegd(versie=versie, geldig_vanaf=geldig_vanaf)
        await outbox.add(tx, topic=TOPIC, type=f"intake.{soort}_vastgelegd", key=gemeente, gemeente=gemeente, data=data)


async def toon_instellingen(tx: Tx, gemeente: str, op: date) -> dict[str, Any]:
    """The settings of a day, with what a municipality did not set."""
    versie, waarden = await store.load_document(tx, gemeente, INSTELLINGEN, op)
    nu = instellingen_uit(gemeente, versie, waarden)
    return {
        "versie": versie,
        "gemeente_naam": nu.gemeente_naam,
        "standaard_team": nu.standaard_team,
        "termijnen": {veld: getattr(nu.termijnen, veld) for veld in nu.termijnen.__slots__},
        "leefgebieden": dict(nu.leefgebieden),
        "teams": waarden.get("teams", []),
        "routes": waarden.get("routes", []),
        "sjablonen": waarden.get("sjablonen", {}),
    }
