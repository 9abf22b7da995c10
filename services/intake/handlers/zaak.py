"""A case through its steps: read and opened with the client's key, judged, added to, and told of."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chassis.bsn import seal, unseal
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.inbox import lock_client
from chassis.termijn import is_working_day
from services.intake.contracts.gebeurtenis import MeldingStap
from services.intake.domain import afweging as weging
from services.intake.domain.instellingen import Instellingen
from services.intake.domain.toets import Omgeving, toets
from services.intake.domain.zaak import AFGESLOTEN, STAPPEN, Stap, Zaak, kan_niet, pas_toe, vouw
from services.intake.handlers.indicatie import geweigerd, log, publiceer, sleutel_van
from services.intake.handlers.instellingen import load_instellingen, load_sociale_kaart, load_versie
from services.intake.handlers.termijn import toon_lopend, volg_zaak
from services.intake.store import melding as store
from services.intake.store.melding import Kop, Rij


@dataclass(frozen=True, slots=True)
class Medewerker:
    """Who does something, for which gemeente; with a `team` he sees and does only what is of that team."""

    gemeente: str
    sub: str
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case that was read: its head, its steps with what they say, and what they add up to."""

    kop: Kop
    rijen: list[tuple[Rij, dict[str, Any]]]
    zaak: Zaak
    instellingen: Instellingen


Gevolg = Callable[[Tx, Medewerker, Dossier, dict[str, Any]], Awaitable[dict[str, Any]]]
"""What a step brings about beside itself; gives what is added to what the step says."""


MET_KAART = ("verwijzing", "afweging")
"""Steps that name an entry of the social map."""
ZONDER_WOORDEN = ("versie", "besluit", "indicatie_id", "voorziening", "moment", "toewijzing_nummer")
"""What an event tells of what a step says: codes and numbers."""


def melding_onbekend() -> Problem:
    """404, also for a case of another gemeente or team."""
    return Problem(404, "melding_onbekend", "Deze melding is er niet", "Controleer het id.")


async def lees_zaak(tx: Tx, wie: Medewerker, melding_id: str, *, lock: bool) -> Dossier:
    """The whole case; 404 when it is not there for this person, 410 when its client was forgotten."""
    kop = await store.load_kop(tx, wie.gemeente, melding_id, wie.team)
    if kop is None:
        raise melding_onbekend()
    if lock:
        await lock_client(tx, wie.gemeente, kop.client_id)
        # Read again: another step may have been taken while we waited.
        kop = await store.load_kop(tx, wie.gemeente, melding_id, wie.team)
        if kop is None:
            raise melding_onbekend()
    sleutel = await sleutel_van(kop.client_id)
    rijen = [
        (rij, json.loads(unseal(sleutel, rij.verzegeld, _plek(melding_id, rij.volgnummer))))
        for rij in await store.load_stappen(tx, wie.gemeente, melding_id)
    ]
    zaak = vouw(Stap(rij.stap, rij.door, rij.dag, inhoud) for rij, inhoud in rijen)
    instellingen = await load_versie(tx, wie.gemeente, kop.instellingen_versie)
    return Dossier(kop, rijen, zaak, instellingen)


async def zet_stap(
    tx: Tx, wie: Medewerker, melding_id: str, soort: str, inhoud: dict[str, Any], gevolg: Gevolg | None = None
) -> dict[str, Any]:
    """Takes a step in a case: 409 when it cannot be taken from this state, 422 with all that is missing for it.

    The answer holds nothing that somebody said: it is kept for who asks again.
    """
    dossier = await lees_zaak(tx, wie, melding_id, lock=True)
    if fouten := kan_niet(dossier.zaak.status, soort):
        raise geweigerd(fouten, nu_niet=True)
    kaart = await load_sociale_kaart(tx, wie.gemeente, clock.today()) if soort in MET_KAART else []
    prijzen = {rij["code"]: rij.get("kosten") for rij in kaart}
    # A team of today may not have been there on the day of the melding.
    instellingen = (
        await load_instellingen(tx, wie.gemeente, clock.today()) if soort == "overdracht" else dossier.instellingen
    )
    omgeving = Omgeving(instellingen, clock.today(), wie.sub, is_working_day, prijzen)
    if fouten := toets(dossier.zaak, soort, inhoud, omgeving):
        raise geweigerd(fouten)
    erbij = {} if gevolg is None else await gevolg(tx, wie, dossier, inhoud)
    antwoord = await schrijf_stap(tx, wie, dossier.kop, dossier.zaak, soort, inhoud | erbij, dossier.instellingen)
    await log(tx, wie.gemeente, wie.sub, f"{soort}_vastgelegd", dossier.kop.client_id)
    return antwoord


