"""Measures the chain from the outside, each figure beside something bare in the same run: `make bench`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from bench import kaal, metingen
from bench.vulling import CONTRACTEN, GOES, MAANDEN, Bewoner, declaratie, leg_toewijzingen_voor, proef_bsns
from lokaal.spel import Spel, gestarte_keten

DOELEN = {
    "305 -> 306, rustig": "p50 <= 30 ms, p99 <= 100 ms",
    "305 -> 306, onder declaraties": "p99 <= 250 ms",
    "323 -> 325, een bestand": ">= 6000 prestaties/s",
}
EERSTE_NUMMER = 700_000_001


def meet(spel: Spel, wensen: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Every figure by its name."""
    kafka, dsn = spel.urls["kafka"], spel.urls["postgres"]
    os.environ["ZORGKETEN_SLEUTEL_PSEUDONIEM"] = json.loads((spel.map / "geheimen.json").read_text())["pseudoniem"]
    spel.klok("2026-01-19T10:00:00+01:00")
    spel.zet_contracten(GOES, CONTRACTEN)
    aantal = wensen.per_s * wensen.seconden
    uit: dict[str, dict[str, Any]] = {}
    uit["indicatie -> 301"], bewoners = metingen.indicaties(spel, proef_bsns(max(wensen.indicaties, 2 * aantal)))
    spel.klok("2026-04-07T10:00:00+02:00")

    uit["305 -> 306, rustig"] = metingen.starts(spel, bewoners[:aantal], wensen.per_s)
    uit["kaal: hop en twee commits"] = asyncio.run(kaal.hop(kafka, dsn, 300))

    per_client = len(MAANDEN)
    clienten = wensen.regels // per_client
    bsns = proef_bsns(clienten)
    groepen = [_bewoners(bsns, 0), *(_bewoners(bsns[: clienten // 5], n) for n in range(1, 6)), _bewoners(bsns, 6)]
    asyncio.run(leg_toewijzingen_voor(kafka, [bewoner for groep in groepen for bewoner in groep]))
    metingen.wacht_op_beeld(dsn, len(bewoners) + sum(map(len, groepen)))
    een, *vijf = [declaratie(groep, spel.vandaag(), f"BENCH{n}") for n, groep in enumerate(groepen[:6])]
    regels = clienten * per_client
    uit["323 -> 325, een bestand"] = metingen.declaraties(spel, [een], regels)
    uit["323 -> 325, vijf samen"] = metingen.declaraties(spel, vijf, clienten // 5 * 5 * per_client)
    uit["kaal: parse en XSD"] = {"bytes": len(een), "per_s": kaal.parse_en_xsd(een, regels)}
    uit["kaal: Kafka en COPY"] = asyncio.run(kaal.kafka_en_copy(kafka, dsn, regels))

    with metingen.onder_declaraties(spel, groepen[6]) as ingediend:
        uit["305 -> 306, onder declaraties"] = metingen.starts(spel, bewoners[aantal : 2 * aantal], wensen.per_s)
        uit["305 -> 306, onder declaraties"]["declaraties"] = ingediend()
    return uit


def _bewoners(bsns: list[str], groep: int) -> list[Bewoner]:
    """A toewijzing of its own per group, so that no claim meets another's lines."""
    begin = EERSTE_NUMMER + groep * 1_000_000
    return [Bewoner(bsn, begin + n) for n, bsn in enumerate(bsns)]


def toon(uit: dict[str, dict[str, Any]]) -> str:
    """The table."""
    regels = []
    for naam, cijfers in uit.items():
        tekst = "  ".join(f"{sleutel} {waarde}" for sleutel, waarde in cijfers.items())
        regels.append(f"{naam:<32}{tekst:<64}{'doel: ' + DOELEN[naam] if naam in DOELEN else ''}".rstrip())
    return "\n".join(regels)


def main() -> None:
    vragen = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    vragen.add_argument("--indicaties", type=int, default=1000, help="indicaties of which the 301 is awaited")
    vragen.add_argument("--per-s", type=int, default=50, help="starts per second")
    vragen.add_argument("--seconden", type=int, default=10, help="how long starts come in, twice")
    vragen.add_argument("--regels", type=int, default=20_000, help="lines of the big 323, at most 36,000")
    vragen.add_argument("--json", type=Path, help="write the figures here as well")
    wensen = vragen.parse_args()
    with tempfile.TemporaryDirectory() as map_, gestarte_keten(Path(map_), 300) as spel:
        uit = meet(spel, wensen)
    print(toon(uit))
    tekst = json.dumps(uit, indent=2)
    if wensen.json:
        wensen.json.write_text(tekst + "\n")
    print(tekst)


if __name__ == "__main__":
    main()
