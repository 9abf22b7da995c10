"""Sends queued e-mails over SMTP, at least once, each under one Message-ID.

An e-mail is marked in a transaction of its own as soon as the server says yes. A crash between that yes (250) and our
commit sends one twice: at most one e-mail per process, with the same Message-ID. The commit does not wait for the disk:
a crash of Postgres itself repeats what was sent in its last second, and nothing is lost.
"""

from __future__ import annotations

import random
import time
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

PER_CLAIM = 20
TIMEOUT_S = 2.5
"""Twenty of these fit in a lease."""
ONBEREIKBAAR, WEIGERT = "mailserver_onbereikbaar", "mailserver_weigert"


async def verzend_wachtende(pool: Pool, *, smtp: str, door: str) -> None:
    """Send what is due until nothing is, or the server goes away. `smtp` is host:port, `door` this process."""
    while rijen := await _claim(pool, door):
        host, _, poort = smtp.rpartition(":")
        server = aiosmtplib.SMTP(hostname=host, port=int(poort), timeout=TIMEOUT_S)
        try:
            await server.connect()
        except (aiosmtplib.SMTPException, OSError):
            log.warning("mailserver_onbereikbaar", aantal=len(rijen))
            async with transaction(pool, OVERAL) as tx:
                for rij in rijen:
                    await _mislukt(tx, rij, ONBEREIKBAAR, poging.POGINGEN_MAX)
            return
        # It is there again: who waited because it was away need wait no longer.
        async with transaction(pool, OVERAL) as tx:
            await store.make_due(tx, ONBEREIKBAAR)
        async with server:
            tot = time.monotonic() + LEASE_S / 2
            for n, rij in enumerate(rijen):
                with trace.continued(rij["traceparent"], "notificatie"):
                    leeft = await _verzend(pool, server, rij)
                if not leeft or time.monotonic() > tot:
                    # The others did nothing wrong: they are free for the next round, in a second.
                    await _geef_vrij(pool, rijen[n + 1 :])
                    return


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
            await _mislukt(tx, rij, WEIGERT, poging.GEWEIGERD_MAX if antwoord.code >= 500 else poging.POGINGEN_MAX)
    except (aiosmtplib.SMTPException, OSError):
        # It counts as a refusal: an e-mail that breaks the connection may not hold up the queue.
        async with transaction(pool, OVERAL) as tx:
            await _mislukt(tx, rij, WEIGERT, poging.POGINGEN_MAX)
    else:
        await _verzonden(pool, rij)
    return server.is_connected


async def _mislukt(tx: Tx, rij: Any, fout: str, pogingen_max: int) -> None:
    pogingen = rij["pogingen"] + 1
    await store.mark_mislukt(
        tx,
        rij["notificatie_id"],
        fout=fout,
        wachttijd=poging.wachttijd(pogingen, random.random()),
        opgegeven=pogingen >= pogingen_max,
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
