"""Measures the chain from the outside, each figure beside something bare in the same run: `make bench`."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from bench import antwoord, bericht, bestand, grootboek, kaal, metingen
from bench.vulling import A1, CONTRACTEN, GOES, MAANDEN, TARIEF_CENT, Bewoner, declaratie, proef_bsns
from lokaal.spel import Spel, Verlopen, gestarte_keten

NU = "2026-04-07T10:00:00+02:00"
WEINIG_EERDER = 10_020
GEWEIGERDE_REGELS = 30_000
LASTEN = 4
"""How many big claims are ready to be handed in while starts are measured; those that are not needed are not used."""

_NUMMERS = itertools.count(700_000_001)

Cijfers = dict[str, dict[str, Any]]


def meet(spel: Spel, wensen: argparse.Namespace, uit: Cijfers) -> None:
    """Every figure by its name, into `uit`: what was measured stays when a later one fails."""
    os.environ["ZORGKETEN_SLEUTEL_PSEUDONIEM"] = json.loads((spel.map / "geheimen.json").read_text())["pseudoniem"]
    spel.klok("2026-01-19T10:00:00+01:00")
    spel.zet_contracten(GOES, CONTRACTEN)
    postbus = metingen.Postbus(spel)
    bewoners: list[Bewoner] = []
    if wensen.alleen != "declaraties":
        bewoners = _meet_berichten(spel, postbus, wensen, uit)
    if wensen.alleen != "berichten":
        _meet_declaraties(spel, wensen, uit)
    if wensen.alleen is None:
        lasten = _bestanden(spel, LASTEN, wensen.regels, "LAST")
        with metingen.onder_declaraties(spel, lasten) as ingediend:
            onder = metingen.starts(spel, postbus, bewoners[-wensen.per_s * wensen.seconden :], wensen.per_s)
            uit["305 -> 306, onder declaraties"] = onder | {"declaraties": ingediend()}


def _meet_berichten(spel: Spel, postbus: metingen.Postbus, wensen: argparse.Namespace, uit: Cijfers) -> list[Bewoner]:
    """Small messages, quiet and under uploads; gives the residents, of whom the last are not used yet."""
    aantal = wensen.per_s * wensen.seconden
    uit["indicatie -> 301"], bewoners = metingen.indicaties(
        spel, postbus, proef_bsns(max(wensen.indicaties, 4 * aantal + wensen.per_s))
    )
    spel.klok(NU)
    eerste, bewoners = bewoners[: wensen.per_s], bewoners[wensen.per_s :]
    metingen.starts(spel, postbus, eerste, wensen.per_s)  # what a process does once
    uit["305 -> 306, rustig"] = metingen.starts(spel, postbus, bewoners[:aantal], wensen.per_s)
    uit["kaal: hop en twee commits"] = asyncio.run(kaal.hop(spel.urls["kafka"], spel.urls["postgres"], 300))
    klein, *vol = _uploads(wensen.uploads)
    spel.wacht_op_antwoord(A1, spel.post_xml(A1, klein).raise_for_status().json()["bericht_id"])
    with metingen.uploads(spel, vol) as stand:
        uit["305 -> 306, onder uploads"] = metingen.starts(spel, postbus, bewoners[aantal : 2 * aantal], wensen.per_s)
    uit["uploads van 25 MB"] = stand()
    asyncio.run(bestand.leg_bestand(spel.urls["postgres"], wensen.bestand))
    later = metingen.starts(spel, postbus, bewoners[2 * aantal : 3 * aantal], wensen.per_s)
    uit["305 -> 306, groot bestand"] = later | {"toewijzingen": wensen.bestand}
    return bewoners


def _meet_declaraties(spel: Spel, wensen: argparse.Namespace, uit: Cijfers) -> None:
    """Big claims: one, five at once, and one beside many lines of earlier years."""
    kafka, dsn, regels = spel.urls["kafka"], spel.urls["postgres"], wensen.regels
    spel.klok(NU)
    asyncio.run(grootboek.leg_eerdere_regels(dsn, 0, WEINIG_EERDER))
    (eerste,) = _bestanden(spel, 1, regels // 10, "EERST")
    metingen.declaraties(spel, [eerste], regels // 10)  # what a process does once
    (een,) = _bestanden(spel, 1, regels, "BENCH")
    uit["323 -> 325, een bestand"] = metingen.declaraties(spel, [een], regels)
    vijf = _bestanden(spel, 5, regels // 5, "VIJF")
    uit["323 -> 325, vijf samen"] = metingen.declaraties(spel, vijf, regels)
    uit["kaal: parse en XSD"] = {"bytes": len(een), "per_s": kaal.parse_en_xsd(een, regels)}
    uit["kaal: Kafka en COPY"] = alleen = asyncio.run(kaal.kafka_en_copy(kafka, dsn, regels))
    uit["kaal: traagste stap"] = {"per_s": min(uit["kaal: parse en XSD"]["per_s"], *alleen.values())}
    asyncio.run(grootboek.leg_eerdere_regels(dsn, WEINIG_EERDER, wensen.eerder))
    (later,) = _bestanden(spel, 1, regels, "LATER")
    uit["323 -> 325, veel eerdere regels"] = metingen.declaraties(spel, [later], regels) | {"eerder": wensen.eerder}
    (duurder,) = _bestanden(spel, 1, GEWEIGERDE_REGELS, "DUURDER", TARIEF_CENT + 1)
    uit["325, alles geweigerd"] = antwoord.geweigerd(spel, duurder)


def _bestanden(spel: Spel, aantal: int, regels: int, naam: str, tarief_cent: int = TARIEF_CENT) -> list[bytes]:
    """So many 323s of so many lines each, on toewijzingen of their own, so that no claim meets another's lines."""
    bsns = proef_bsns(regels // len(MAANDEN))
    groepen = [[Bewoner(bsn, next(_NUMMERS)) for bsn in bsns] for _ in range(aantal)]
    asyncio.run(grootboek.leg_toewijzingen(spel.urls["postgres"], [een for groep in groepen for een in groep]))
    return [declaratie(groep, spel.vandaag(), f"{naam}{n}", tarief_cent) for n, groep in enumerate(groepen)]


def _uploads(aantal: int) -> list[bytes]:
    """A small 323, and so many that are as full as a file may be, all with its DeclaratieNummer.

    The edge accepts each and hands over every part of it. declaratie refuses it on its header (9333), so the bench
    does not wait for the judgement of hundreds of thousands of lines.
    """
    klein, heel = (bericht.declaratie(clienten, "UPLOAD") for clienten in (1, bericht.CLIENTEN))
    kop = b"Identificatie>UPLOAD<"
    return [klein, *(heel.replace(kop, b"Identificatie>UPLOAD%d<" % n, 1) for n in range(aantal))]


TABEL = [
    ("indicatie -> 301", "per_s", None, "", ""),
    ("305 -> 306, rustig", "p50_ms", "kaal: hop en twee commits", "p50_ms", "<= 30"),
    ("305 -> 306, rustig", "p99_ms", "kaal: hop en twee commits", "p99_ms", "<= 100"),
    ("305 -> 306, onder uploads", "p99_ms", "305 -> 306, rustig", "p99_ms", "<= 2 x rustig"),
    ("uploads van 25 MB", "mb", None, "", "<= 384"),
    ("305 -> 306, groot bestand", "p50_ms", "305 -> 306, rustig", "p50_ms", "<= 1.1 keer"),
    ("305 -> 306, groot bestand", "cpu_ms", "305 -> 306, rustig", "cpu_ms", "<= 1.1 keer"),
    ("325, alles geweigerd", "mb_extra", None, "", "<= 64"),
    ("323 -> 325, een bestand", "per_s", "kaal: parse en XSD", "per_s", ">= 6000"),
    ("323 -> 325, een bestand", "cpu_s_per_10k", None, "", ""),
    ("323 -> 325, een bestand", "declaratie_mb", None, "", "<= 256"),
    ("323 -> 325, vijf samen", "per_s", "kaal: traagste stap", "per_s", ">= 6000, 0.25 keer"),
    ("323 -> 325, vijf samen", "declaratie_mb", None, "", "<= 256"),
    ("323 -> 325, veel eerdere regels", "cpu_s_per_10k", "323 -> 325, een bestand", "cpu_s_per_10k", "<= 1.1 keer"),
    ("305 -> 306, onder declaraties", "p99_ms", "305 -> 306, rustig", "p99_ms", "<= 250"),
]
"""What is shown: a figure, its yardstick of the same run, and the target."""


def toon(uit: Cijfers, *, alles: bool) -> str:
    """The table; with `alles` also of what was not measured."""
    regels = [("wat", "", "gemeten", "maatstaf", "", "keer", "doel")]
    for naam, veld, maat, maat_veld, doel in TABEL:
        if naam not in uit and not alles:
            continue
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
    vragen.add_argument("--bestand", type=int, default=200_000, help="toewijzingen of earlier, for the last starts")
    vragen.add_argument("--eerder", type=int, default=300_000, help="lines of earlier years, for the last 323")
    vragen.add_argument("--alleen", choices=("berichten", "declaraties"), help="measure no more than this")
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
    print(toon(uit, alles=wensen.alleen is None))
    sys.exit("gestopt" in uit)


if __name__ == "__main__":
    main()
