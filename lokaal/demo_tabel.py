"""What the chain says of itself: a table per municipality, from its lists and mailboxes."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aanbieder import regels
from lokaal.demo_bewoners import AANBIEDERS, GEMEENTEN
from lokaal.demo_spelers import Aanbieders, Gemeenten
from schemas.iwmo import codec

SOORTEN = ("WMO301", "WMO302", "WMO305", "WMO306", "WMO307", "WMO308", "WMO323", "WMO325")


@dataclass
class Stand:
    """One municipality in numbers."""

    berichten: Counter[str] = field(default_factory=Counter)
    redenen: Counter[str] = field(default_factory=Counter)
    afgekeurd: int = 0
    ingediend_cent: int = 0
    toegekend_cent: int = 0


async def toon(gemeenten: Gemeenten, aanbieders: Aanbieders) -> None:
    """Print the table: messages per kind, refusals by reason, claimed and awarded."""
    standen = {g: Stand() for g in GEMEENTEN}
    for agb in AANBIEDERS:
        antwoorden = [r for r in await aanbieders.berichten(agb) if r["soort"] == "WMO325"]
        inhoud = await asyncio.gather(*(aanbieders.haal(agb, r["bericht_id"]) for r in antwoorden))
        for rij, raw in zip(antwoorden, inhoud, strict=True):
            _tel(standen[str(rij["afzender"])], codec.parse(raw).inhoud())
    for g, stand in standen.items():
        rijen = await gemeenten.lijst("knooppunt", "/v1/berichten", g, "berichten")
        stand.berichten.update(r["soort"] for r in rijen)
    _druk(standen)


def _tel(stand: Stand, inhoud: dict[str, Any]) -> None:
    codes = regels.codes_in(inhoud)
    stand.redenen.update(codes)
    antwoord = inhoud.get("declaratie_antwoord")
    if antwoord is None:
        stand.afgekeurd += 1
        return
    stand.afgekeurd += sum(1 for c in antwoord.get("clienten") or [] for p in c["prestaties"] if p["retourcodes"])
    stand.ingediend_cent += antwoord["totaal_ingediend_cent"]
    stand.toegekend_cent += antwoord["totaal_toegekend_cent"]


def _euro(cent: int) -> str:
    return f"{cent / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def _druk(standen: dict[str, Stand]) -> None:
    kop = [
        "gemeente",
        *(s.removeprefix("WMO") for s in SOORTEN),
        "afgekeurd",
        "ingediend",
        "toegekend",
        "redenen",
    ]
    rijen = [kop]
    totaal = Stand()
    for g, stand in standen.items():
        rijen.append(_rij(GEMEENTEN[g][0], stand))
        totaal.berichten.update(stand.berichten)
        totaal.redenen.update(stand.redenen)
        totaal.afgekeurd += stand.afgekeurd
        totaal.ingediend_cent += stand.ingediend_cent
        totaal.toegekend_cent += stand.toegekend_cent
    rijen.append(_rij("samen", totaal))
    breedte = [max(len(r[i]) for r in rijen) for i in range(len(kop))]
    print()
    for rij in rijen:
        cellen = [w.ljust(b) if i in (0, len(kop) - 1) else w.rjust(b)
                  for i, (w, b) in enumerate(zip(rij, breedte, strict=True))]  # fmt: skip
        print("  ".join(cellen).rstrip(), flush=True)


def _rij(naam: str, stand: Stand) -> list[str]:
    redenen = " ".join(f"{code}:{n}" for code, n in stand.redenen.most_common())
    return [
        naam, *(str(stand.berichten[s]) for s in SOORTEN), str(stand.afgekeurd),
        _euro(stand.ingediend_cent), _euro(stand.toegekend_cent), redenen,
    ]  # fmt: skip
