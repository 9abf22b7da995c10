"""Sends queued e-mails over SMTP. At least once: a crash between the mail server's yes and our commit
sends the same e-mail again, with the same Message-ID, so the receiver can see that it is one."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import aiosmtplib

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.log import log

from . import domain, store
from .contracts import NotificatieVerzonden

PER_RONDE_MAX = 20
TIMEOUT_S = 5.0
"""A round holds one transaction: few e-mails and a short timeout keep it short."""


async def verzend_wachtende(tx: Tx, *, smtp: str) -> None:
    """One round of the periodic job. `smtp` is host:port."""
    rijen = await store.lock_due(tx, PER_RONDE_MAX)
    if not rijen:
        return
    host, _, poort = smtp.rpartition(":")
    try:
        async with aiosmtplib.SMTP(hostname=host, port=int(poort), timeout=TIMEOUT_S) as server:
            for rij in rijen:
                await _verzend(tx, server, rij)
    except (aiosmtplib.SMTPException, OSError):
        # The server is away: nobody's attempt counts, the next round comes in a second.
        log.warning("mailserver_onbereikbaar", aantal=len(rijen))


async def _verzend(tx: Tx, server: aiosmtplib.SMTP, rij: Any) -> None:
    try:
        await server.send_message(stel_op(rij))
    except aiosmtplib.SMTPResponseException as fout:
        await _mislukt(tx, rij, fout.code)
    except aiosmtplib.SMTPRecipientsRefused:
        await _mislukt(tx, rij, 550)
    except aiosmtplib.SMTPServerDisconnected:
        await _mislukt(tx, rij, 0)  # it counts: an e-mail that breaks the connection may not hold up the queue
        raise
    else:
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


async def _mislukt(tx: Tx, rij: Any, code: int) -> None:
    pogingen = rij["pogingen"] + 1
    opgegeven = pogingen >= domain.POGINGEN_MAX
    log.warning("notificatie_geweigerd", notificatie_id=str(rij["notificatie_id"]), code=code, poging=pogingen)
    await store.mark_mislukt(tx, rij["notificatie_id"], wachttijd=domain.wachttijd(pogingen), opgegeven=opgegeven)


def stel_op(rij: Any) -> EmailMessage:
    """The e-mail of one queued row: plain text, Message-ID from the row's id, the same at every attempt."""
    bericht = EmailMessage()
    domein = f"gemeente-{rij['gemeente']}.example"
    bericht["From"] = f"Zorgketen <zorgketen@{domein}>"
    bericht["To"] = rij["email"] or domain.standaard_adres(rij["gemeente"])
    bericht["Subject"] = rij["onderwerp"]
    bericht["Date"] = format_datetime(rij["gemaakt_at"])
    bericht["Message-ID"] = f"<{rij['notificatie_id']}@{domein}>"
    bericht["Auto-Submitted"] = "auto-generated"
    bericht["Content-Language"] = "nl"
    bericht.set_content(rij["inhoud"])
    return bericht
