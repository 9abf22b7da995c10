"""Contracts and settings as the screen shows them, and a filled-in form as the command of their owner."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from schemas.iwmo.codes import EENHEID

from .domain.taal import datum, euro
from .presentatie import categorie

VARIANTEN = {"inspanning": "Inspanningsgericht", "output": "Outputgericht", "taak": "Taakgericht"}
KEUZES = {
    "verzoek_om_toewijzing_toegestaan": "Aanbieders mogen om een toewijzing vragen (315)",
    "verzoek_om_wijziging_toegestaan": "Aanbieders mogen om een wijziging vragen (317)",
    "aansluitende_periode_verplicht": "Een declaratie moet aansluiten op de vorige maand (8214)",
}
"""The settings of toewijzing that a person may change here; others stay as they are."""


DUIZENDTALLEN = re.compile(r"^[0-9]{1,3}(\.[0-9]{3})+$")


class Onjuist(ValueError):
    """A field of a form that does not fit; its text says which, for the person."""


def toon_contract(contract: Mapping[str, Any]) -> dict[str, Any]:
    """One line of the contracts, ready to show."""
    eenheid = EENHEID.get(contract["eenheid"] or "", "")
    tarief = "geen vast tarief" if contract["tarief_cent"] is None else euro(contract["tarief_cent"])
    return {
        **contract,
        "categorie": categorie(contract["product_categorie"]),
        "product": contract["product_code"] or "alle producten",
        "variant_naam": VARIANTEN[contract["variant"]],
        "tarief": f"{tarief} per {eenheid.lower()}" if eenheid else tarief,
        "geldig": f"vanaf {datum(contract['geldig_vanaf'])}"
        + (f" tot en met {datum(contract['geldig_tot'])}" if contract["geldig_tot"] else ""),
    }


def producten(contracten: Sequence[Mapping[str, Any]], vandaag: dt.date) -> list[dict[str, Any]]:
    """The products that can be assigned: of how many aanbieders, and at which rates today."""
    per_product: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for contract in contracten:
        per_product.setdefault((contract["product_categorie"], contract["product_code"] or ""), []).append(contract)
    return [
        {
            "categorie": categorie(code_categorie),
            "product": code or "alle producten",
            "aanbieders": sorted({c["aanbieder"] for c in rijen}),
            "tarieven": _tarieven([c for c in rijen if _geldt(c, vandaag)]),
            "geldt": any(_geldt(c, vandaag) for c in rijen),
        }
        for (code_categorie, code), rijen in sorted(per_product.items())
    ]


def _geldt(contract: Mapping[str, Any], vandaag: dt.date) -> bool:
    return bool(contract["geldig_vanaf"] <= vandaag.isoformat() <= (contract["geldig_tot"] or "9999-12-31"))


def _tarieven(contracten: Sequence[Mapping[str, Any]]) -> str:
    centen = sorted({c["tarief_cent"] for c in contracten if c["tarief_cent"] is not None})
    if not centen:
        return "geen vast tarief"
    return euro(centen[0]) if len(centen) == 1 else f"{euro(centen[0])} tot {euro(centen[-1])}"


def contractwijziging(velden: Mapping[str, str]) -> dict[str, Any]:
    """The command behind the form. Raises Onjuist."""
    soort = velden["soort"]
    keuze = {
        naam: waarde
        for naam, waarde in (
            ("aanbieder", velden["aanbieder"]),
            ("product_categorie", velden["categorie"]),
            ("product_code", velden["code"].upper()),
        )
        if waarde
    }
    if soort == "indexatie":
        return {"soort": soort, **keuze, "per": _dag(velden["dag"]), "promille": _promille(velden["procent"])}
    if soort == "beeindiging":
        if not velden["aanbieder"]:
            raise Onjuist("Vul in van welke aanbieder de contracten eindigen.")
        return {"soort": soort, **keuze, "laatste_dag": _dag(velden["dag"])}
    if soort != "toevoeging":
        raise Onjuist("Kies wat u wilt wijzigen.")
    if not (velden["aanbieder"] and velden["categorie"]):
        raise Onjuist("Vul de aanbieder en de categorie van het nieuwe contract in.")
    tarief = {"tarief_cent": cent(velden["tarief"])} if velden["tarief"] else {}
    eenheid = {"eenheid": velden["eenheid"]} if velden["eenheid"] else {}
    contract = {**keuze, "variant": velden["variant"], **eenheid, **tarief, "geldig_vanaf": _dag(velden["dag"])}
    return {"soort": soort, "contracten": [contract]}


def _dag(tekst: str) -> str:
    try:
        return dt.date.fromisoformat(tekst).isoformat()
    except ValueError:
        raise Onjuist("Vul de dag in waarop dit ingaat.") from None


def _getal(tekst: str) -> Decimal:
    kaal = tekst.replace("€", "").replace(" ", "")
    # A point before three digits parts thousands: 1.250 is not one and a quarter.
    if "," in kaal or DUIZENDTALLEN.match(kaal):
        kaal = kaal.replace(".", "").replace(",", ".")
    try:
        getal = Decimal(kaal)
    except InvalidOperation:
        raise Onjuist("Vul een getal in, bijvoorbeeld 1250,50.") from None
    if not getal.is_finite():
        raise Onjuist("Vul een getal in, bijvoorbeeld 1250,50.")
    return getal


def _promille(tekst: str) -> int:
    promille = _getal(tekst) * 10
    if promille != promille.to_integral_value() or not -1000 <= promille <= 1000 or promille == 0:
        raise Onjuist("Vul een percentage in met hoogstens een cijfer achter de komma, tussen -100 en 100.")
    return int(promille)


def cent(tekst: str) -> int:
    """`1.250,50` -> 125050. Raises Onjuist."""
    centen = _getal(tekst) * 100
    if centen != centen.to_integral_value() or not 0 <= centen <= 10**13:
        raise Onjuist("Vul een bedrag in van nul of meer, met hoogstens twee cijfers achter de komma.")
    return int(centen)


def bedrag(centen: int | None) -> str:
    """The value of a field for an amount: `1250,50`."""
    return "" if centen is None else f"{centen // 100},{centen % 100:02d}"
