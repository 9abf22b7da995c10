"""Levels 3 and 4 of a pre-check: asked of the service that owns the facts, with the caller's own token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from chassis import bsn
from chassis.clock import clock
from chassis.errors import Bevinding
from chassis.log import log
from chassis.settings import Settings
from schemas.iwmo import retour
from schemas.iwmo.codes import RETOURCODES
from services.knooppunt import domain
from services.knooppunt.domain import DeelOordeel
from services.knooppunt.handlers.lezen import Gelezen, bewerk
from services.knooppunt.handlers.ontvangst import zonder_persoon

TIMEOUT_S = 15.0
EIGENAAR = dict.fromkeys(("WMO305", "WMO307", "WMO315", "WMO317"), "toewijzing") | {"WMO323": "declaratie"}
"""Who judges levels 3 and 4 of what a provider sends."""


class Onbereikbaar(Exception):
    """The owner gives no judgement now; `reden` is for the one who asked."""

    def __init__(self, reden: str) -> None:
        super().__init__(reden)
        self.reden = reden


@dataclass(frozen=True)
class Proefoordeel:
    """What the owner would say: its findings, and the retour that would follow when there are any."""

    bevindingen: list[Bevinding] = field(default_factory=list)
    retour: bytes | None = None


async def oordeel(settings: Settings, token: str, gelezen: Gelezen) -> Proefoordeel:
    """The dry run of this message at its owner. Raises Onbereikbaar."""
    bericht, header = gelezen.bericht, gelezen.bericht.header
    basis = settings.urls.get(EIGENAAR[bericht.soort.code])
    if basis is None:
        raise Onbereikbaar("van de beoordelende dienst is geen adres bekend")
    if not token:
        raise Onbereikbaar("daarvoor is een token nodig; een certificaat alleen is niet genoeg")
    kop = {"gemeente": header.ontvanger, "aanbieder": header.afzender}
    if bericht.soort.code == "WMO323":
        antwoord = await _vraag(basis, token, kop | _delen(header.ontvanger, gelezen.inhoud))
        return await _declaratie(gelezen, antwoord)
    client_id = bsn.pseudonym(header.ontvanger, gelezen.inhoud["client"]["bsn"])
    vraag = kop | {
        "soort": bericht.soort.code,
        "client_id": client_id,
        "dagtekening": header.dagtekening.isoformat(),
        "inhoud": zonder_persoon(gelezen.inhoud),
    }
    antwoord = await _vraag(basis, token, vraag)
    if not antwoord["codes"]:
        return Proefoordeel()
    xml = await bewerk(
        retour.retour,
        gelezen.raw,
        identificatie=domain.nieuwe_identificatie(),
        dagtekening=clock.today(),
        codes=antwoord["codes"],
    )
    return Proefoordeel([Bevinding.model_validate(een) for een in antwoord["bevindingen"]], xml)


async def _vraag(basis: str, token: str, vraag: dict[str, Any]) -> dict[str, Any]:
    koppen = {"Authorization": f"Bearer {token}"}
    try:
        async with httpx.AsyncClient(base_url=basis, timeout=TIMEOUT_S, trust_env=False) as client:
            antwoord = await client.post("/v1/controle/oordeel", json=vraag, headers=koppen)
        if antwoord.status_code == 413:
            raise Onbereikbaar("het bericht is te groot voor een proef")
        antwoord.raise_for_status()
        gegevens: dict[str, Any] = antwoord.json()
    except (httpx.HTTPError, ValueError) as fout:
        log.warning("eigenaar_onbereikbaar", fout=type(fout).__name__)
        raise Onbereikbaar("de beoordelende dienst is nu niet bereikbaar") from None
    return gegevens


def _delen(gemeente: str, inhoud: dict[str, Any]) -> dict[str, Any]:
    velden = ("declaratie_nummer", "declaratie_periode", "declaratie_dagtekening", "totaal_ingediend_cent")
    return {veld: inhoud[veld] for veld in velden} | {
        "delen": [
            {"client_id": bsn.pseudonym(gemeente, nummer), "prestaties": json.loads(prestaties)}
            for nummer, prestaties in inhoud["delen"]
        ]
    }


async def _declaratie(gelezen: Gelezen, antwoord: dict[str, Any]) -> Proefoordeel:
    """The findings of a 323, and the 325 that would follow when something is refused (processes.md 8.2)."""
    delen = [
        DeelOordeel(deel["deel"], deel["client_codes"], {p["regel"]: p["retourcodes"] for p in deel["prestaties"]})
        for deel in antwoord["delen"]
    ]
    afgekeurd = {deel.deel: domain.afgekeurd(deel) for deel in delen}
    clienten = {i: codes for i, (codes, _) in afgekeurd.items() if codes}
    prestaties = {(i, j): codes for i, (_, regels) in afgekeurd.items() for j, codes in regels.items()}
    plekken = [("Declaratie", antwoord["declaratie_codes"])]
    plekken += [(f"Client[{i + 1}]", codes) for i, codes in clienten.items()]
    plekken += [(f"Client[{i + 1}]/Prestatie[{j + 1}]", codes) for (i, j), codes in prestaties.items()]
    bevindingen = [
        Bevinding(
            regel=code,
            niveau=3,
            retourcode=code,
            pad=pad,
            melding=RETOURCODES.get(code, "Deze regel wordt afgekeurd."),
            volgende_stap="Herstel dit onderdeel voordat u de declaratie indient.",
        )
        for pad, codes in plekken
        for code in codes
    ]
    if not bevindingen:
        return Proefoordeel()
    xml = await bewerk(
        retour.antwoord_325,
        gelezen.raw,
        identificatie=domain.nieuwe_identificatie(),
        dagtekening=clock.today(),
        declaratie_codes=antwoord["declaratie_codes"],
        toegekend_cent=antwoord["toegekend_cent"],
        client_codes=clienten,
        prestatie_codes=prestaties,
    )
    return Proefoordeel(bevindingen, xml)
