"""What the bench hands in: residents, a start, and one large claim."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from schemas.iwmo import schrijf
from schemas.iwmo.codes import bsn_valid

A1 = "75750101"
GOES = "0664"
CONTRACTEN: list[dict[str, Any]] = [
    {
        "aanbieder": A1,
        "product_categorie": "02",
        "product_code": "02A05",
        "variant": "inspanning",
        "eenheid": "04",
        "tarief_cent": 5875,
        "geldig_vanaf": "2025-01-01",
    }
]
MAANDEN = [("2026-02-02", "2026-02-28"), ("2026-03-01", "2026-03-31")]


def proef_bsns(aantal: int) -> list[str]:
    """Test BSNs that pass the 11-proef (CS002)."""
    return list(itertools.islice((b for n in itertools.count(1000) if bsn_valid(b := f"9999{n:05d}")), aantal))


def een_client(bsn: str) -> dict[str, Any]:
    return {
        "bsn": bsn,
        "geboortedatum": "1950-05-17",
        "geslacht": "2",
        "naam": {"achternaam": "Meetduin"},
        "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"},
    }


def een_toewijzing() -> dict[str, Any]:
    return {
        "aanbieder": A1,
        "product": {"categorie": "02", "code": "02A05"},
        "ingangsdatum": "2026-02-02",
        "einddatum": "2026-07-31",
        "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
    }


def een_start(bsn: str, nummer: int, dagtekening: dt.date) -> bytes:
    start = {
        "toewijzing_nummer": nummer,
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-02-02",
        "begindatum": "2026-02-04",
        "status_aanlevering": "1",
    }
    return schrijf.start_305(
        afzender=A1, ontvanger=GOES, identificatie=f"B{nummer}", dagtekening=dagtekening,
        client=een_client(bsn), start_producten=[start],
    )  # fmt: skip


def declaratie(bewoners: list[tuple[str, int]], dagtekening: dt.date) -> bytes:
    """One 323 over march: every resident claims 12 hours for each month so far."""

    def regel(nummer: int, begin: str, eind: str) -> dict[str, Any]:
        return {
            "referentie_nummer": f"{nummer}-{begin[5:7]}",
            "vorig_referentie_nummer": None,
            "toewijzing_nummer": nummer,
            "product_categorie": "02",
            "product_code": "02A05",
            "begindatum": begin,
            "einddatum": eind,
            "geleverd_volume": 12,
            "eenheid": "04",
            "product_tarief_cent": 5875,
            "ingediend_cent": 70500,
            "debet_credit": "D",
        }

    clienten = [{"bsn": bsn, "prestaties": [regel(nummer, *maand) for maand in MAANDEN]} for bsn, nummer in bewoners]
    inhoud = {
        "declaratie_nummer": "BENCH1",
        "declaratie_periode": {"begindatum": "2026-03-01", "einddatum": "2026-03-31"},
        "declaratie_dagtekening": dagtekening.isoformat(),
        "clienten": clienten,
    }
    return schrijf.declaratie_323(
        afzender=A1, ontvanger=GOES, identificatie="BENCH1", dagtekening=dagtekening, declaratie=inhoud
    )
