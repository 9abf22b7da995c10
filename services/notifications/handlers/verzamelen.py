"""A digest: what waited for the hour that a receiver chose goes along in one e-mail."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import uuid4

from chassis.clock import clock
from chassis.db import Tx
from services.notifications.domain.ontvanger import EMAIL
from services.notifications.domain.sjablonen import SJABLONEN
from services.notifications.domain.tekst import vul
from services.notifications.store import notificatie as store

_SCHEIDING = "\n" + "-" * 40 + "\n"


def _van(rij: Any) -> tuple[str, str, str]:
    return rij["gemeente"], rij["ontvanger_soort"], rij["ontvanger"]


async def verzamel(tx: Tx) -> None:
    """One run of the periodic job. The e-mail is made before it is sent, so that a second attempt is the same one."""
    for (gemeente, soort, wie), groep in groupby(await store.lock_te_verzamelen(tx, clock.now()), key=_van):
        rijen = list(groep)
        sjabloon = SJABLONEN[f"verzameld.{soort}"]
        delen = [f"{n}. {rij['onderwerp']}\n\n{rij['inhoud'].strip()}" for n, rij in enumerate(rijen, 1)]
        velden = {"aantal": str(len(rijen)), "berichten": _SCHEIDING.join(delen)}
        tekst = vul(sjabloon, velden, gemeente)
        betreft = str(uuid4())
        await store.insert_notificatie(
            tx,
            store.Nieuw(
                gemeente=gemeente, aanleiding="verzameld", betreft=betreft, ontvanger_soort=soort, ontvanger=wie,
                kanaal=EMAIL, event_id=rijen[0]["event_id"], aanbieder=None, client_id=None, keten=None,
                onderwerp=tekst.onderwerp, inhoud=tekst.inhoud, gemaakt_at=clock.now(), traceparent=None,
            ),
        )  # fmt: skip
        await store.bundle(tx, [rij["notificatie_id"] for rij in rijen], gemeente, betreft)
