"""Sends queued e-mails over SMTP, at least once, each under one Message-ID.

An e-mail is marked in a transaction of its own as soon as the server says yes. A crash between that yes (250) and our
commit sends one twice: at most one e-mail per connection, with the same Message-ID. The commit does not wait for the
disk: a crash of Postgres itself repeats what was sent in its last second, and nothing is lost.

That the server is away is no fault of an e-mail: as soon as it is back, everything that waited for it goes, however
long each of them would still have waited.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import aiosmtplib

from chassis import outbox, trace
from chassis.clock import clock
from chassis.db import OVERAL, Pool, Tx, transaction
from chassis.log import log

from .contracts import NotificatieVerzonden
from .domain import poging
from .domain.ontvanger import standaard_adres
from .ronde import LEASE_S
from .store import notificatie as store

VERBINDINGEN = 4
"""Connections that send at the same time: a server far away answers slowly, and takes more than one at a time."""
PER_CLAIM = 20 * VERBINDINGEN
TIMEOUT_S = 2.5
"""Twenty of these fit in a lease."""
ONBEREIKBAAR, WEIGERT = "mailserver_onbereikbaar", "mailserver_weigert"


async def verzend_wachtende(pool: Pool, *, smtp: str, door: str) -> None:
    """Send what is due until nothing is, or the server goes away. `smtp` is host:port, `door` this process."""
    while True:
        rijen = await _claim(pool, door)
        wachten = not rijen and await _wachten_op_server(pool)
        if not rijen and not wachten:
            return
        server = await _verbind(smtp)
        if server is None:
            if rijen:
                log.warning("mailserver_onbereikbaar", aantal=len(rijen))
            async with transaction(pool, OVERAL) as tx:
                for rij in rijen:
                    await _mislukt(tx, rij, ONBEREIKBAAR, opgegeven=rij["pogingen"] + 1 >= poging.POGINGEN_MAX)
            return
        # It is there again: who waited because it was away need wait no longer.
        async with transaction(pool, OVERAL) as tx:
            await store.make_due(tx, ONBEREIKBAAR)
        if not await _verzend_samen(pool, smtp, server, rijen):
            return


async def _verbind(smtp: str) -> aiosmtplib.SMTP | None:
    """A connection; None when the server is not there."""
    host, _, poort = smtp.rpartition(":")
    server = aiosmtplib.SMTP(hostname=host, port=int(poort), timeout=TIMEOUT_S)
    try:
        await server.connect()
    except (aiosmtplib.SMTPException, OSError):
        return None
    return server


async def _wachten_op_server(pool: Pool) -> bool:
    """Whether anything waits because the server was away: then it is worth a look whether it is back."""
    async with transaction(pool, OVERAL) as tx:
        return await store.has_waiting(tx, ONBEREIKBAAR)


async def _verzend_samen(pool: Pool, smtp: str, eerste: aiosmtplib.SMTP, rijen: list[Any]) -> bool:
    """Send these over a few connections; False when one broke or time is up: what was not tried is free again."""
    over, tot = iter(rijen), time.monotonic() + LEASE_S / 2
    # A server that takes fewer connections at a time gets fewer.
    meer = await asyncio.gather(*(_verbind(smtp) for _ in rijen[1:VERBINDINGEN]))
    servers = [eerste, *filter(None, meer)]
    goed = await asyncio.gather(*(_verzend_reeks(pool, server, over, tot) for server in servers))
    if niet_geprobeerd := list(over):
        await _geef_vrij(pool, niet_geprobeerd)
    return all(goed)


async def _verzend_reeks(pool: Pool, server: aiosmtplib.SMTP, over: Iterator[Any], tot: float) -> bool:
    """Take, over one connection, the next row that nobody took yet; False when the connection broke or time is up."""
    try:
        for rij in over:
            with trace.continued(rij["traceparent"], "notificatie"):
                if not await _verzend(pool, server, rij) or time.monotonic() > tot:
                    return False
        return True
    finally:
        await _hang_op(server)


async def _hang_op(server: aiosmtplib.SMTP) -> None:
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await server.quit()
    server.close()


async def _claim(pool: Pool, door: str) -> list[Any]:
    async with transaction(pool, OVERAL) as tx:
        return list(await store.claim_emails(tx, door=door, nu=clock.now(), lease_s=LEASE_S, hoogstens=PER_CLAIM))


async def _geef_vrij(pool: Pool, rijen: list[Any]) -> None:
    async with transaction(pool, OVERAL) as tx:
        await store.release(tx, [rij["notificatie_id"] for rij in rijen])


async def _verzend(pool: Pool, server: aiosmtplib.SMTP, rij: Any) -> bool:
    """One attempt; False when the connection did not survive it."""
    try:
        await server.send_message(stel_op(rij))
    except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as fout:
        antwoord = fout.recipients[0] if isinstance(fout, aiosmtplib.SMTPRecipientsRefused) else fout
        log.warning("notificatie_geweigerd", notificatie_id=str(rij["notificatie_id"]), code=antwoord.code)
        async with transaction(pool, OVERAL) as tx:
            await _geweigerd(tx, rij, voorgoed=antwoord.code >= 500)
    except (aiosmtplib.SMTPException, OSError):
        # It counts as a refusal: an e-mail that breaks the connection may not hold up the queue.
        async with transaction(pool, OVERAL) as tx:
            await _geweigerd(tx, rij, voorgoed=False)
    else:
        await _verzonden(pool, rij)
    return server.is_connected


async def _geweigerd(tx: Tx, rij: Any, *, voorgoed: bool) -> None:
    """The server, or the connection, did not take this e-mail. What it waited for the server before counts not."""
    weigeringen = rij["weigeringen"] + 1
    hoogstens = poging.GEWEIGERD_MAX if voorgoed else poging.POGINGEN_MAX
    await _mislukt(tx, rij, WEIGERT, opgegeven=weigeringen >= hoogstens, weigeringen=weigeringen)


async def _mislukt(tx: Tx, rij: Any, fout: str, *, opgegeven: bool, weigeringen: int | None = None) -> None:
    await store.mark_mislukt(
        tx,
        rij["notificatie_id"],
        fout=fout,
        wachttijd=poging.wachttijd(weigeringen or rij["pogingen"] + 1, random.random()),
        opgegeven=opgegeven,
        weigeringen=weigeringen,
    )


async def _verzonden(pool: Pool, rij: Any) -> None:
    async with transaction(pool, OVERAL) as tx:
        await store.wait_for_no_disk(tx)
        await store.mark_verzonden(tx, rij["notificatie_id"], clock.now())
        await outbox.add(
            tx,
            topic="notifications.v1",
            type="notifications.notificatie_verzonden",
            key=rij["client_id"] or rij["betreft"],
            gemeente=rij["gemeente"],
            aanbieder=rij["aanbieder"],
            client_id=rij["client_id"],
            oorzaak=rij["event_id"],
            keten=rij["keten"],
            data=NotificatieVerzonden(notificatie_id=str(rij["notificatie_id"]), aanleiding=rij["aanleiding"]),
        )


def stel_op(rij: Any) -> EmailMessage:
    """The e-mail of one queued row: plain text, Message-ID from the row's id, the same at every attempt."""
    bericht = EmailMessage()
    domein = f"gemeente-{rij['gemeente']}.example"
    bericht["From"] = f"Zorgketen <zorgketen@{domein}>"
    bericht["To"] = rij["email"] or standaard_adres(rij["gemeente"])
    bericht["Subject"] = rij["onderwerp"]
    bericht["Date"] = format_datetime(rij["gemaakt_at"])
    bericht["Message-ID"] = f"<{rij['notificatie_id']}@{domein}>"
    bericht["Auto-Submitted"] = "auto-generated"
    bericht["Content-Language"] = "nl"
    bericht.set_content(rij["inhoud"])
    return bericht
