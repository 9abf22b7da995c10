"""The small fault run of every day: a mail server that is away half of the time, and a service that is killed.

Each cause is exactly one accepted e-mail or a visible dead letter, which a person can send again (tests/faults has
10,000 of them).
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
import uuid
from pathlib import Path

import httpx

from chassis.clock import clock
from chassis.db import OVERAL, Pool, transaction
from services.notifications.domain import poging
from services.notifications.handlers import melden
from services.notifications.store import notificatie
from tests.faults.storing import WEIGERT, Brievenbus, Dienst, aan_uit, stand, toets, wacht_tot_klaar
from tests.service.notifications.test_notificatie_versturen import BACKOFFICE, een_event

AANTAL, SEED, WACHT_S = 200, 20260205, 120.0


async def vertel(pool: Pool) -> None:
    """Every cause twice, in two events; one in a hundred is for who refuses its mail, and that was tried before."""
    async with transaction(pool, OVERAL) as tx:
        for n in range(AANTAL):
            opdracht_id = str(uuid.uuid4())
            data = {"opdracht_id": opdracht_id, "bericht_id": opdracht_id, "soort": "WMO301", "retourcodes": []}
            for _ in range(2):
                event = een_event("toewijzing.bericht_afgekeurd", data, gemeente="0664" if n % 100 else WEIGERT)
                await melden.meld_afkeuring(tx, event, backoffice=BACKOFFICE)
        await tx.execute(
            "UPDATE notificatie SET weigeringen = $1 WHERE gemeente = $2", poging.GEWEIGERD_MAX - 1, WEIGERT
        )


async def test_g01_g02_elke_aanleiding_is_een_mail_of_zichtbare_dode_post(
    pool: Pool, api: httpx.AsyncClient, notifications_dsn: str, database: str, tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    await vertel(pool)
    bus = Brievenbus()
    # Kafka is not there: what was told already is sent all the same.
    dienst = Dienst(notifications_dsn, "127.0.0.1:1", f"127.0.0.1:{bus.poort}", tmp_path / "notifications.log")

    def met_storing() -> None:
        """A kill in the middle; then it may finish."""
        with aan_uit(bus, rng, 2.0):
            tot = time.monotonic() + WACHT_S
            while bus.aangenomen.total() < AANTAL // 3:
                assert time.monotonic() < tot, f"{bus.aangenomen.total()} accepted"
                threading.Event().wait(0.005)
            dienst.dood()
            dienst.start()

    dienst.start()
    try:
        await asyncio.to_thread(met_storing)
        nu = await wacht_tot_klaar(database, WACHT_S, ongeduldig=True)
        print(toets(AANTAL, nu, bus, dienst.gedood))
        dode_post = (
            await api.get("/v1/notificaties?status=mislukt", headers={"Authorization": f"Bearer {WEIGERT}"})
        ).json()
        assert {rij["laatste_fout"] for rij in dode_post["notificaties"]} == {"mailserver_weigert"}
        assert len(dode_post["notificaties"]) == AANTAL // 100
        bus.weigert = False
        for rij in dode_post["notificaties"]:
            pad = f"/v1/notificaties/{rij['notificatie_id']}/opnieuw"
            assert (await api.post(pad, headers={"Authorization": f"Bearer {WEIGERT}"})).status_code == 202
        await wacht_tot_klaar(database, WACHT_S, ongeduldig=True)
        assert set((await stand(database)).status.values()) == {"verzonden"}
    finally:
        dienst.dood()
        bus.dicht()


async def test_g01_wat_een_gedode_voorganger_verstuurde_gaat_meteen_opnieuw(pool: Pool) -> None:
    """A claim of a dead process is free as soon as one of its name starts, and not only when its lease ends."""
    await vertel(pool)
    async with transaction(pool, OVERAL) as tx:
        eerst = await notificatie.claim_emails(tx, door="n-1", nu=clock.now(), lease_s=600, hoogstens=20)
        assert len(eerst) == 20
        rest = await notificatie.claim_emails(tx, door="n-2", nu=clock.now(), lease_s=600, hoogstens=AANTAL)
        assert len(rest) == AANTAL - 20, "nobody sends what another is sending"
        await notificatie.release_claims(tx, "n-1")
        weer = await notificatie.claim_emails(tx, door="n-1", nu=clock.now(), lease_s=600, hoogstens=AANTAL)
        assert {rij["notificatie_id"] for rij in weer} == {rij["notificatie_id"] for rij in eerst}
