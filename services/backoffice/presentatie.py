"""A row of the read model as the screens and the JSON show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.iwmo.codes import GEMEENTEN, PRODUCT_CATEGORIE, RETOURCODES

from .domain.taal import AMSTERDAM, SOORTEN, STATUSSEN, datum, soort_naam

ANTWOORDEN = frozenset({"WMO306", "WMO308", "WMO325"})


def betekenis(code: str) -> str:
    """The Dutch label of a retourcode."""
    return RETOURCODES.get(code, "Onbekende code")


def gemeente_naam(code: str) -> str:
    """`0664` -> `Goes`; a code that the list lacks stays as it is."""
    return GEMEENTEN.get(code, code)


def categorie(code: str | None) -> str:
    """`02` -> `Begeleiding (02)`."""
    if code is None:
        return "Nog vrij te kiezen"
    return f"{PRODUCT_CATEGORIE.get(code, 'Onbekende categorie')} ({code})"


def partij(code: str | None, aanbieder: str | None) -> str:
    """Who must act, in words: `gemeente`, `aanbieder`, an AGB or a municipality's code."""
    if code == "gemeente" or (code is not None and len(code) == 4 and code.isdigit()):
        return "De gemeente"
    agb = aanbieder if code == "aanbieder" else code
    return f"Aanbieder {agb}" if agb else "De aanbieder"


def wie(rij: Mapping[str, Any]) -> str | None:
    """`De gemeente is aan zet, uiterlijk 9 februari 2026.`"""
    details = rij["details"]
    if not details["aan_zet"]:
        return None
    grens = f", uiterlijk {datum(details['uiterlijk'])}" if details["uiterlijk"] else ""
    return f"{partij(details['aan_zet'], rij['aanbieder'])} is aan zet{grens}."


def regel(rij: Mapping[str, Any]) -> dict[str, Any]:
    """One row, ready to show: also the data of a server-sent event."""
    lokaal: dt.datetime = rij["gebeurd_at"].astimezone(AMSTERDAM)
    return {
        "volgnr": rij["volgnr"],
        "event_id": rij["event_id"],
        "type": rij["type"],
        "gebeurd_at": rij["gebeurd_at"].isoformat(),
        "tijd": f"{lokaal:%H:%M:%S}",
        "dag": datum(lokaal.date()),
        "soort": soort_naam(rij["soort"]),
        "soort_code": rij["soort"],
        "zin": rij["samenvatting"],
        "status": rij["status"],
        "stand": STATUSSEN[rij["status"]],
        "aanbieder": rij["aanbieder"],
        "client_id": rij["client_id"],
        "bericht_id": rij["bericht_id"],
        "codes": [{"code": code, "betekenis": betekenis(code)} for code in rij["details"]["codes"]],
        "velden": rij["details"]["velden"],
        "aan_zet": rij["details"]["aan_zet"],
        "uiterlijk": rij["details"]["uiterlijk"],
        "wie": wie(rij),
    }


def tellingen(aantallen: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """The strip of counts, in the order of the chain; a kind without messages shows 0."""
    soorten = [*SOORTEN, *sorted(set(aantallen) - set(SOORTEN))]
    return [
        {"soort": soort, "naam": SOORTEN.get(soort, soort), "aantal": aantal, "afgekeurd": afgekeurd}
        for soort in soorten
        for aantal, afgekeurd in [aantallen.get(soort, (0, 0))]
    ]


def openstaand(rijen: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Who must still act, oldest first: per opdracht or message the last word counts."""
    opdracht_van = {
        rij["bericht_id"]: rij["details"]["onderwerp"] for rij in rijen if rij["type"] == "knooppunt.bericht_verzonden"
    }
    laatste: dict[str, Mapping[str, Any]] = {}
    for rij in rijen:
        onderwerp = rij["details"]["onderwerp"] or opdracht_van.get(rij["bericht_id"]) or rij["bericht_id"]
        if rij["type"].startswith("toewijzing.indicatie_"):
            onderwerp = "besluit"
        if onderwerp is None:
            continue
        vorige = laatste.get(onderwerp)
        if vorige is not None and vorige["status"] == "afgekeurd" and rij["soort"] in ANTWOORDEN:
            continue  # the answer only carries the refusal to the provider, it does not solve it
        laatste[onderwerp] = rij
        if rij["telt"]:
            _vervang_afgekeurde(laatste, onderwerp, rij)
    return [{"zin": rij["samenvatting"], "wie": tekst} for rij in laatste.values() if (tekst := wie(rij)) is not None]


def _vervang_afgekeurde(laatste: dict[str, Mapping[str, Any]], onderwerp: str, nieuw: Mapping[str, Any]) -> None:
    # A new message of the same kind and provider takes the place of the refused one.
    for sleutel, rij in list(laatste.items()):
        zelfde = rij["soort"] == nieuw["soort"] and rij["aanbieder"] == nieuw["aanbieder"]
        if sleutel != onderwerp and zelfde and rij["status"] == "afgekeurd":
            del laatste[sleutel]
