"""The arithmetic of a prestatie (processes.md 6): hours, amounts in cents, and the period. Pure functions."""

from calendar import monthrange
from datetime import date
from typing import Any

MINUUT, UUR, EUROS = "01", "04", "83"


def hele_uren(minuten: int) -> int:
    """IV079: below 30 minutes down, from 30 up, and at least one hour."""
    return max(1, (minuten + 30) // 60)


def minuuttarief_cent(uurtarief_cent: int) -> int:
    """IV081: the ProductTarief of a claim in minutes on an hourly rate, half a cent up."""
    return (uurtarief_cent + 30) // 60


def bedrag_in_minuten_cent(uurtarief_cent: int, minuten: int) -> int:
    """TR346: the amount from the unrounded rate, half a cent up."""
    return (uurtarief_cent * minuten + 30) // 60


def maand(periode: str) -> tuple[date, date]:
    """First and last day of a month written as 2026-02. Raises ValueError when it is none."""
    begin = date.fromisoformat(f"{periode}-01")
    return begin, begin.replace(day=monthrange(begin.year, begin.month)[1])


def product_periode(toewijzing: dict[str, Any], periode: str) -> tuple[str, str] | None:
    """TR387, TR388, IV089: the month as far as the toewijzing covers it; None when it does not touch it."""
    eerste, laatste = (dag.isoformat() for dag in maand(periode))
    begin, eind = max(eerste, toewijzing["ingangsdatum"]), min(laatste, toewijzing["einddatum"] or laatste)
    return (begin, eind) if begin <= eind else None


def bedragen(eenheid: str, volume: int, tarief_cent: int | None, per_uur: bool = False) -> dict[str, int | None]:
    """`product_tarief_cent` and `ingediend_cent` of a line.

    Euros have no rate: the volume is the amount (CS339, CD087). `per_uur`: minutes on an hourly rate.
    """
    if eenheid == EUROS:
        return {"product_tarief_cent": None, "ingediend_cent": volume}
    assert tarief_cent is not None
    if per_uur:
        return {
            "product_tarief_cent": minuuttarief_cent(tarief_cent),
            "ingediend_cent": bedrag_in_minuten_cent(tarief_cent, volume),
        }
    return {"product_tarief_cent": tarief_cent, "ingediend_cent": volume * tarief_cent}
