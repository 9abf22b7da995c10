"""A mail server that is away or refuses: tried again ever more slowly, visibly, until a person decides."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller

from chassis import trace
from chassis.db import OVERAL, Pool, transaction
from lokaal.post import serve_smtp
from lokaal.proces import free_port
from services.notifications import verzending
from services.notifications.domain import poging
from services.notifications.handlers import melden
from tests.service.chassis.conftest import tot

from .test_notificatie_versturen import BACKOFFICE, een_termijn, gelezen

GOES = "0664"


@pytest.fixture
def weigeraar() -> Iterator[str]:
    """host:port of a mail server that refuses every recipient."""

    class Weiger:
        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
            return "550 5.1.1 onbekend"

    poort = free_port()
    controller = Controller(Weiger(), hostname="127.0.0.1", port=poort)
    controller.start()
    yield f"127.0.0.1:{poort}"
    controller.stop()


async def meld(pool: Pool) -> None:
    async with transaction(pool, OVERAL) as tx:
        await melden.meld_termijn(tx, een_termijn(str(uuid.uuid4())), backoffice=BACKOFFICE)


async def ronde(pool: Pool, smtp: str) -> None:
    await verzending.verzend_wachtende(pool, smtp=smtp, door="proef")


async def zet(pool: Pool, pogingen: int) -> None:
    """As if so many attempts were made, and the next one is due."""
    async with transaction(pool, OVERAL) as tx:
        await tx.execute(
            "UPDATE notificatie SET pogingen = $1, weigeringen = $1, volgende_poging_at = clock_timestamp()",
            pogingen,
        )


async def de_ene(api: httpx.AsyncClient) -> dict[str, Any]:
    (notificatie,) = (await api.get("/v1/notificaties")).json()["notificaties"]
    return dict(notificatie)


def seconden_tot(moment: str) -> float:
    return (dt.datetime.fromisoformat(moment) - dt.datetime.now(dt.UTC)).total_seconds()


async def test_mailserver_weg_vertraagt_zichtbaar_en_daarna_komt_de_mail_eenmaal(
    pool: Pool, api: httpx.AsyncClient, tmp_path: Path
) -> None:
    poort = free_port()
    smtp = f"127.0.0.1:{poort}"
    await meld(pool)
    await ronde(pool, smtp)
    weg = await de_ene(api)
    assert (weg["status"], weg["pogingen"], weg["laatste_fout"]) == ("wacht", 1, "mailserver_onbereikbaar")
    assert 0 < seconden_tot(weg["volgende_poging_at"]) <= 2

    await ronde(pool, smtp)
    assert (await de_ene(api))["pogingen"] == 1, "not before its time"
    await zet(pool, 20)
    await ronde(pool, smtp)
    laat = await de_ene(api)
    assert 900 - 5 < seconden_tot(laat["volgende_poging_at"]) <= 1800, "capped at half an hour"

    await zet(pool, 0)
    server = serve_smtp(tmp_path / "post", poort)
    try:

        async def verzonden() -> bool:
            await ronde(pool, smtp)
            return (await de_ene(api))["status"] == "verzonden"

        await tot(verzonden)
        assert len(gelezen(tmp_path / "post")) == 1
        stand = await de_ene(api)
        assert stand["volgende_poging_at"] is None and stand["laatste_fout"] is None
    finally:
        server.stop()


async def test_een_server_die_terug_is_krijgt_ook_wie_nog_lang_zou_wachten(
    pool: Pool, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak
    for _ in range(3):
        await meld(pool)
    await ronde(pool, "127.0.0.1:9")
    async with transaction(pool, OVERAL) as tx:
        await tx.execute("UPDATE notificatie SET volgende_poging_at = clock_timestamp() + interval '20 minutes'")
    await ronde(pool, "127.0.0.1:9")
    async with transaction(pool, OVERAL) as tx:
        assert await tx.fetchval("SELECT max(pogingen) FROM notificatie") == 1, "to look whether it is back is no try"
    await ronde(pool, smtp)
    assert len(gelezen(map_)) == 3


async def test_dat_de_server_weg_was_telt_niet_als_weigering_van_een_mail(
    pool: Pool, api: httpx.AsyncClient, weigeraar: str
) -> None:
    await meld(pool)
    async with transaction(pool, OVERAL) as tx:
        await tx.execute("UPDATE notificatie SET pogingen = 100, laatste_fout = 'mailserver_onbereikbaar'")
    await ronde(pool, weigeraar)
    geweigerd = await de_ene(api)
    assert (geweigerd["status"], geweigerd["pogingen"]) == ("wacht", 101)
    assert 0 < seconden_tot(geweigerd["volgende_poging_at"]) <= 2, "its first refusal"


async def test_een_stapel_gaat_over_meer_verbindingen_en_elke_mail_een_keer(
    pool: Pool, postvak: tuple[str, Path]
) -> None:
    aantal = verzending.PER_CLAIM + 7
    for _ in range(aantal):
        await meld(pool)
    await ronde(pool, postvak[0])
    assert len({mail["Message-ID"] for mail in gelezen(postvak[1])}) == len(gelezen(postvak[1])) == aantal


async def test_na_de_laatste_poging_mislukt_en_opnieuw_verzenden_helpt(
    pool: Pool, api: httpx.AsyncClient, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak
    await meld(pool)
    await zet(pool, poging.POGINGEN_MAX - 1)
    await ronde(pool, "127.0.0.1:9")
    op = await de_ene(api)
    assert (op["status"], op["pogingen"], op["volgende_poging_at"]) == ("mislukt", poging.POGINGEN_MAX, None)
    mislukt, verzonden = [
        (await api.get(f"/v1/notificaties?status={status}")).json()["notificaties"]
        for status in ("mislukt", "verzonden")
    ]
    assert [n["notificatie_id"] for n in mislukt] == [op["notificatie_id"]] and verzonden == []
    await ronde(pool, smtp)
    assert gelezen(map_) == [], "given up is given up"

    ander = await api.post(f"/v1/notificaties/{op['notificatie_id']}/opnieuw", headers={"Authorization": "Bearer 0665"})
    assert ander.status_code == 404
    opnieuw = await api.post(f"/v1/notificaties/{op['notificatie_id']}/opnieuw")
    assert opnieuw.status_code == 202 and opnieuw.json()["status"] == "wacht" and opnieuw.json()["pogingen"] == 0
    await ronde(pool, smtp)
    assert len(gelezen(map_)) == 1 and (await de_ene(api))["status"] == "verzonden"


async def test_een_weigering_geldt_alleen_die_mail_en_geeft_eerder_op(
    pool: Pool, api: httpx.AsyncClient, weigeraar: str
) -> None:
    await meld(pool)
    await ronde(pool, weigeraar)
    geweigerd = await de_ene(api)
    assert (geweigerd["status"], geweigerd["pogingen"]) == ("wacht", 1)
    assert geweigerd["laatste_fout"] == "mailserver_weigert"
    await zet(pool, poging.GEWEIGERD_MAX - 1)
    await ronde(pool, weigeraar)
    assert (await de_ene(api))["status"] == "mislukt"


async def test_de_trace_van_het_event_gaat_mee_met_de_mail(pool: Pool, postvak: tuple[str, Path]) -> None:
    trace.configure("proef", "proef-1")
    with trace.continued(f"00-{'7a' * 16}-{'1f' * 8}-01", "proef"):
        await meld(pool)
    with trace.continued(None, "ronde"):
        await ronde(pool, postvak[0])
    assert trace.trace_id(await pool.fetchval("SELECT traceparent FROM outbox")) == "7a" * 16
