"""A melding comes in, goes to a team, and can be looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from chassis.bsn import mask, pseudonym, seal, unseal
from chassis.clock import clock
from chassis.db import Tx
from chassis.herhaling import once
from chassis.inbox import lock_client
from services.intake.contracts.indicatie import Client
from services.intake.contracts.stap import MeldingIn
from services.intake.domain.afweging import bespaard_cent
from services.intake.domain.persoon import toets_bsn, toets_geboortedatum
from services.intake.domain.route import Vraag, kies_team
from services.intake.domain.zaak import ONTVANGEN, Zaak
from services.intake.handlers.indicatie import geweigerd, log, sleutel_van
from services.intake.handlers.instellingen import load_instellingen
from services.intake.handlers.nazorg import toon_afweging, toon_nazorg
from services.intake.handlers.termijn import toon_lopend
from services.intake.handlers.zaak import Dossier, Medewerker, lees_zaak, schrijf_stap
from services.intake.store import indicatie as client_store
from services.intake.store import melding as store
from services.intake.store.melding import Keuze, Kop

WACHTTIJD_DAGEN = 90
"""Over how many days back the waiting time of a team is the average."""


async def neem_melding_aan(
    tx: Tx, wie: Medewerker, melding: MeldingIn, sleutel: str | None, *, signaal_id: str | None = None
) -> dict[str, Any]:
    """Records a melding with a team; 422 with each rule that forbids it."""
    client = melding.client
    fouten = toets_bsn(client.bsn, "/client/bsn")
    fouten += toets_geboortedatum(client.geboortedatum, client.datum_gebruik, clock.today())
    if fouten:
        raise geweigerd(fouten)
    client_id = pseudonym(wie.gemeente, client.bsn)
    # With the pseudonym in place of the BSN: a hash of a BSN without a key can be reversed.
    opdracht = {"soort": "melding", "signaal_id": signaal_id, **melding.model_dump(mode="json")}
    opdracht["client"]["bsn"] = client_id

    async def doe() -> dict[str, Any]:
        await lock_client(tx, wie.gemeente, client_id)
        antwoord = await _leg_vast(tx, wie, client_id, melding, signaal_id)
        await log(tx, wie.gemeente, wie.sub, "melding_vastgelegd", client_id)
        return antwoord

    return await once(tx, wie.gemeente, sleutel, opdracht, doe)


async def _leg_vast(
    tx: Tx, wie: Medewerker, client_id: str, melding: MeldingIn, signaal_id: str | None
) -> dict[str, Any]:
    vandaag = clock.today()
    instellingen = await load_instellingen(tx, wie.gemeente, vandaag)
    drukte = await store.load_drukte(tx, wie.gemeente, vandaag)
    vraag = Vraag(
        melding.client.adres.postcode, melding.spoed, melding.melder.soort, _leeftijd(melding.client, vandaag)
    )
    team = kies_team(vraag, instellingen, {naam: rij["open"] for naam, rij in drukte.items()})
    blok = melding.client.model_dump_json(exclude_none=True).encode()
    await client_store.add_client(
        tx, wie.gemeente, client_id, seal(await sleutel_van(client_id), blok, client_id), clock.now()
    )
    # Spoed, kwetsbaar and the like follow from the first step.
    kop = Kop(
        melding_id=str(uuid4()), client_id=client_id, team=team, status=ONTVANGEN, spoed=False, kwetsbaar=False,
        open_risico=False, uitkomst=None, bespaard_cent=None, stappen=0, instellingen_versie=instellingen.versie,
        gemeld_at=clock.now(), gemeld_op=vandaag, begonnen_op=None, afgesloten_op=None,
    )  # fmt: skip
    await store.add_melding(tx, wie.gemeente, kop)
    # The person himself is kept once, in his own row.
    inhoud = melding.model_dump(mode="json", exclude={"client"}, exclude_none=True)
    inhoud |= {"team": team, "signaal_id": signaal_id}
    return await schrijf_stap(tx, wie, kop, Zaak(), "melding", inhoud, instellingen)


def _leeftijd(client: Client, vandaag: date) -> int | None:
    if client.datum_gebruik is not None:
        return None
    geboren = client.geboortedatum
    return vandaag.year - geboren.year - ((vandaag.month, vandaag.day) < (geboren.month, geboren.day))


async def toon_melding(tx: Tx, wie: Medewerker, melding_id: str) -> dict[str, Any]:
    """The whole case, with what is expected next; the look is logged in the same transaction."""
    dossier = await lees_zaak(tx, wie, melding_id, lock=False)
    kop, zaak = dossier.kop, dossier.zaak
    verzegeld = await client_store.load_client(tx, wie.gemeente, kop.client_id)
    client: dict[str, Any] = {}
    if verzegeld is not None:
        heel = Client.model_validate_json(unseal(await sleutel_van(kop.client_id), verzegeld, kop.client_id))
        client = {"bsn": mask(heel.bsn), "naam": heel.naam.model_dump(exclude_none=True)}
    indicaties = [i["indicatie_id"] for _, i in dossier.rijen if i.get("indicatie_id")]
    antwoord = {
        **_als_rij(kop),
        "client": client,
        "verwacht": await toon_lopend(tx, wie.gemeente, melding_id, kop.team),
        "onderzoek": dict(zaak.onderzoek),
        "afweging": toon_afweging(zaak.afweging, bespaard_cent(zaak.afweging)),
        "risicos": [{"risico": n, "open": is_open} for n, is_open in enumerate(zaak.risicos, 1)],
        "indicaties": await store.load_indicaties(tx, wie.gemeente, indicaties),
        **toon_nazorg(dossier),
        "stappen": _stappen(dossier),
    }
    await log(tx, wie.gemeente, wie.sub, "melding_ingezien", kop.client_id)
    return antwoord


def _stappen(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {"volgnummer": rij.volgnummer, "stap": rij.stap, "door": rij.door, "gedaan_at": rij.gedaan_at, "inhoud": inhoud}
        for rij, inhoud in dossier.rijen
    ]


def _als_rij(kop: Kop) -> dict[str, Any]:
    rij = {veld: getattr(kop, veld) for veld in Kop.__slots__ if veld not in ("stappen", "bespaard_cent")}
    # Nobody knows what would have been spent: it is an estimate and says so.
    return {**rij, "bespaard_schatting_cent": kop.bespaard_cent}


async def list_meldingen(tx: Tx, wie: Medewerker, keuze: Keuze, *, na: int, limit: int) -> dict[str, Any]:
    """A page of cases without anything that somebody said, oldest first."""
    rijen = await store.load_pagina(tx, wie.gemeente, keuze, na, limit + 1)
    volgende = str(rijen[limit - 1]["volgorde"]) if len(rijen) > limit else None
    weg = ("volgorde", "stappen", "instellingen_versie")
    meldingen = []
    for rij in rijen[:limit]:
        kort = {veld: waarde for veld, waarde in rij.items() if veld not in weg}
        kort["bespaard_schatting_cent"] = kort.pop("bespaard_cent")
        meldingen.append(kort)
    return {"meldingen": meldingen, "volgende": volgende}


async def list_teams(tx: Tx, wie: Medewerker) -> dict[str, Any]:
    """Per team its load and waiting time, in the open for everybody of the municipality."""
    vandaag = clock.today()
    instellingen = await load_instellingen(tx, wie.gemeente, vandaag)
    drukte = await store.load_drukte(tx, wie.gemeente, vandaag - timedelta(days=WACHTTIJD_DAGEN))
    bekend = {team.team: team for team in instellingen.teams}
    leeg = {"open": 0, "wachtend": 0, "oudste_gemeld_op": None, "gemiddeld_gewacht_dagen": None}
    return {
        "teams": [
            {
                "naam": bekend[team].naam if team in bekend else team,
                "capaciteit": bekend[team].capaciteit if team in bekend else None,
                **leeg,
                **drukte.get(team, {}),
                "team": team,
            }
            for team in dict.fromkeys([*bekend, instellingen.standaard_team, *drukte])
        ]
    }
