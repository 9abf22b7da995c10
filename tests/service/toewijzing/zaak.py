"""Een client met toewijzingen, door de handlers heen: gebeurtenis erin, gebeurtenissen eruit."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from chassis.clock import clock
from chassis.db import Pool, Tenant, transaction
from chassis.inbox import lock_client
from chassis.kafka import Event
from services.toewijzing.handlers import bericht, indicatie
from services.toewijzing.handlers.contract import vervang_contracten
from services.toewijzing.handlers.overzicht import list_toewijzingen

A1 = "75750101"
GOES = "0664"
VAN_GOES = Tenant(gemeente=GOES)


def een_contract(code: str, eenheid: str) -> dict[str, Any]:
    return {
        "aanbieder": A1,
        "product_categorie": code[:2],
        "product_code": code,
        "variant": "inspanning",
        "eenheid": eenheid,
        "tarief_cent": 5875,
        "minuten_toegestaan": None,
        "leveringsvorm": None,
        "geldig_vanaf": date(2025, 1, 1),
        "geldig_tot": None,
    }


def begeleiding(**anders: Any) -> dict[str, Any]:
    return {
        "aanbieder": A1,
        "product": {"categorie": "02", "code": "02A05"},
        "ingangsdatum": "2026-02-02",
        "einddatum": "2026-07-31",
        "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
    } | anders


def dagbesteding(**anders: Any) -> dict[str, Any]:
    return {
        "aanbieder": A1,
        "product": {"categorie": "07", "code": "07A12"},
        "ingangsdatum": "2026-03-02",
        "einddatum": "2026-07-31",
        "omvang": {"volume": 2, "eenheid": "16", "frequentie": "2"},
    } | anders


@dataclass
class Zaak:
    pool: Pool
    client_id: str = field(default_factory=lambda: "".join(random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=26)))

    async def contracten(self) -> None:
        async with transaction(self.pool, VAN_GOES) as tx:
            await vervang_contracten(tx, GOES, [een_contract("02A05", "04"), een_contract("07A12", "16")])

    def _event(self, type_: str, data: dict[str, Any], wacht_voorbij: bool = False) -> Event:
        return Event(
            event_id=str(uuid4()),
            type=type_,
            gemeente=GOES,
            aanbieder=A1,
            client_id=self.client_id,
            gebeurd_at=datetime.now(UTC),
            data=data,
            wacht_voorbij=wacht_voorbij,
        )

    async def indiceer(self, *producten: dict[str, Any]) -> list[dict[str, Any]]:
        data = {
            "indicatie_id": str(uuid4()),
            "beschikking": {"nummer": "1", "ingangsdatum": "2026-01-01"},
            "producten": list(producten),
        }
        return await self._speel(indicatie.indicatie_vastgesteld, self._event("intake.indicatie_vastgesteld", data))

    async def ontvang(
        self, soort: str, inhoud: dict[str, Any], opdracht_id: str | None = None, wacht_voorbij: bool = True
    ) -> list[dict[str, Any]]:
        data = {
            "bericht_id": str(uuid4()),
            "ontvangstnummer": 1,
            "soort": soort,
            "opdracht_id": opdracht_id,
            "dagtekening": clock.today(),
            "ontvangen_at": clock.now(),
            "inhoud": inhoud,
        }
        event = self._event("knooppunt.bericht_ontvangen", data, wacht_voorbij)
        return await self._speel(bericht.bericht_ontvangen, event)

    async def start(self, nummer: int, begindatum: str, status: str = "1") -> dict[str, Any]:
        regel = {
            "toewijzing_nummer": nummer,
            "product": {"categorie": "02", "code": "02A05"},
            "begindatum": begindatum,
            "status_aanlevering": status,
        }
        return oordeel(await self.ontvang("WMO305", {"start_producten": [regel]}))

    async def stop(self, nummer: int, begindatum: str, *stops: tuple[str, str, str]) -> dict[str, Any]:
        regels = [
            {
                "toewijzing_nummer": nummer,
                "product": {"categorie": "02", "code": "02A05"},
                "begindatum": begindatum,
                "reden_beeindiging": reden,
                "einddatum": einddatum,
                "status_aanlevering": status,
            }
            for reden, einddatum, status in stops
        ]
        return oordeel(await self.ontvang("WMO307", {"stop_producten": regels}))

    async def declareer(self, nummer: int, cent: int) -> None:
        prestatie = {"regel": 0, "toewijzing_nummer": nummer, "ingediend_cent": cent, "retourcodes": []}
        data = {"bericht_id": "x", "deel": 0, "client_codes": [], "prestaties": [prestatie]}
        event = self._event("declaratie.declaratiedeel_beoordeeld", data)
        await self._speel(lambda tx, event: bericht.declaratiedelen_beoordeeld(tx, [event]), event)

    async def _speel(self, handler: Any, event: Event) -> list[dict[str, Any]]:
        async with transaction(self.pool, VAN_GOES) as tx:
            await lock_client(tx, GOES, self.client_id)
            na = await tx.fetchval("SELECT coalesce(max(id), 0) FROM outbox")
            await handler(tx, event)
        return await self.gebeurtenissen(na)

    async def gebeurtenissen(self, na: int = 0) -> list[dict[str, Any]]:
        async with transaction(self.pool, VAN_GOES) as tx:
            rijen = await tx.fetch(
                "SELECT bericht FROM outbox WHERE id > $1 AND sleutel = $2 ORDER BY id", na, self.client_id
            )
        return [json.loads(r["bericht"]) for r in rijen]

    async def toewijzingen(self, status: str | None = None) -> list[dict[str, Any]]:
        async with transaction(self.pool, VAN_GOES) as tx:
            pagina = await list_toewijzingen(
                tx, GOES, client_id=self.client_id, aanbieder=None, status=status, na=0, limit=50
            )
        rijen: list[dict[str, Any]] = pagina["toewijzingen"]
        return rijen


def van(gebeurtenissen: list[dict[str, Any]], type_: str) -> list[dict[str, Any]]:
    return [g["data"] for g in gebeurtenissen if g["type"] == f"toewijzing.{type_}"]


def oordeel(gebeurtenissen: list[dict[str, Any]]) -> dict[str, Any]:
    [data] = van(gebeurtenissen, "bericht_beoordeeld")
    codes: dict[str, Any] = data["codes"]
    return codes