async def schrijf_stap(
    tx: Tx, wie: Medewerker, kop: Kop, voor: Zaak, soort: str, inhoud: dict[str, Any], instellingen: Instellingen
) -> dict[str, Any]:
    """Adds a step that may be taken: the row, the head, the terms that follow, and the event."""
    vandaag = clock.today()
    zaak = pas_toe(voor, Stap(soort, wie.sub, vandaag, inhoud))
    volgnummer = kop.stappen + 1
    verzegeld = seal(await sleutel_van(kop.client_id), json.dumps(inhoud).encode(), _plek(kop.melding_id, volgnummer))
    await store.add_stap(
        tx, wie.gemeente, kop.melding_id, Rij(volgnummer, soort, wie.sub, vandaag, clock.now(), verzegeld)
    )
    bespaard = weging.bespaard_cent(zaak.afweging) if zaak.uitkomst == "opgelost_zonder_toewijzing" else None
    nieuw = replace(
        kop, team=zaak.team, status=zaak.status, spoed=zaak.spoed, kwetsbaar=zaak.kwetsbaar,
        open_risico=zaak.open_risico, uitkomst=zaak.uitkomst, bespaard_cent=bespaard, stappen=volgnummer,
        begonnen_op=zaak.begonnen_op, afgesloten_op=vandaag if zaak.status == AFGESLOTEN else None,
    )  # fmt: skip
    await store.set_kop(tx, wie.gemeente, nieuw)
    await volg_zaak(tx, wie.gemeente, nieuw, zaak, instellingen)
    await publiceer(
        tx, wie.gemeente, kop.client_id, f"intake.{STAPPEN[soort].event}",
        _gebeurtenis(nieuw, zaak, soort, inhoud), kop.melding_id,
    )  # fmt: skip
    return {
        "melding_id": kop.melding_id,
        "client_id": kop.client_id,
        "status": zaak.status,
        "team": zaak.team,
        "volgnummer": volgnummer,
        "verwacht": await toon_lopend(tx, wie.gemeente, kop.melding_id, zaak.team),
        **{veld: inhoud[veld] for veld in ("indicatie_id", "versie") if veld in inhoud},
        **({"verwijzing": len(zaak.verwijzingen)} if soort == "verwijzing" else {}),
        **({"risico": len(zaak.risicos)} if soort == "risico" else {}),
    }


def _gebeurtenis(kop: Kop, zaak: Zaak, soort: str, inhoud: Mapping[str, Any]) -> MeldingStap:
    respijt = (inhoud.get("respijt") or {}).get("uitkomst") if soort == "afweging" else None
    return MeldingStap(
        melding_id=kop.melding_id, volgnummer=kop.stappen, stap=soort, status=kop.status, team=kop.team,
        spoed=kop.spoed, open_risico=kop.open_risico, uitkomst=kop.uitkomst, bespaard_cent=kop.bespaard_cent,
        respijt=respijt, kanaal=inhoud.get("kanaal") if soort == "melding" else None,
        **{veld: inhoud.get(veld) for veld in ZONDER_WOORDEN},
    )  # fmt: skip


def _plek(melding_id: str, volgnummer: int) -> str:
    """What a sealed step is bound to: it opens nowhere else."""
    return f"{melding_id}:{volgnummer}"
