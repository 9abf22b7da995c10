"""Messages to a provider with a StUF route: delivered at least once, under one referentienummer."""

import asyncio
import random
import ssl
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from chassis.audit import Toegang, log_toegang
from chassis.clock import clock
from chassis.db import Pool, Tenant, Tx, transaction
from chassis.errors import Bevinding, Problem
from chassis.log import log
from schemas.stuf.envelop import GGK, Envelop, lees, nieuw_referentienummer, schrijf
from schemas.stuf.fouten import StufFout
from services.knooppunt import domain
from services.knooppunt.contracts import BERICHTEN
from services.knooppunt.handlers import bewaren
from services.knooppunt.handlers.na_claim import na_claim
from services.knooppunt.instellingen import rand
from services.knooppunt.store import routes
from services.knooppunt.store.berichten import NieuwBericht

LEASE_S, TIMEOUT_S = 120.0, 30.0
WACHT_EERST_S, WACHT_MAX_S = 1.0, 900.0
TEGELIJK = 20
ANTWOORD_MAX = 1024 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


async def plan(tx: Tx, rij: NieuwBericht) -> None:
    """Put a message on its route, in the transaction that makes it; without a route it lies in the mailbox.

    A retour travels as Du01 and names the Di01 that it answers; what did not come in over StUF has none, so
    its retour stays in the mailbox too.
    """
    route = await routes.route(tx, rij.gemeente, rij.aanbieder)
    if route is None or route["soort"] != "stuf":
        return
    if rij.soort not in domain.VERZONDEN and not (
        rij.op_bericht and await routes.envelop_van(tx, rij.op_bericht, "in")
    ):
        return
    referentienummer = nieuw_referentienummer()
    await routes.add_envelop(tx, referentienummer, "uit", rij.gemeente, rij.aanbieder, rij.bericht_id, clock.now())
    await routes.add_bezorging(tx, rij.bericht_id, referentienummer, rij.gemeente, rij.aanbieder)


def bezorger(pool: Callable[[], Pool]) -> Callable[[Tx], Awaitable[None]]:
    """The periodic job that delivers what is due."""
    return na_claim(pool, lambda tx: routes.claim_bezorgingen(tx, LEASE_S, TEGELIJK), _bezorg)


async def _bezorg(pool: Pool, rij: dict[str, Any]) -> None:
    """One attempt; the claim ends by itself, so whatever happens here, nothing is lost."""
    try:
        async with transaction(pool, Tenant(gemeente=rij["gemeente"])) as tx:
            raw = await _envelop(tx, rij)
            if rij["pogingen"] == 1:
                await _log(tx, rij)
        antwoord = await _stuur(rij, raw)
        async with transaction(pool, Tenant(gemeente=rij["gemeente"])) as tx:
            if antwoord.berichtcode == "Bv03":
                await routes.set_bezorgd(tx, rij["bericht_id"], clock.now())
            else:
                await routes.set_gestrand(tx, rij["referentienummer"], clock.now(), _code(antwoord))
    except Exception as fout:
        wacht_s = min(WACHT_MAX_S, WACHT_EERST_S * 2 ** min(rij["pogingen"], 20)) * random.uniform(0.5, 1.0)
        log.warning("bezorging_opnieuw", fout=type(fout).__name__, poging=rij["pogingen"])
        async with transaction(pool, Tenant(gemeente=rij["gemeente"])) as tx:
            await routes.stel_uit(tx, rij["bericht_id"], wacht_s)


async def _log(tx: Tx, rij: dict[str, Any]) -> None:
    """From its first try on the provider may have it (NEN 7513); that it is tried again says nothing new."""
    toegang = Toegang(
        rij["gemeente"], "knooppunt", rij["aanbieder"], "bericht_bezorgd", rij["client_id"], rij["bericht_id"]
    )
    await log_toegang(tx, toegang, topic=BERICHTEN, keten=rij["op_bericht"] or rij["bericht_id"])


async def _envelop(tx: Tx, rij: dict[str, Any]) -> bytes:
    """The same bytes at every attempt: the moment is that of the message, the number that of its first try."""
    heen = rij["soort"] in domain.VERZONDEN
    envelop = Envelop(
        berichtcode="Di01" if heen else "Du01",
        zender=rij["gemeente"],
        ontvanger=rij["aanbieder"],
        referentienummer=rij["referentienummer"],
        functie=rij["soort"],
        cross_refnummer=None if heen else await routes.envelop_van(tx, rij["op_bericht"], "in"),
        bestand=await bewaren.inhoud(tx, rij["bericht_id"]),
    )
    return await asyncio.to_thread(schrijf, envelop, rij["gemaakt_at"])


async def _stuur(rij: dict[str, Any], raw: bytes) -> Envelop:
    """Post an envelope; the Bv03, Fo03 or Fo01 that answers it. Raises for anything else: try again."""
    toets_adres(rij["url"])
    actie = "ggk_Di01" if rij["soort"] in domain.VERZONDEN else "ggk_Du01"
    koppen = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{GGK}/{actie}"'}
    verify = _tls(rij["certificaat"]) if rij["url"].startswith("https:") else False
    async with (
        # No redirects and no proxy from the environment: an envelope goes where the route says, or nowhere.
        httpx.AsyncClient(timeout=TIMEOUT_S, verify=verify, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", rij["url"], content=raw, headers=koppen) as antwoord,
    ):
        body = bytearray()
        async for stuk in antwoord.aiter_bytes():
            body += stuk
            if len(body) > ANTWOORD_MAX:
                raise StufFout("te_groot")
        if antwoord.status_code not in (200, 202, 500):
            antwoord.raise_for_status()
            raise StufFout("envelop")
    terug = lees(bytes(body))
    if terug.berichtcode not in ("Bv03", "Fo03", "Fo01") or terug.cross_refnummer != rij["referentienummer"]:
        raise StufFout("envelop")
    return terug


def _code(antwoord: Envelop) -> str:
    return antwoord.code[:20] if antwoord.code and antwoord.code.isalnum() else "onbekend"


def _tls(certificaat: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    map_ = rand().certificaten
    if certificaat is not None:
        if map_ is None:
            raise FileNotFoundError("geen map met certificaten ingesteld")
        context.load_cert_chain(map_ / f"{certificaat}.pem")
    return context


def toets_adres(url: str) -> None:
    """Only https to a host of the setting, or on one machine the loopback; raises Problem 422 (SSRF)."""
    grens = rand()
    try:
        delen = urlsplit(url)
        host, poort_goed = delen.hostname or "", delen.port is None or delen.port > 0
    except ValueError:
        host, poort_goed, delen = "", False, urlsplit("")
    eigen_machine = grens.lokaal and host in LOOPBACK and delen.scheme in ("http", "https")
    buiten = delen.scheme == "https" and host in grens.stuf_hosts
    if not poort_goed or delen.username is not None or not (eigen_machine or buiten):
        raise Problem(
            422,
            "adres_niet_toegestaan",
            "Naar dit adres mogen geen berichten.",
            "Gebruik een https-adres dat de beheerder van het knooppunt heeft vrijgegeven.",
            [Bevinding(regel="knooppunt", pad="/url", melding="Dit adres is niet vrijgegeven.",
                       volgende_stap="Laat de host vrijgeven, of kies een ander adres.")],
        )  # fmt: skip
