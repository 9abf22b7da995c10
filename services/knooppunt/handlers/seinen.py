"""Tells a provider that there is something in its mailbox, never what: a signed call, tried again until heard."""

import asyncio
import hashlib
import hmac
import ipaddress
import random
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from chassis.db import Pool, Tenant, Tx, transaction
from chassis.errors import Bevinding, Problem
from chassis.log import log
from services.knooppunt.handlers.bezorgen import LOOPBACK
from services.knooppunt.handlers.na_claim import na_claim
from services.knooppunt.instellingen import rand
from services.knooppunt.store import webhook

LEASE_S, TIMEOUT_S, WACHT_MAX_S = 60.0, 10.0, 3600.0
TEGELIJK = 50
INHOUD = b'{"type": "postbus.nieuw"}'


class AdresNietToegestaan(Exception):
    """The host of a webhook is not a public address."""


def seiner(pool: Callable[[], Pool]) -> Callable[[Tx], Awaitable[None]]:
    """The periodic job that calls who has something to hear."""
    return na_claim(pool, lambda tx: webhook.claim(tx, LEASE_S, TEGELIJK), _sein)


async def _sein(pool: Pool, rij: dict[str, Any]) -> None:
    try:
        await _toets_bestemming(rij["url"])
        # No redirects and no proxy from the environment: only the address that was judged.
        async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False) as client:
            antwoord = await client.post(rij["url"], content=INHOUD, headers=_koppen(rij["geheim"]))
        if antwoord.status_code >= 300:
            raise httpx.HTTPStatusError("geen 2xx", request=antwoord.request, response=antwoord)
        async with transaction(pool, Tenant(aanbieders=(rij["aanbieder"],))) as tx:
            await webhook.set_gemeld(tx, rij["aanbieder"], rij["tot"])
    except Exception as fout:
        wacht_s = min(WACHT_MAX_S, 2.0 ** min(rij["pogingen"], 12)) * random.uniform(0.5, 1.0)
        log.warning("webhook_opnieuw", fout=type(fout).__name__, poging=rij["pogingen"])
        async with transaction(pool, Tenant(aanbieders=(rij["aanbieder"],))) as tx:
            await webhook.stel_uit(tx, rij["aanbieder"], wacht_s)


def _koppen(geheim: bytes) -> dict[str, str]:
    """The signature covers the moment, so that an old call cannot be played again."""
    tijdstip = str(int(time.time()))
    handtekening = hmac.new(geheim, tijdstip.encode() + b"." + INHOUD, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "Zorgketen-Tijdstip": tijdstip,
        "Zorgketen-Handtekening": f"sha256={handtekening}",
    }


def toets_url(url: str) -> None:
    """https, or on one machine the loopback; raises Problem 422."""
    try:
        delen = urlsplit(url)
        host, goed = delen.hostname or "", delen.username is None and (delen.port is None or delen.port > 0)
    except ValueError:
        host, goed, delen = "", False, urlsplit("")
    lokaal = rand().lokaal and host in LOOPBACK and delen.scheme in ("http", "https")
    if not goed or not (lokaal or (delen.scheme == "https" and host)):
        raise Problem(
            422, "adres_niet_toegestaan", "Naar dit adres kan geen bericht.", "Gebruik een https-adres.",
            [Bevinding(regel="knooppunt", pad="/url", melding="Dit is geen https-adres.",
                       volgende_stap="Gebruik een https-adres van uw eigen systeem.")],
        )  # fmt: skip


async def _toets_bestemming(url: str) -> None:
    """Every address behind the name must be public (SSRF); judged at each call, for names move."""
    toets_url(url)
    delen = urlsplit(url)
    if rand().lokaal and delen.hostname in LOOPBACK:
        return
    gevonden = await asyncio.get_running_loop().getaddrinfo(delen.hostname, delen.port or 443, type=socket.SOCK_STREAM)
    if not gevonden or not all(ipaddress.ip_address(adres[4][0]).is_global for adres in gevonden):
        raise AdresNietToegestaan
