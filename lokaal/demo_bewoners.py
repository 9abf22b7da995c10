"""The residents of the demo: fictional, the same ones every time (seed 2026)."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from schemas.iwmo.codes import bsn_valid

ZAAD = 2026
GEMEENTEN = {
    "0654": ("Borsele", "4451ZZ", "Heinkenszand"),
    "0664": ("Goes", "4461ZZ", "Goes"),
    "0678": ("Kapelle", "4421ZZ", "Kapelle"),
    "1695": ("Noord-Beveland", "4491ZZ", "Wissenkerke"),
    "0703": ("Reimerswaal", "4416ZZ", "Kruiningen"),
    "1676": ("Schouwen-Duiveland", "4301ZZ", "Zierikzee"),
    "0716": ("Tholen", "4691ZZ", "Tholen"),
}
AANBIEDERS = ("75750101", "75750202", "75750303", "75750404")
PER_GEMEENTE = 18

TARIEVEN = {"02A05": 5875, "07A12": 4250, "01A03": 3600, "15A01": 12500}
CONTRACTEN = [
    {"product_categorie": "02", "product_code": "02A05", "variant": "inspanning", "eenheid": "04"},
    {"product_categorie": "07", "product_code": "07A12", "variant": "inspanning", "eenheid": "16"},
    {"product_categorie": "01", "product_code": "01A03", "variant": "inspanning", "eenheid": "04"},
    {"product_categorie": "15", "product_code": "15A01", "variant": "inspanning", "eenheid": "14"},
]
# (categorie, code, volume, eenheid, frequentie); without a code it is an aspecifieke with a budget
SOORTEN: list[tuple[str, str | None, int, str, str]] = [
    ("02", "02A05", 3, "04", "2"),
    ("07", "07A12", 4, "16", "2"),
    ("01", "01A03", 2, "04", "2"),
    ("15", "15A01", 20, "14", "4"),
    ("02", None, 300000, "", ""),
    ("02", "02A05", 5, "04", "2"),
]
MAANDEN = (1, 1, 1, 1, 2, 2, 3, 4)  # most care starts in January

_STAM = [
    "Duin",
    "Schor",
    "Kreek",
    "Polder",
    "Dijk",
    "Zilt",
    "Wier",
    "Schelp",
    "Getij",
    "Mossel",
    "Slik",
    "Meeuw",
]
_STAART = ["veld", "man", "burg", "hoek", "zand", "water", "laar", "wijk", "stra", "mans"]
_VOORNAMEN = {
    "1": ["Joris", "Adriaan", "Pieter", "Sem", "Kees"],
    "2": ["Jannetje", "Maatje", "Noor", "Tona", "Lies"],
}
_STRATEN = ["Zeedijk", "Korenlaan", "Havenpad", "Molenweg", "Achterstraat"]


@dataclass
class Bewoner:
    """One resident with the care that the municipality decided on."""

    volgnummer: int
    gemeente: str
    aanbieder: str
    maand: int
    client: dict[str, Any]
    product: dict[str, Any]
    nummers: list[int] = field(default_factory=list)

    @property
    def ingangsdatum(self) -> date:
        """First day of the care."""
        return date.fromisoformat(self.product["ingangsdatum"])

    def indicatie(self) -> dict[str, Any]:
        """The body of POST /v1/indicaties."""
        return {
            "client": self.client,
            "beschikking": {
                "nummer": f"{20260000 + self.volgnummer}",
                "ingangsdatum": self.product["ingangsdatum"],
            },
            "producten": [self.product],
        }


def contracten() -> list[dict[str, Any]]:
    """The body of PUT /v1/contracten: all products at all four providers."""
    return [
        {**c, "aanbieder": agb, "tarief_cent": TARIEVEN[str(c["product_code"])], "geldig_vanaf": "2025-01-01"}
        for agb in AANBIEDERS
        for c in CONTRACTEN
    ]


def bewoners() -> list[Bewoner]:
    """All residents, municipality after municipality, the same ones every time."""
    lot = random.Random(ZAAD)
    bsns = iter(lot.sample([b for b in (f"9999{n:05d}" for n in range(10000, 90000)) if bsn_valid(b)], 500))
    lijst: list[Bewoner] = []
    for g, (gemeente, (_, postcode, plaats)) in enumerate(GEMEENTEN.items()):
        for i in range(PER_GEMEENTE):
            maand = MAANDEN[i % len(MAANDEN)]
            lijst.append(
                Bewoner(
                    volgnummer=len(lijst) + 1,
                    gemeente=gemeente,
                    aanbieder=AANBIEDERS[(i + g) % len(AANBIEDERS)],
                    maand=maand,
                    client=_client(lot, next(bsns), postcode, plaats),
                    product=_product(lot, SOORTEN[i % len(SOORTEN)], maand, AANBIEDERS[(i + g) % len(AANBIEDERS)]),
                )
            )
    return lijst


def _client(lot: random.Random, bsn: str, postcode: str, plaats: str) -> dict[str, Any]:
    geslacht = lot.choice("12")
    voornaam = lot.choice(_VOORNAMEN[geslacht])
    return {
        "bsn": bsn,
        "geboortedatum": (date(1932, 1, 1) + timedelta(days=lot.randrange(25000))).isoformat(),
        "geslacht": geslacht,
        "naam": {
            "achternaam": lot.choice(_STAM) + lot.choice(_STAART),
            "voornamen": voornaam,
            "voorletters": voornaam[0],
        },
        "adres": {
            "straat": lot.choice(_STRATEN), "huisnummer": lot.randrange(1, 200),
            "postcode": postcode, "plaats": plaats,
        },
    }  # fmt: skip


def _product(lot: random.Random, soort: tuple[str, str | None, int, str, str], maand: int, agb: str) -> dict[str, Any]:
    categorie, code, volume, eenheid, frequentie = soort
    begin = date(2026, maand, 8) + timedelta(days=lot.randrange(10))
    basis: dict[str, Any] = {"aanbieder": agb, "ingangsdatum": begin.isoformat()}
    if code is None:
        return basis | {
            "product": {"categorie": categorie}, "omvang": None, "budget_cent": volume,
            "einddatum": "2026-09-30",
        }  # fmt: skip
    basis |= {
        "product": {"categorie": categorie, "code": code},
        "omvang": {"volume": volume, "eenheid": eenheid, "frequentie": frequentie},
    }
    # Frequentie 2 needs an end (CD076); the others may stay open
    return basis | ({"einddatum": "2026-12-27"} if frequentie == "2" else {})
