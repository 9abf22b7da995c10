"""Voorbeelden met geldige waarden; elke test verandert alleen waar het om gaat."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from services.toewijzing.domain.inhoud import Contract, Vraag
from services.toewijzing.domain.levering import Start, Stop
from services.toewijzing.domain.toewijzing import Omvang, Product, Versie

A1 = "75750101"
UUR_PER_WEEK = Omvang(3, "04", "2")


def een_versie(**anders: Any) -> Versie:
    velden: dict[str, Any] = {
        "nummer": 610001,
        "versie": 1,
        "aanbieder": A1,
        "product": Product("02", "02A05"),
        "omvang": UUR_PER_WEEK,
        "budget_cent": None,
        "ingangsdatum": date(2026, 2, 2),
        "einddatum": date(2026, 7, 31),
        "besluit_at": datetime(2026, 1, 19, 9, tzinfo=UTC),
        "toewijzingsdatum": date(2026, 1, 19),
        "toewijzingstijd": time(10),
        "variant": "inspanning",
    }
    return Versie(**(velden | anders))


def een_vraag(**anders: Any) -> Vraag:
    velden: dict[str, Any] = {
        "aanbieder": A1,
        "product": Product("02", "02A05"),
        "omvang": UUR_PER_WEEK,
        "budget_cent": None,
        "ingangsdatum": date(2026, 2, 2),
        "einddatum": date(2026, 7, 31),
    }
    return Vraag(**(velden | anders))


def een_contract(**anders: Any) -> Contract:
    velden: dict[str, Any] = {
        "aanbieder": A1,
        "product_categorie": "02",
        "product_code": "02A05",
        "variant": "inspanning",
        "geldig_vanaf": date(2025, 1, 1),
        "geldig_tot": None,
    }
    return Contract(**(velden | anders))


def een_start(**anders: Any) -> Start:
    velden: dict[str, Any] = {
        "nummer": 610001,
        "product": Product("02", "02A05"),
        "begindatum": date(2026, 2, 4),
    }
    return Start(**(velden | anders))


def een_stop(reden: str = "20", einddatum: date = date(2026, 4, 10), **anders: Any) -> Stop:
    return Stop(een_start(**anders), reden, einddatum)
