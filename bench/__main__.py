"""Measures the chain from the outside, each figure beside something bare in the same run: `make bench`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from bench import bericht, kaal, metingen
from bench.vulling import CONTRACTEN, GOES, MAANDEN, Bewoner, declaratie, leg_toewijzingen_voor, proef_bsns
from lokaal.spel import Spel, Verlopen, gestarte_keten

EERSTE_NUMMER = 700_000_001
LASTEN = 4
"""How many big claims are ready to be handed in while starts are measured; those that are not needed are not used."""

Cijfers = dict[str, dict[str, Any]]


def meet(spel: Spel, wensen: argparse.Namespace, uit: Cijfers) -> None:
    """Every figure by its name, into `uit`: what was measured stays when a later one fails."""
    kafka, dsn = spel.urls["kafka"], spel.urls["postgres"]
    os.environ["ZORGKETEN_SLEUTEL_PSEUDONIEM"] = json.loads((spel.map / "geheimen.json").read_text())["pseudoniem"]
    spel.klok("2026-01-19T10:00:00+01:00")
    spel.zet_contracten(GOES, CONTRACTEN)
    aantal, postbus = wensen.per_s * wensen.seconden, metingen.Postbus(spel)
    uit["indicatie -> 301"], bewoners = metingen.indicaties(
        spel, postbus, proef_bsns(max(wensen.indicaties, 3 * aantal + wensen.per_s))
    )
    spel.klok("2026-04-07T10:00:00+02:00")
    metingen.starts(spel, postbus, bewoners[-wensen.per_s :], wensen.per_s)  # what a process does once
    uit["305 -> 306, rustig"] = metingen.starts(spel, postbus, bewoners[:aantal], wensen.per_s)
    uit["kaal: hop en twee commits"] = asyncio.run(kaal.hop(kafka, dsn, 300))

    with metingen.uploads(spel, _uploads(wensen.uploads)) as stand:
        uit["305 -> 306, onder uploads"] = metingen.starts(spel, postbus, bewoners[aantal : 2 * aantal], wensen.per_s)
    uit["uploads van 25 MB"] = stand()

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

    lasten = [declaratie(groepen[6], spel.vandaag(), f"LAST{n}") for n in range(LASTEN)]
    with metingen.onder_declaraties(spel, lasten) as ingediend:
        onder = metingen.starts(spel, postbus, bewoners[2 * aantal : 3 * aantal], wensen.per_s)
        uit["305 -> 306, onder declaraties"] = onder | {"declaraties": ingediend()}


def _uploads(aantal: int) -> list[bytes]:
    """As full as a file may be. The total is a cent off (TR358): all of the edge works on it, and nothing behind it."""
    heel = bericht.declaratie(bericht.CLIENTEN, "UPLOAD0")
    heel = heel.replace(b"</iwmo:TotaalBedrag>", b"1</iwmo:TotaalBedrag>", 1)
    return [heel.replace(b"UPLOAD0", f"UPLOAD{n}".encode()) for n in range(aantal)]


def _bewoners(bsns: list[str], groep: int) -> list[Bewoner]:
    """A toewijzing of its own per group, so that no claim meets another's lines."""
    begin = EERSTE_NUMMER + groep * 1_000_000
    return [Bewoner(bsn, begin + n) for n, bsn in enumerate(bsns)]


TABEL = [
    ("indicatie -> 301", "per_s", None, "", ""),
    ("305 -> 306, rustig", "p50_ms", "kaal: hop en twee commits", "p50_ms", "<= 30"),
    ("305 -> 306, rustig", "p99_ms", "kaal: hop en twee commits", "p99_ms", "<= 100"),
    ("305 -> 306, onder uploads", "p99_ms", "305 -> 306, rustig", "p99_ms", "<= 2 x rustig"),
    ("uploads van 25 MB", "mb", None, "", "<= 384"),
    ("323 -> 325, een bestand", "per_s", "kaal: parse en XSD", "per_s", ">= 6000"),
    ("323 -> 325, vijf samen", "per_s", "kaal: Kafka en COPY", "kafka_in_per_s", ""),
    ("305 -> 306, onder declaraties", "p99_ms", "305 -> 306, rustig", "p99_ms", "<= 250"),
]
"""What is shown: a figure, its yardstick of the same run, and the target."""


def toon(uit: Cijfers) -> str:
    """The table."""
    regels = [("wat", "", "gemeten", "maatstaf", "", "keer", "doel")]
    for naam, veld, maat, maat_veld, doel in TABEL:
        gemeten = uit.get(naam, {}).get(veld)
        ernaast = uit.get(maat, {}).get(maat_veld) if maat else None
        keer = f"{gemeten / ernaast:.2f}" if gemeten and ernaast else ""
        getoond = "niet gemeten" if gemeten is None else str(gemeten)
        regels.append((naam, veld, getoond, maat or "-", "" if ernaast is None else str(ernaast), keer, doel))
    breed = [max(map(len, kolom)) for kolom in zip(*regels, strict=True)]
    return "\n".join("  ".join(cel.ljust(b) for cel, b in zip(rij, breed, strict=True)).rstrip() for rij in regels)


def main() -> None:
    vragen = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    vragen.add_argument("--indicaties", type=int, default=900, help="indicaties of which the 301 is awaited")
    vragen.add_argument("--per-s", type=int, default=50, help="starts per second")
    vragen.add_argument("--seconden", type=int, default=6, help="how long starts come in, three times")
    vragen.add_argument("--regels", type=int, default=20_000, help="lines of the big 323, at most 36,000")
    vragen.add_argument("--uploads", type=int, default=8, help="files of 25 MB handed in at once")
    vragen.add_argument("--json", type=Path, help="write the figures here as well")
    wensen = vragen.parse_args()
    uit: Cijfers = {}
    with tempfile.TemporaryDirectory() as map_, gestarte_keten(Path(map_), 120) as spel:
        try:
            meet(spel, wensen, uit)
        except (Verlopen, TimeoutError, httpx.HTTPError) as fout:
            uit["gestopt"] = {"omdat": str(fout) or type(fout).__name__}
    tekst = json.dumps(uit, indent=2)
    if wensen.json:
        wensen.json.write_text(tekst + "\n")
    print(tekst)
    print(toon(uit))
    sys.exit("gestopt" in uit)


if __name__ == "__main__":
    main()
