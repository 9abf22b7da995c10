"""Rate and amount in whole cents (TR346, TR418); rounding is half up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.declaratie.domain.waarden import EURO, MINUUT, UUR, Contract, Prestatie


def round_half_up(teller: int, noemer: int) -> int:
    """teller / noemer, half up, without floating point."""
    return (2 * teller + noemer) // (2 * noemer)


def contract_on(contracten: Sequence[Contract], categorie: str, code: str, begindatum: date) -> Contract | None:
    """The contract that holds on ProductPeriode.Begindatum; one with a product code goes first."""
    geldig = [
        c
        for c in contracten
        if c.categorie == categorie
        and c.code in (None, code)
        and c.geldig_vanaf <= begindatum
        and (c.geldig_tot is None or begindatum <= c.geldig_tot)
    ]
    return max(geldig, key=lambda c: (c.code is not None, c.geldig_vanaf), default=None)


def expected_rate(contract: Contract, eenheid: str) -> int | None:
    """TR418: the rate that the line must carry; None when the contract names no rate."""
    if contract.tarief_cent is None or eenheid == EURO:
        return None
    if (contract.eenheid, eenheid) == (UUR, MINUUT):
        return round_half_up(contract.tarief_cent, 60)
    if (contract.eenheid, eenheid) == (MINUUT, UUR):
        return contract.tarief_cent * 60
    return contract.tarief_cent


def amount(volume: int, eenheid: str, contract: Contract | None) -> int | None:
    """The cents of a volume at the rate of the contract; minutes are computed from the whole hourly rate (IV079)."""
    if eenheid == EURO:
        return volume
    if contract is None or contract.tarief_cent is None:
        return None
    if (contract.eenheid, eenheid) == (UUR, MINUUT):
        return round_half_up(contract.tarief_cent * volume, 60)
    tarief = expected_rate(contract, eenheid)
    return None if tarief is None else volume * tarief


def expected_amount(prestatie: Prestatie, contract: Contract | None) -> int | None:
    """TR346: the amount of this volume at the rate of the line; minutes are computed from the whole hourly rate."""
    in_minuten = contract is not None and (contract.eenheid, prestatie.eenheid) == (UUR, MINUUT)
    if prestatie.eenheid == EURO or (in_minuten and contract is not None and contract.tarief_cent is not None):
        return amount(prestatie.volume, prestatie.eenheid, contract)
    return None if prestatie.tarief_cent is None else prestatie.volume * prestatie.tarief_cent
