"""Writes the heenberichten. Every function gives bytes that are valid according to our own XSD.

Raises NietLeesbaar when the input cannot make a valid message. Dates may be `date` or ISO text.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from schemas.iwmo import bouw, codec
from schemas.iwmo.client import client_301, client_kort
from schemas.iwmo.inhoud import TEKEN
from schemas.iwmo.structuur import BERICHTEN

Datum = date | str
Blok = Mapping[str, Any]


def toewijzing_301(
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: Datum,
    client: Blok,
    toegewezen_producten: Sequence[Blok],
) -> bytes:
    """A WMO301 from gemeente to aanbieder. `client`: the block of the intake API or of `inhoud()`."""
    inhoud = client_301(client) | {"toegewezen_producten": list(toegewezen_producten)}
    return schrijf_bericht("WMO301", afzender, ontvanger, identificatie, dagtekening, inhoud)


def start_305(
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: Datum,
    client: Blok,
    start_producten: Sequence[Blok],
) -> bytes:
    """A WMO305 from aanbieder to gemeente."""
    inhoud = client_kort(client) | {"start_producten": list(start_producten)}
    return schrijf_bericht("WMO305", afzender, ontvanger, identificatie, dagtekening, inhoud)


def stop_307(
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: Datum,
    client: Blok,
    stop_producten: Sequence[Blok],
) -> bytes:
    """A WMO307 from aanbieder to gemeente."""
    inhoud = client_kort(client) | {"stop_producten": list(stop_producten)}
    return schrijf_bericht("WMO307", afzender, ontvanger, identificatie, dagtekening, inhoud)


def declaratie_323(*, afzender: str, ontvanger: str, identificatie: str, dagtekening: Datum, declaratie: Blok) -> bytes:
    """A WMO323 from aanbieder to gemeente. The total is computed: debet minus credit (TR358, CS325)."""
    totaal = sum(
        TEKEN[prestatie["debet_credit"]] * int(prestatie["ingediend_cent"])
        for client in declaratie["clienten"]
        for prestatie in client["prestaties"]
    )
    inhoud = {**declaratie, "totaal_ingediend_cent": totaal}
    return schrijf_bericht("WMO323", afzender, ontvanger, identificatie, dagtekening, inhoud)


def schrijf_bericht(
    code: str, afzender: str, ontvanger: str, identificatie: str, dagtekening: Datum, inhoud: Blok
) -> bytes:
    """A message of this kind: its Header, and the class below it from its block."""
    bericht = BERICHTEN[code]
    kop = bericht.kind("Header")
    header = {
        "bericht_code": kop.kind("BerichtCode").patroon,
        "bericht_versie": 3,
        "bericht_subversie": 2,
        "afzender": afzender,
        "ontvanger": ontvanger,
        "bericht_identificatie": {"identificatie": identificatie, "dagtekening": dagtekening},
        "xsd_versie": bouw.XSD_VERSIE,
    }
    delen = (bouw.klasse(kop, header), bouw.klasse(bericht.kinderen[1], inhoud))
    return gecontroleerd(code, bouw.Knoop("Bericht", delen))


def gecontroleerd(code: str, bericht: bouw.Knoop) -> bytes:
    """The bytes of a message, read back through the guard and the XSD."""
    raw = bouw.schrijf(code, bericht)
    codec.parse(raw)
    return raw
