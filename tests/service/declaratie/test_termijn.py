"""OP090x4: 10 working days for a 325. Warned once, too late once, met when it lies in the mailbox."""

import json
from datetime import UTC, datetime

import pytest

from chassis.clock import clock
from chassis.db import OVERAL, transaction
from services.declaratie.handlers.termijn import meld_termijnen

from .conftest import A1, GOES
from .test_declaratie_beoordelen import CLIENT, R1

pytestmark = pytest.mark.asyncio


@pytest.fixture
def om(monkeypatch):
    """Set the clock of this process: the one seam."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(moment).astimezone(UTC))


async def meld(spel):
    async with transaction(spel.pool, OVERAL) as tx:
        await meld_termijnen(tx)
    rijen = await spel.pool.fetch("select type, bericht from outbox where type like '%termijn%' order by id")
    return [(r["type"], json.loads(r["bericht"])["data"]["bericht_id"]) for r in rijen]


async def stand(http, als, vraag="", **wie):
    antwoord = await http.get(f"/v1/termijnen{vraag}", headers=als(**wie))
    assert antwoord.status_code == 200, antwoord.text
    return [(t["bericht_id"], t["status"], t["uiterlijk"]) for t in antwoord.json()["termijnen"]]


def verzonden(spel, ontvangst, op):
    data = {"bericht_id": f"b325-{ontvangst}", "soort": "WMO325", "op_bericht": f"bericht-{ontvangst}"}
    event = spel.gebeurtenis("knooppunt.bericht_verzonden", data)
    return event.model_copy(update={"gebeurd_at": datetime.fromisoformat(op)})


async def test_op090x4_een_325_nadert_en_verstrijkt_elk_een_keer_en_komt_dan_te_laat(spel, gemeente_http, om):
    http, als = gemeente_http
    # Received 7 April 2026; the tenth working day is the 21st.
    await spel.lever(*spel.declaratie(1, {CLIENT: [R1]})[:1])
    om("2026-04-16T23:59:59+02:00")
    assert await meld(spel) == [] and await stand(http, als) == [("bericht-1", "loopt", "2026-04-21")]
    om("2026-04-17T00:00:00+02:00")
    nadert = [("declaratie.termijn_nadert", "bericht-1")]
    assert await meld(spel) == nadert and await meld(spel) == nadert
    om("2026-04-21T23:59:59+02:00")
    assert await meld(spel) == nadert and await stand(http, als) == [("bericht-1", "nadert", "2026-04-21")]
    om("2026-04-22T00:00:00+02:00")
    beide = [*nadert, ("declaratie.termijn_verstreken", "bericht-1")]
    assert await meld(spel) == beide and await meld(spel) == beide
    # The header again, and a clock that goes back: nothing is told again.
    await spel.lever(*spel.declaratie(1, {CLIENT: [R1]})[:1])
    om("2026-04-10T10:00:00+02:00")
    assert await meld(spel) == beide and await stand(http, als, "?status=verstreken")
    await spel.lever(verzonden(spel, 1, "2026-04-23T10:00:00+02:00"))
    assert await stand(http, als) == [("bericht-1", "te_laat_gehaald", "2026-04-21")]


async def test_op090x4_in_de_postbus_voor_middernacht_is_op_tijd_ook_als_de_klok_al_verder_is(spel, gemeente_http, om):
    http, als = gemeente_http
    await spel.lever(*spel.declaratie(1, {CLIENT: [R1]})[:1], *spel.declaratie(2, {CLIENT: [R1]})[:1])
    om("2026-04-30T10:00:00+02:00")
    eerste = [(f"declaratie.termijn_{wat}", f"bericht-{n}") for n in (1, 2) for wat in ("nadert", "verstreken")]
    assert await meld(spel) == eerste
    await spel.lever(verzonden(spel, 1, "2026-04-21T23:59:59+02:00"), verzonden(spel, 2, "2026-04-22T00:00:00+02:00"))
    assert [status for _, status, _ in await stand(http, als)] == ["gehaald", "te_laat_gehaald"]
    assert await meld(spel) == eerste


async def test_op090x4_ook_een_kop_die_op_zijn_voorganger_wacht_heeft_een_termijn(spel, gemeente_http):
    http, als = gemeente_http
    await spel.lever(*spel.declaratie(2, {CLIENT: [R1]}, vorig=1)[:1])
    assert await spel.waarde("select count(*) from declaratie") == 0
    assert await stand(http, als) == [("bericht-2", "loopt", "2026-04-21")]


async def test_op090x4_beide_kanten_zien_de_termijn_en_een_ander_niet(spel, gemeente_http):
    http, als = gemeente_http
    await spel.lever(*spel.declaratie(1, {CLIENT: [R1]})[:1])
    rij = [("bericht-1", "loopt", "2026-04-21")]
    assert await stand(http, als, gemeente=GOES, rollen=["financien"]) == rij
    assert await stand(http, als, agb=A1, rollen=["aanbieder"]) == rij
    assert await stand(http, als, gemeente="0716", rollen=["financien"]) == []
    assert await stand(http, als, agb="75750202", rollen=["aanbieder"]) == []
