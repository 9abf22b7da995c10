"""Calls webhooks: signed, without content, tried again until heard or visibly given up."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
from typing import Any
from urllib.parse import urlunsplit

import httpx

from chassis.bsn import SealError, own_key, unseal
from chassis.clock import clock
from chassis.db import OVERAL, Pool, transaction
from chassis.log import log

from .domain import handtekening, poging
from .ronde import LEASE_S
from .store import notificatie as store
from .store import webhook as webhook_store

PER_CLAIM, TIMEOUT_S = 20, 10.0
ONBEREIKBAAR, WEIGERT, NIET_TOEGESTAAN = "webhook_onbereikbaar", "webhook_weigert", "adres_niet_toegestaan"
SLEUTEL = "ZORGKETEN_SLEUTEL_WEBHOOKS"
"""The key of 32 bytes, in base64, that closes the secrets of webhooks."""


class AdresNietToegestaan(Exception):
    """The host of a webhook is not a public address."""


def zegelplek(eigenaar: str, webhook_id: str) -> str:
    """What a sealed secret is bound to: it opens for no other webhook."""
    return f"webhook:{eigenaar}:{webhook_id}"


async def bel_wachtende(pool: Pool, *, door: str, lokaal: bool) -> None:
    """Make the calls that are due, some at a time, until none is. `lokaal`: on one machine, where hosts are private."""
    async with transaction(pool, OVERAL) as tx:
        await webhook_store.make_oproepen(tx, clock.now())
    while True:
        async with transaction(pool, OVERAL) as tx:
            rijen = await webhook_store.claim_oproepen(tx, door=door, lease_s=LEASE_S, hoogstens=PER_CLAIM)
        if not rijen:
            return
        await asyncio.gather(*(_bel_en_noteer(pool, rij, lokaal) for rij in rijen))


async def _bel_en_noteer(pool: Pool, rij: Any, lokaal: bool) -> None:
    fout = NIET_TOEGESTAAN if rij["url"] is None else await _bel(rij, lokaal)
    async with transaction(pool, OVERAL) as tx:
        if fout is None:
            await store.mark_verzonden(tx, rij["notificatie_id"], clock.now())
            return
        log.warning("webhook_mislukt", notificatie_id=str(rij["notificatie_id"]), fout=fout)
        pogingen = rij["pogingen"] + 1
        hoogstens = poging.GEWEIGERD_MAX if fout == NIET_TOEGESTAAN else poging.POGINGEN_MAX
        await store.mark_mislukt(
            tx,
            rij["notificatie_id"],
            fout=fout,
            wachttijd=poging.wachttijd(pogingen, random.random()),
            # Of a webhook that is gone nothing is left to try.
            opgegeven=rij["url"] is None or pogingen >= hoogstens,
        )


async def _bel(rij: Any, lokaal: bool) -> str | None:
    """One attempt; None when it was heard, else why not."""
    inhoud = json.dumps(
        {"type": "nieuws", "kenmerk": str(rij["notificatie_id"]), "aanleidingen": rij["inhoud"].split()}
    ).encode()
    try:
        geheim = unseal(own_key(SLEUTEL), rij["geheim"], zegelplek(rij["ontvanger"], rij["webhook_id"]))
        url, host = await kies_bestemming(rij["url"], lokaal=lokaal)
        # No redirects and no proxy from the environment: only the address that was judged, under its own name.
        async with (
            asyncio.timeout(TIMEOUT_S),
            httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", url, content=inhoud, headers=_koppen(geheim, inhoud, rij) | {"Host": host},
                extensions={"sni_hostname": host.rpartition(":")[0] or host} if url.startswith("https") else {},
            ) as antwoord,
        ):  # fmt: skip
            # Of the answer only the status counts; its body is not read.
            return None if antwoord.is_success else WEIGERT
    except AdresNietToegestaan:
        return NIET_TOEGESTAAN
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, SealError, UnicodeError):
        return ONBEREIKBAAR


def _koppen(geheim: bytes, inhoud: bytes, rij: Any) -> dict[str, str]:
    nu = int(time.time())
    return {
        "Content-Type": "application/json",
        handtekening.KENMERK: str(rij["notificatie_id"]),
        handtekening.TIJDSTIP: str(nu),
        handtekening.HANDTEKENING: handtekening.onderteken(geheim, nu, inhoud),
    }


async def kies_bestemming(url: str, *, lokaal: bool) -> tuple[str, str]:
    """The url with the address behind its name, and that name for Host and TLS; judged anew at each call.

    Every address behind the name must be public (SSRF), and the call goes to the one that was judged, so a name
    that moves meanwhile gains nothing. Raises AdresNietToegestaan, and OSError for a name that is not there.
    """
    delen = handtekening.lees_url(url, lokaal=lokaal)
    if delen is None or delen.hostname is None:
        raise AdresNietToegestaan
    poort = delen.port or (443 if delen.scheme == "https" else 80)
    gevonden = await asyncio.get_running_loop().getaddrinfo(delen.hostname, poort, type=socket.SOCK_STREAM)
    adressen = [str(adres[4][0]) for adres in gevonden]
    if not adressen or not (lokaal or all(map(handtekening.is_openbaar, adressen))):
        raise AdresNietToegestaan
    adres = f"[{adressen[0]}]" if ":" in adressen[0] else adressen[0]
    return urlunsplit((delen.scheme, f"{adres}:{poort}", delen.path, delen.query, "")), delen.netloc
