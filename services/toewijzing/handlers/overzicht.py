"""Toewijzingen tonen zoals zij nu gelden."""

from __future__ import annotations

from typing import Any

from chassis.clock import clock
from chassis.db import Tx
from services.toewijzing.domain.levering import stand_van
from services.toewijzing.domain.toewijzing import Versie, actuele_versie, toewijzing_status
from services.toewijzing.handlers.zending import omvang_veld, product_veld
from services.toewijzing.store import levering as levering_store
from services.toewijzing.store import toewijzing as toewijzing_store


async def list_toewijzingen(
    tx: Tx,
    gemeente: str,
    *,
    client_id: str | None,
    aanbieder: str | None,
    status: str | None,
    na: int,
    limit: int,
) -> dict[str, Any]:
    """Een pagina toewijzingen; de status hangt van vandaag af en wordt daarom hier gefilterd."""
    gevonden: list[dict[str, Any]] = []
    while True:
        pagina = await toewijzing_store.load_pagina(tx, gemeente, client_id, aanbieder, na, limit + 1)
        levering = await levering_store.load_alle_leveringen(tx, gemeente, {client for client, _, _ in pagina})
        for client, versies, opdracht in pagina:
            na = versies[0].nummer
            rij = _toon(client, versies, opdracht)
            rij["levering"] = stand_van(levering, na)[0]
            if status is None or rij["status"] == status:
                gevonden.append(rij)
        if len(pagina) <= limit or len(gevonden) > limit:
            break
    vervolg = str(gevonden[limit - 1]["toewijzing_nummer"]) if len(gevonden) > limit else None
    return {"toewijzingen": gevonden[:limit], "volgende": vervolg}


def _toon(client_id: str, versies: list[Versie], opdracht: dict[str, Any] | None) -> dict[str, Any]:
    # Een nummer waarvan elke versie werd afgekeurd heeft geen actuele; toon dan wat is geprobeerd.
    versie = actuele_versie(versies) or versies[-1]
    laatste = None
    if opdracht is not None:
        te_laat = opdracht["te_laat"] and opdracht["opdracht_status"] == "verzonden"
        laatste = {
            "bericht_id": opdracht["bericht_id"],
            "status": "te_laat" if te_laat else opdracht["opdracht_status"],
        }
    return {
        "toewijzing_nummer": versie.nummer,
        "client_id": client_id,
        "aanbieder": versie.aanbieder,
        "product": product_veld(versie),
        "omvang": omvang_veld(versie),
        "budget_cent": versie.budget_cent,
        "ingangsdatum": versie.ingangsdatum,
        "einddatum": versie.einddatum,
        "toewijzingsdatum": versie.toewijzingsdatum,
        "toewijzingstijd": versie.toewijzingstijd.isoformat(),
        "reden_wijziging": versie.reden_wijziging,
        "referentie_aanbieder": None if opdracht is None else opdracht["referentie_aanbieder"],
        "versie": versie.versie,
        "variant": versie.variant,
        "status": toewijzing_status(versie, clock.today()),
        "laatste_301": laatste,
    }
