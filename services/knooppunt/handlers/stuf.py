"""A StUF envelope that came in: received once, answered with a Bv03 or a Fo03."""

import asyncio
import hashlib
from dataclasses import dataclass

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from schemas.iwmo.bericht import NietLeesbaar
from schemas.stuf.envelop import Envelop, nieuw_referentienummer, schrijf, schrijf_fout
from schemas.stuf.fouten import StufFout
from services.knooppunt import domain
from services.knooppunt.domain import Partij
from services.knooppunt.handlers import ontvangst
from services.knooppunt.handlers.lezen import Gelezen, lees
from services.knooppunt.instellingen import rand
from services.knooppunt.store import berichten, routes

ORGANISATIE = "IB"
"""Who answers an envelope before anything of it is known."""
_REDENEN = {
    "andere_partij": "organisatie",
    "geen_mandaat": "organisatie",
    "geblokkeerd": "organisatie",
    "berichtsoort_niet_toegestaan": "functie_onbekend",
    "bericht_onbekend": "geen_antwoord_op",
}


@dataclass(frozen=True)
class Ingepakt:
    """A read envelope with the digest of its bytes, and its message when it carries one."""

    envelop: Envelop
    sha256: bytes
    gelezen: Gelezen | None


async def lees_inhoud(partij: Partij, envelop: Envelop, raw: bytes) -> Ingepakt:
    """Envelope, Header and caller must agree on kind and parties (transport.md). Raises StufFout."""
    sha256 = hashlib.sha256(raw).digest()
    if envelop.zender not in partij.aanbieders:
        raise StufFout("organisatie", envelop.referentienummer)
    if envelop.berichtcode == "Fo01":
        return Ingepakt(envelop, sha256, None)
    if envelop.berichtcode not in ("Di01", "Du01"):
        raise StufFout("combinatie", envelop.referentienummer)
    try:
        gelezen = await lees(envelop.bestand)
    except NietLeesbaar:
        raise StufFout("payload", envelop.referentienummer) from None
    soort, header = gelezen.bericht.soort.code, gelezen.bericht.header
    verwacht = "Di01" if soort in domain.HEENBERICHTEN else "Du01" if soort in domain.RETOURBERICHTEN else None
    if verwacht is None:
        raise StufFout("functie_onbekend", envelop.referentienummer)
    if envelop.functie != soort or envelop.berichtcode != verwacht:
        raise StufFout("combinatie", envelop.referentienummer)
    gemeente, aanbieder = domain.partijen(soort, header.afzender, header.ontvanger)
    if (envelop.zender, envelop.ontvanger) != (aanbieder, gemeente):
        raise StufFout("organisatie", envelop.referentienummer)
    return Ingepakt(envelop, sha256, gelezen)


async def eerder(tx: Tx, partij: Partij, envelop: Envelop, raw: bytes) -> bytes | None:
    """The first answer again for the same bytes; other bytes under one referentienummer are a fault."""
    await routes.lock_referentienummer(tx, envelop.referentienummer)
    rij = await routes.envelop(tx, envelop.referentienummer)
    if rij is None:
        return None
    zelfde = rij["richting"] == "in" and rij["aanbieder"] in partij.aanbieders
    if not zelfde or rij["sha256"] != hashlib.sha256(raw).digest():
        raise StufFout("niet_uniek", envelop.referentienummer)
    antwoord: bytes = rij["antwoord"]
    return antwoord


async def ontvang(tx: Tx, partij: Partij, ingepakt: Ingepakt) -> bytes:
    """Receive the message and its envelope in one transaction; the Bv03. Raises StufFout."""
    envelop, bericht_id = ingepakt.envelop, None
    if ingepakt.gelezen is None:
        await _fout_ontvangen(tx, envelop)
    else:
        bericht_id = await _ontvang_bericht(tx, partij, envelop, ingepakt.gelezen)
    bv03 = await asyncio.to_thread(schrijf, _terug("Bv03", envelop), clock.now())
    await routes.add_envelop(
        tx, envelop.referentienummer, "in", envelop.ontvanger, envelop.zender, bericht_id, clock.now(),
        ingepakt.sha256, bv03,
    )  # fmt: skip
    return bv03


async def _ontvang_bericht(tx: Tx, partij: Partij, envelop: Envelop, gelezen: Gelezen) -> str:
    try:
        ontvangst.toets_afzender(partij, gelezen)
        bewijs = await ontvangst.eerder_ontvangen(tx, partij, gelezen.sha256)
        bewijs = bewijs or await ontvangst.ontvang(tx, partij, gelezen)
    except Problem as fout:
        raise StufFout(_REDENEN.get(fout.code, "geweigerd"), envelop.referentienummer) from None
    if envelop.berichtcode == "Du01":
        heen = await routes.envelop(tx, envelop.cross_refnummer or "")
        if (
            heen is None
            or heen["richting"] != "uit"
            or heen["bericht_id"] != await berichten.op_bericht(tx, bewijs.bericht_id)
        ):
            raise StufFout("geen_antwoord_op", envelop.referentienummer)
    return bewijs.bericht_id


async def _fout_ontvangen(tx: Tx, envelop: Envelop) -> None:
    """A Fo01: what was sent cannot be used there; it is FAULTED and still lies in the mailbox."""
    heen = await routes.envelop(tx, envelop.cross_refnummer or "")
    if heen is None or heen["richting"] != "uit" or heen["aanbieder"] != envelop.zender:
        raise StufFout("geen_antwoord_op", envelop.referentienummer)
    code = envelop.code if envelop.code and envelop.code.isalnum() else "onbekend"
    await routes.set_gestrand(tx, envelop.cross_refnummer or "", clock.now(), code[:20])


def fout_antwoord(fout: StufFout, envelop: Envelop | None) -> bytes:
    """The SOAP fault: a Fo03, or a Fo01 when the envelope is right and its content is not per its XSD."""
    basis = envelop or Envelop(
        berichtcode="Di01", zender=ORGANISATIE, ontvanger=ORGANISATIE,
        referentienummer=fout.referentienummer or nieuw_referentienummer(),
    )  # fmt: skip
    soort = "Fo01" if fout.fout.reden == "payload" else "Fo03"
    return schrijf_fout(fout, _terug(soort, basis), clock.now(), rand().foutcodes)


def _terug(soort: str, op: Envelop) -> Envelop:
    return Envelop(
        berichtcode=soort,
        zender=op.ontvanger,
        ontvanger=op.zender,
        referentienummer=nieuw_referentienummer(),
        cross_refnummer=op.referentienummer,
    )
