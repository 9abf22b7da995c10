"""The load of the fault runs: eight writers that repeat the same bytes until they have their 202, as a provider's
software would, and what the answers must add up to."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from lokaal.spel import Spel
from schemas.iwmo import codec, schrijf
from tests.chain.spel import A1, GOES, begeleiding, een_bsn, een_client, een_prestatie, maak_declaratie, nummer

SCHRIJVERS = 8


@dataclass(frozen=True)
class Totalen:
    """What a set of answers says: approved starts, claimed and awarded cents."""

    gestart: int
    ingediend_cent: int
    toegekend_cent: int

    @classmethod
    def van(cls, bewoners: int) -> Totalen:
        """What so many residents must come to: one start each, and a claim of 12 hours of 58.75."""
        return cls(bewoners, bewoners * 70500, bewoners * 70500)


def bewoners(spel: Spel, aantal: int) -> list[tuple[str, int]]:
    """Residents of Goes with an approved toewijzing at A1: (BSN, ToewijzingNummer)."""

    def maak(_: int) -> tuple[str, int]:
        bsn = een_bsn()
        indicatie = spel.indicatie(GOES, een_client(bsn), [begeleiding()])
        return bsn, indicatie["toewijzing_nummers"][0]

    with ThreadPoolExecutor(SCHRIJVERS) as pool:
        return list(pool.map(maak, range(aantal)))


def berichten(spel: Spel, bewoners_: list[tuple[str, int]]) -> list[bytes]:
    """For each resident a start (305) and a claim (323) of 12 hours in february: two messages."""
    uit = []
    for bsn, toewijzing in bewoners_:
        start = {
            "toewijzing_nummer": toewijzing,
            "product": {"categorie": "02", "code": "02A05"},
            "toewijzing_ingangsdatum": "2026-02-02",
            "begindatum": "2026-02-04",
            "status_aanlevering": "1",
        }
        uit.append(
            schrijf.start_305(
                afzender=A1, ontvanger=GOES, dagtekening=spel.vandaag(), identificatie=nummer("F"),
                client=een_client(bsn), start_producten=[start],
            )
        )  # fmt: skip
        uit.append(maak_declaratie(spel, {bsn: [een_prestatie(toewijzing, nummer("R"), 12)]}))
    return uit


def dien_in(spel: Spel, xmls: list[bytes], seconden: float) -> list[str]:
    """Hand in all messages with eight writers; gives a bericht_id per message, each acknowledged."""
    tot = time.monotonic() + seconden
    with ThreadPoolExecutor(SCHRIJVERS) as pool:
        return list(pool.map(lambda xml: _dien_een_in(spel, xml, tot), xmls))


def _dien_een_in(spel: Spel, xml: bytes, tot: float) -> str:
    while time.monotonic() < tot:
        try:
            antwoord = spel.post_xml(A1, xml)
            if antwoord.status_code in (200, 202):
                return str(antwoord.json()["bericht_id"])
            assert antwoord.status_code >= 500 or antwoord.status_code == 429, antwoord.text
        except httpx.HTTPError:
            pass
        threading.Event().wait(0.05)
    raise AssertionError("not acknowledged before the deadline")


def antwoorden(spel: Spel, ids: set[str], seconden: float) -> dict[str, bytes]:
    """The one answer to each acknowledged message. Fails when one has none in time, or two."""
    tot = time.monotonic() + seconden
    while True:
        per_bericht: dict[str, list[str]] = {}
        try:
            for rij in spel.postbus(A1, status="alle"):
                if rij["op_bericht"] in ids:
                    per_bericht.setdefault(rij["op_bericht"], []).append(rij["bericht_id"])
        except httpx.HTTPError:
            per_bericht = {}
        if len(per_bericht) == len(ids):
            break
        if time.monotonic() > tot:
            pytest.fail(f"{len(ids) - len(per_bericht)} of {len(ids)} acknowledged messages have no answer")
        threading.Event().wait(0.3)
    dubbel = [op for op, lijst in per_bericht.items() if len(lijst) != 1]
    assert not dubbel, f"{len(dubbel)} messages have more than one answer"
    return {op: spel.haal_op(A1, bericht_id) for op, (bericht_id,) in per_bericht.items()}


def totalen(xmls: dict[str, bytes]) -> Totalen:
    """Add up 306s and 325s."""
    gestart = ingediend = toegekend = 0
    for xml in xmls.values():
        inhoud = codec.parse(xml).inhoud()
        if "declaratie_antwoord" in inhoud:
            ingediend += inhoud["declaratie_antwoord"]["totaal_ingediend_cent"]
            toegekend += inhoud["declaratie_antwoord"]["totaal_toegekend_cent"]
        else:
            gestart += not inhoud["retourcodes"]
    return Totalen(gestart, ingediend, toegekend)


def ronde(spel: Spel, xmls: list[bytes], seconden: float) -> Totalen:
    """Hand in all messages, wait for all answers, and add them up."""
    ids = dien_in(spel, xmls, seconden)
    assert len(set(ids)) == len(xmls)
    return totalen(antwoorden(spel, set(ids), seconden))
