"""Sends queued e-mails over SMTP. At least once: a crash between the mail server's yes and our commit
sends the same e-mail again, with the same Message-ID, so the receiver can see that it is one."""

from __future__ import annotations

import random
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import aiosmtplib

from chassis import outbox, trace
from chassis.clock import clock
from chassis.db import Tx
from chassis.log import log

from . import domain, store
from .contracts import NotificatieVerzonden

PER_RONDE_MAX = 20
TIMEOUT_S = 5.0
"""A round holds one transaction: few e-mails and a short timeout keep it short."""
ONBEREIKBAAR, WEIGERT = "mailserver_onbereikbaar", "mailserver_weigert"


async def verzend_wachtende(tx: Tx, *, smtp: str) -> None:
    """One round of the periodic job. `smtp` is host:port."""
    rijen = await store.lock_due(tx, PER_RONDE_MAX)
    if not rijen:
        return
    host, _, poort = smtp.rpartition(":")
    server = aiosmtplib.SMTP(hostname=host, port=int(poort), timeout=TIMEOUT_S)
    try:
        await server.connect()
    except (aiosmtplib.SMTPException, OSError):
        log.warning("mailserver_onbereikbaar", aantal=len(rijen))
        for rij in rijen:
            await _mislukt(tx, rij, ONBEREIKBAAR, domain.POGINGEN_MAX)
        return
    async with server:
        for rij in rijen:
            with trace.continued(rij["traceparent"], "notificatie"):
                if not await _verzend(tx, server, rij):
                    return  # the others did nothing wrong: the next round comes in a second
    await store.make_due(tx, ONBEREIKBAAR)


async def _verzend(tx: Tx, server: aiosmtplib.SMTP, rij: Any) -> bool:
    """One attempt; False when the connection did not survive it."""
    try:
        await server.send_message(stel_op(rij))
    except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as fout:
        antwoord = fout.recipients[0] if isinstance(fout, aiosmtplib.SMTPRecipientsRefused) else fout
        log.warning("notificatie_geweigerd", notificatie_id=str(rij["notificatie_id"]), code=antwoord.code)
        await _mislukt(tx, rij, WEIGERT, domain.GEWEIGERD_MAX if antwoord.code >= 500 else domain.POGINGEN_MAX)
    except (aiosmtplib.SMTPException, OSError):
        # It counts as a refusal: an e-mail that breaks the connection may not hold up the queue.
        await _mislukt(tx, rij, WEIGERT, domain.POGINGEN_MAX)
    else:
        await _verzonden(tx, rij)
    return server.is_connected


async def _mislukt(tx: Tx, rij: Any, fout: str, pogingen_max: int) -> None:
    pogingen = rij["pogingen"] + 1
    await store.mark_mislukt(
        tx,
        rij["notificatie_id"],
        fout=fout,
        wachttijd=domain.wachttijd(pogingen, random.random()),
        opgegeven=pogingen >= pogingen_max,
    )


async def _verzonden(tx: Tx, rij: Any) -> None:
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
    bericht["To"] = rij["email"] or domain.standaard_adres(rij["gemeente"])
    bericht["Subject"] = rij["onderwerp"]
    bericht["Date"] = format_datetime(rij["gemaakt_at"])
    bericht["Message-ID"] = f"<{rij['notificatie_id']}@{domein}>"
    bericht["Auto-Submitted"] = "auto-generated"
    bericht["Content-Language"] = "nl"
    bericht.set_content(rij["inhoud"])
    return bericht
