"""Rules on the person, checked before an indicatie is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.intake.domain.fout import Fout

_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_LEEFTIJD_JAREN_MAX = 120
_ONBEKENDE_GEBOORTEDATUM = date(1900, 1, 1)


def bsn_geldig(bsn: str) -> bool:
    """CS002: 11-proef over 9 digits; all zeros is no number."""
    if len(bsn) != 9 or not bsn.isascii() or not bsn.isdigit() or bsn == "000000000":
        return False
    return sum(g * int(c) for g, c in zip(_GEWICHTEN, bsn, strict=True)) % 11 == 0


def toets_bsn(bsn: str, pad: str) -> list[Fout]:
    """CS002."""
    if bsn_geldig(bsn):
        return []
    return [Fout("CS002", pad, "Het BSN klopt niet (11-proef).", "Controleer het BSN.")]


def toets_geboortedatum(geboortedatum: date, datum_gebruik: str | None, vandaag: date) -> list[Fout]:
    """TR002, TR134: not in the future and at most 120 years back, unless wholly unknown."""
    pad = "/client/geboortedatum"
    if geboortedatum > vandaag:
        return [Fout("TR134", pad, "De geboortedatum ligt in de toekomst.", "Controleer de geboortedatum.")]
    if datum_gebruik == "3" and geboortedatum == _ONBEKENDE_GEBOORTEDATUM:
        return []
    grens = (vandaag.year - _LEEFTIJD_JAREN_MAX, vandaag.month, vandaag.day)
    if (geboortedatum.year, geboortedatum.month, geboortedatum.day) < grens:
        return [
            Fout(
                "TR002",
                pad,
                "De geboortedatum ligt meer dan 120 jaar terug.",
                "Controleer de geboortedatum, of geef aan dat zij onbekend is.",
            )
        ]
    return []


def gewijzigde_velden(oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> list[str]:
    """Which fields of a person differ, as JSON pointers and without their values."""
    velden = []
    for naam in sorted(oud.keys() | nieuw.keys()):
        was, wordt = oud.get(naam), nieuw.get(naam)
        if isinstance(was, Mapping) and isinstance(wordt, Mapping):
            velden += [f"/{naam}{veld}" for veld in gewijzigde_velden(was, wordt)]
        elif was != wordt:
            velden.append(f"/{naam}")
    return velden


def adresregels(client: Mapping[str, Any]) -> list[str]:
    """Name, street with number, postcode with place: what stands on an envelope, without what is not known."""
    naam, adres = client["naam"], client["adres"]
    nummer = f"{adres['huisnummer']}{adres.get('huisletter') or ''}{adres.get('toevoeging') or ''}"
    regels = (
        (naam.get("voorletters"), naam.get("voorvoegsel"), naam["achternaam"]),
        (adres.get("straat"), nummer),
        (adres["postcode"], adres.get("plaats")),
    )
    return [" ".join(filter(None, delen)) for delen in regels]


def toets_periode(ingangsdatum: date, einddatum: date | None, pad: str) -> list[Fout]:
    """CS003: the einddatum does not lie before the ingangsdatum."""
    if einddatum is None or einddatum >= ingangsdatum:
        return []
    return [Fout("CS003", pad, "De einddatum ligt voor de ingangsdatum.", "Kies een latere einddatum.")]
