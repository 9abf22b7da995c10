"""The players of a chain scenario: a gemeente, a provider and residents, over HTTP and XML only."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from dataclasses import dataclass, field
from typing import Any

from schemas.iwmo import codec, schrijf
from schemas.iwmo.codes import bsn_valid

A1 = "75750101"
A2 = "75750202"
GOES = "0664"
ANDERE = [f"757503{n:02d}" for n in range(20)]
"""Providers of one scenario each: DeclaratiePeriode may not go back within a provider (8214)."""
VAN_BESTAND = {
    naam: f"757505{n:02d}"
    for n, naam in enumerate(
        (
            "controle",
            "codes",
            "geweigerd",
            "geld",
            "stuf_route",
            "stil",
            "webhook",
            "signaal",
            "xml_geldig",
            "melding",
            "werk",
            "termijn_325",
        )
    )
}
"""Providers of one test file each."""
MET_CLIENT = ("75750401", "75750402")
"""Providers that take part with `python -m aanbieder` alone."""
CONTRACTEN = [
    {
        "aanbieder": aanbieder,
        "product_categorie": code[:2],
        "product_code": code,
        "variant": "inspanning",
        "eenheid": eenheid,
        "tarief_cent": tarief,
        "geldig_vanaf": "2025-01-01",
    }
    for aanbieder in (A1, A2, *ANDERE, *VAN_BESTAND.values(), *MET_CLIENT)
    for code, eenheid, tarief in (("02A05", "04", 5875), ("07A12", "16", 4250))
]
"""Rows of the contract table of the scenarios; every provider of these tests has them all."""

_volgnummers = itertools.count(1)
_bsns = (f"9999{n:05d}" for n in itertools.count(20000 + os.getpid() % 5000 * 10))


def een_bsn() -> str:
    """A test BSN that no other scenario of this run uses (9999xxxxx, CS002)."""
    return next(bsn for bsn in _bsns if bsn_valid(bsn))


def een_client(bsn: str) -> dict[str, Any]:
    return {
        "bsn": bsn,
        "geboortedatum": "1950-05-17",
        "geslacht": "2",
        "naam": {"achternaam": "Testduin", "voorletters": "A"},
        "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"},
    }


def begeleiding(**anders: Any) -> dict[str, Any]:
    """610001 of the fixed data: 3 hours a week of 02A05, 2026-02-02 .. 2026-07-31."""
    return {
        "aanbieder": A1,
        "product": {"categorie": "02", "code": "02A05"},
        "ingangsdatum": "2026-02-02",
        "einddatum": "2026-07-31",
        "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
    } | anders


def dagbesteding(**anders: Any) -> dict[str, Any]:
    """610002 of the fixed data: 4 dagdelen a week of 07A12, 2026-03-02 .. 2026-05-31."""
    return {
        "aanbieder": A1,
        "product": {"categorie": "07", "code": "07A12"},
        "ingangsdatum": "2026-03-02",
        "einddatum": "2026-05-31",
        "omvang": {"volume": 4, "eenheid": "16", "frequentie": "2"},
    } | anders


def een_prestatie(nummer: int, referentie: str, volume: int, **anders: Any) -> dict[str, Any]:
    """A debet line on 02A05 for february; amount = volume x tarief unless told otherwise."""
    tarief = anders.get("product_tarief_cent", 5875)
    return {
        "referentie_nummer": referentie,
        "vorig_referentie_nummer": None,
        "toewijzing_nummer": nummer,
        "product_categorie": "02",
        "product_code": "02A05",
        "begindatum": "2026-02-02",
        "einddatum": "2026-02-28",
        "geleverd_volume": volume,
        "eenheid": "04",
        "product_tarief_cent": tarief,
        "ingediend_cent": volume * tarief,
        "debet_credit": "D",
    } | anders


def nummer(letters: str) -> str:
    """An identification of at most 12 characters, new in this run."""
    return f"{letters}{os.getpid() % 10000:04d}{next(_volgnummers):04d}"[:12]


@dataclass
class Zaak:
    """One resident of Goes with toewijzingen at one provider."""

    keten: Any
    agb: str = A1
    bsn: str = field(default_factory=een_bsn)
    nummers: list[int] = field(default_factory=list)

    @property
    def client(self) -> dict[str, Any]:
        return een_client(self.bsn)

    def ken_toe(self, *producten: dict[str, Any]) -> bytes:
        """Record an indicatie; give the 301 that the provider finds, after approving it with a 302."""
        al_bekend = set(self.nummers)
        indicatie = self.keten.indicatie(GOES, self.client, [{**p, "aanbieder": self.agb} for p in producten])
        self.nummers += [n for n in indicatie["toewijzing_nummers"] if n not in al_bekend]
        xml: bytes = self.keten.wacht_op_301(self.agb, set(indicatie["toewijzing_nummers"]))
        self.keten.keur_goed(self.agb, xml)
        return xml

    def start(self, nummer_: int, begindatum: str, status: str = "1", **anders: Any) -> dict[str, Any]:
        """Hand in a 305; give the content of its 306."""
        return self.keten.wissel(self.agb, self.start_305(nummer_, begindatum, status, **anders))

    def start_305(self, nummer_: int, begindatum: str, status: str = "1", **anders: Any) -> bytes:
        """A 305 on this number, not handed in."""
        regel = {
            "toewijzing_nummer": nummer_,
            "product": {"categorie": "02", "code": "02A05"},
            "toewijzing_ingangsdatum": "2026-02-02",
            "begindatum": begindatum,
            "status_aanlevering": status,
        } | anders
        return schrijf.start_305(**self._kop("S"), client=self.client, start_producten=[regel])

    def stop(self, nummer_: int, begindatum: str, einddatum: str, reden: str, status: str = "1") -> dict[str, Any]:
        """Hand in a 307; give the content of its 308."""
        regel = {
            "toewijzing_nummer": nummer_,
            "product": {"categorie": "02", "code": "02A05"},
            "toewijzing_ingangsdatum": "2026-02-02",
            "begindatum": begindatum,
            "reden_beeindiging": reden,
            "einddatum": einddatum,
            "status_aanlevering": status,
        }
        return self.keten.wissel(
            self.agb, schrijf.stop_307(**self._kop("T"), client=self.client, stop_producten=[regel])
        )

    def _kop(self, letter: str) -> dict[str, Any]:
        return {
            "afzender": self.agb,
            "ontvanger": GOES,
            "identificatie": nummer(letter),
            "dagtekening": self.keten.vandaag(),
        }


def maak_declaratie(
    keten: Any, clienten: dict[str, list[dict[str, Any]]], maand: str = "2026-02", agb: str = A1
) -> bytes:
    """The 323 of a provider to Goes for a month, per BSN its lines."""
    begin = dt.date.fromisoformat(f"{maand}-01")
    eind = (begin + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    declaratie = {
        "declaratie_nummer": nummer("DN"),
        "declaratie_periode": {"begindatum": begin.isoformat(), "einddatum": eind.isoformat()},
        "declaratie_dagtekening": keten.vandaag().isoformat(),
        "clienten": [{"bsn": bsn, "prestaties": regels} for bsn, regels in clienten.items()],
    }
    return schrijf.declaratie_323(
        afzender=agb,
        ontvanger=GOES,
        identificatie=nummer("D"),
        dagtekening=keten.vandaag(),
        declaratie=declaratie,
    )


def declareer(
    keten: Any, clienten: dict[str, list[dict[str, Any]]], maand: str = "2026-02", agb: str = A1
) -> dict[str, Any]:
    """Hand in a 323 for a month; give the content of its 325."""
    return keten.wissel(agb, maak_declaratie(keten, clienten, maand, agb))


def retourcodes(inhoud: dict[str, Any]) -> list[str]:
    """The RetourCodes of a retour's Header."""
    return list(inhoud["retourcodes"])


def geweigerd_om(keten: Any, agb: str, xml: bytes) -> set[str]:
    """Hand in a message that is refused on its own content: a retour of 0001 alone; gives the rules it broke."""
    antwoord = keten.wissel(agb, xml)
    assert retourcodes(antwoord) == ["0001"]
    assert not any(deel for naam, deel in antwoord.items() if naam != "retourcodes"), "a Header and nothing else"
    # The same bytes give the first receipt again.
    bericht_id = keten.post_xml(agb, xml).json()["bericht_id"]
    stand = keten.vraag("GET", "knooppunt", f"/v1/berichten/{bericht_id}", agb).json()
    assert stand["status"] == "afgekeurd"
    return {bevinding["regel"] for bevinding in stand["bevindingen"]}


def lees(xml: bytes) -> dict[str, Any]:
    return codec.parse(xml).inhoud()
