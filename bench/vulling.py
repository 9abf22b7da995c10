"""What the bench hands in: residents, a start, and one large claim."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any, NamedTuple

from schemas.iwmo import schrijf
from schemas.iwmo.codes import bsn_valid

A1 = "75750101"
GOES = "0664"
TARIEF_CENT = 5875
CONTRACTEN: list[dict[str, Any]] = [
    {
        "aanbieder": A1,
        "product_categorie": "02",
        "product_code": "02A05",
        "variant": "inspanning",
        "eenheid": "04",
        "tarief_cent": TARIEF_CENT,
        "geldig_vanaf": "2025-01-01",
    }
]
EINDE = "2026-07-31"
MAANDEN = [
    ("2025-12-01", "2025-12-31"), ("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"),
    ("2026-03-01", "2026-03-31"),
]  # fmt: skip
"""Every client claims one line for each of these."""


class Bewoner(NamedTuple):
    """A resident with a toewijzing of 02A05 at A1."""

    bsn: str
    nummer: int


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
        "einddatum": EINDE,
        "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
    }


def een_start(bewoner: Bewoner, dagtekening: dt.date) -> bytes:
    start = {
        "toewijzing_nummer": bewoner.nummer,
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-02-02",
        "begindatum": "2026-02-04",
        "status_aanlevering": "1",
    }
    return schrijf.start_305(
        afzender=A1, ontvanger=GOES, identificatie=f"B{bewoner.nummer}", dagtekening=dagtekening,
        client=een_client(bewoner.bsn), start_producten=[start],
    )  # fmt: skip


def declaratie(bewoners: list[Bewoner], dagtekening: dt.date, naam: str, tarief_cent: int = TARIEF_CENT) -> bytes:
    """One 323 over march: every resident claims 12 hours for each month so far. `naam` makes it unlike others."""

    def regel(nummer: int, begin: str, eind: str) -> dict[str, Any]:
        return {
            "referentie_nummer": f"{naam}{nummer}{begin[5:7]}",
            "vorig_referentie_nummer": None,
            "toewijzing_nummer": nummer,
            "product_categorie": "02",
            "product_code": "02A05",
            "begindatum": begin,
            "einddatum": eind,
            "geleverd_volume": 12,
            "eenheid": "04",
            "product_tarief_cent": tarief_cent,
            "ingediend_cent": 12 * tarief_cent,
            "debet_credit": "D",
        }

    clienten = [{"bsn": bsn, "prestaties": [regel(nummer, *maand) for maand in MAANDEN]} for bsn, nummer in bewoners]
    inhoud = {
        "declaratie_nummer": naam,
        "declaratie_periode": {"begindatum": "2026-03-01", "einddatum": "2026-03-31"},
        "declaratie_dagtekening": dagtekening.isoformat(),
        "clienten": clienten,
    }
    return schrijf.declaratie_323(
        afzender=A1, ontvanger=GOES, identificatie=naam, dagtekening=dagtekening, declaratie=inhoud
    )
