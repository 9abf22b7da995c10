"""G6: what is parked can be let go again; order per client holds, nothing is lost, and a rehearsal changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from chassis import herkansing, kafka, outbox, wachtrij
from chassis.audit import gebroken
from chassis.auth import Caller
from chassis.db import OVERAL, Pool, Tenant, Tx, open_pool, transaction
from chassis.errors import BadData, Wacht
from chassis.http import create_api
from chassis.kafka import Event
from chassis.masker import mask_bytes
from chassis.parkeerplaats import maak_router, rechten
from chassis.rechten import bewaak
from chassis.settings import Settings
from tests.service.chassis.conftest import een_event, stuur, tot

BEHEER = frozenset({"beheerder"})
ANDER = "B" * 26


class Dienst:
    """A service whose handler refuses what carries `kapot`, until it is mended."""

    def __init__(self) -> None:
        self.gezien: list[int] = []
        self.heel = False
        self.wacht_op: set[int] = set()

    async def __call__(self, tx: Tx, event: Event) -> None:
        n = event.data["n"]
        if n in self.wacht_op and not event.wacht_voorbij:
            raise Wacht
        if event.data.get("kapot") and not self.heel:
            raise BadData("kapot")
        if event.data.get("rot"):
            raise BadData("rot")
        if event.data.get("stuk") and not self.heel:
            raise ZeroDivisionError
        await outbox.add(
            tx, topic="uit", type="proef.klaar", key=event.client_id or "k", gemeente="0664", data={"n": n}
        )
        self.gezien.append(n)

    async def klaar(self, pool: Pool) -> list[int]:
        """What really happened, in the order in which it was committed."""
        rijen = await pool.fetch(
            "select convert_from(bericht, 'UTF8')::jsonb #>> '{data,n}' as n from outbox order by id"
        )
        return [int(rij["n"]) for rij in rijen]


@asynccontextmanager
async def huis(settings: Settings, topic: str, dienst: Dienst) -> AsyncIterator[tuple[Pool, httpx.AsyncClient]]:
    """The loops of one process, and its routes; the caller is a beheerder of gemeente 0664."""
    pool, wakker = await open_pool(settings), wachtrij.Wakker()
    sub = kafka.Subscription(topic, {"proef.gedaan": dienst}, 2, wakker.told)
    api: FastAPI = create_api("proef", None)

    async def caller(token: str) -> Caller:
        sub, gemeente, rol = token.split(":")
        return Caller(sub, gemeente, None, frozenset({rol}), token)

    api.state.pool, api.state.issuer, api.state.koekje = pool, SimpleNamespace(caller=caller), None
    api.state.rechten = rechten(zien=BEHEER | {"consulent"}, doen=BEHEER)
    bewaak(api, maak_router([sub]))
    taken = [
        asyncio.create_task(kafka.consume(pool, settings, sub)),
        asyncio.create_task(wachtrij.keep_trying(pool, [sub], wakker, wait=timedelta(seconds=2))),
        asyncio.create_task(herkansing.keep_going(pool, [sub])),
    ]
    koppen = {"Authorization": "Bearer ans:0664:beheerder"}
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(api), base_url="http://proef", headers=koppen
        ) as http:
            yield pool, http
    finally:
        for taak in taken:
            taak.cancel()
        await asyncio.gather(*taken, return_exceptions=True)
        await pool.close()


def een(n: int, client: str = "A" * 26, **data: Any) -> dict[str, Any]:
    return een_event(client, data={"n": n, "naam": "Testduin", "bsn": "999990019", **data})


async def geparkeerd(http: httpx.AsyncClient, stand: str = "open") -> list[dict[str, Any]]:
    antwoord = await http.get(f"/v1/geparkeerd?stand={stand}")
    assert antwoord.status_code == 200, antwoord.text
    rijen: list[dict[str, Any]] = antwoord.json()["geparkeerd"]
    return rijen


async def aantal(pool: Pool) -> int:
    return int(await pool.fetchval("select count(*) from geparkeerd where opgelost_at is null"))


async def test_g06_na_herstel_gaat_alles_van_de_client_alsnog_op_volgorde(settings: Settings, topic: str) -> None:
    dienst = Dienst()
    async with huis(settings, topic, dienst) as (pool, http):
        await stuur(settings.kafka, topic, een(1), een(2, kapot=True), een(3), een(101, ANDER), een(4))

        async def drie() -> bool:
            return await aantal(pool) == 3 and 101 in dienst.gezien

        await tot(drie)
        [rij] = await geparkeerd(http)
        assert (rij["reden"], rij["erachter"], rij["kan_opnieuw"]) == ("onbruikbaar", 2, True)
        assert "Testduin" not in str(rij) and "999990019" not in str(rij) and '"naam": "xxxxxxxx"' in rij["ruw"]
        pad = f"/v1/geparkeerd/{rij['geparkeerd_id']}/opnieuw"

        ziek = (await http.post(f"{pad}?proef=true")).json()
        assert (ziek["uitkomst"], ziek["reden"], ziek["gebeurtenissen"]) == ("blijft_geparkeerd", "onbruikbaar", {})
        dienst.heel = True
        gezond = await http.post(f"{pad}?proef=true")
        assert gezond.status_code == 200 and gezond.json() == {
            "uitkomst": "verwerkt", "reden": None, "uitkomsten": {"verwerkt": 3}, "gebeurtenissen": {"proef.klaar": 3},
        }  # fmt: skip
        assert await dienst.klaar(pool) == [1, 101] and await aantal(pool) == 3, "a rehearsal changes nothing"

        assert (await http.post(pad)).status_code == 202
        await stuur(settings.kafka, topic, een(5))

        async def alles() -> bool:
            return await aantal(pool) == 0 and len(await dienst.klaar(pool)) == 6

        await tot(alles)
        assert [n for n in await dienst.klaar(pool) if n < 100] == [1, 2, 3, 4, 5], "as without poison"
        assert [(r["afloop"], r["vrijgegeven_door"]) for r in await geparkeerd(http, "opgelost")][0] == (
            "verwerkt",
            "ans",
        )
        assert (await http.post(pad)).status_code == 409
        async with transaction(pool, Tenant("0664")) as tx:
            log = await tx.fetch("select wie, handeling, onderwerp from toegang")
            assert [tuple(r)[:2] for r in log] == [("ans", "geparkeerd_opnieuw")] and topic in log[0]["onderwerp"]
            assert await gebroken(tx, "0664") == []


async def test_g06_wat_nog_ziek_is_blijft_staan_en_gaat_niet_verloren(settings: Settings, topic: str) -> None:
    dienst = Dienst()
    dienst.wacht_op = {3}
    async with huis(settings, topic, dienst) as (pool, http):
        await stuur(settings.kafka, topic, een(1, kapot=True), een(2, stuk=True), een(3, rot=True))
        await tot(lambda: _zo(pool, 3))
        [rij] = await geparkeerd(http)
        assert (await http.post(f"/v1/geparkeerd/{rij['geparkeerd_id']}/opnieuw")).status_code == 202

        async def weer_rust() -> bool:
            return bool(await pool.fetchval("select vrijgegeven_at is null from geparkeerd order by 1 limit 1"))

        await tot(weer_rust)
        await tot(lambda: _zo(pool, 3))
        async with transaction(pool, OVERAL) as tx:
            beter = "convert_to(replace(convert_from(ruw, 'UTF8'), 'kapot', 'heel'), 'UTF8')"
            await tx.execute(f"update geparkeerd set ruw = {beter} where geparkeerd_id = $1", rij["geparkeerd_id"])
        assert (await http.post(f"/v1/geparkeerd/{rij['geparkeerd_id']}/opnieuw")).status_code == 202
        await tot(lambda: _redenen(http, ["onverwachte_fout"]))
        assert await dienst.klaar(pool) == [1], "a crash of the handler leaves it parked, and what is behind it too"
        dienst.heel = True
        [rij] = await geparkeerd(http)
        assert (await http.post(f"/v1/geparkeerd/{rij['geparkeerd_id']}/opnieuw")).status_code == 202
        # 3 waits for its predecessor in vain, and is bad then: it must be parked again, not be gone.
        await tot(lambda: _redenen(http, []))
        await tot(lambda: _redenen(http, ["onbruikbaar"]))
        assert await dienst.klaar(pool) == [1, 2]


async def _zo(pool: Pool, open_: int) -> bool:
    return await aantal(pool) == open_


async def _redenen(http: httpx.AsyncClient, redenen: list[str]) -> bool:
    return [rij["reden"] for rij in await geparkeerd(http)] == redenen


async def _klaar(dienst: Dienst, pool: Pool, wat: list[int]) -> bool:
    return await dienst.klaar(pool) == wat


async def test_onleesbaar_kan_niet_opnieuw_maar_wel_worden_afgesloten(settings: Settings, topic: str) -> None:
    dienst = Dienst()
    async with huis(settings, topic, dienst) as (pool, http):
        await stuur(
            settings.kafka, topic, b'{"bsn": "999990019", "naam": Testduin', headers=[("type", b"proef.gedaan")]
        )
        await stuur(settings.kafka, topic, een(1), een_event(ANDER, gemeente="0716", data={"n": 2, "kapot": 1}))

        await tot(lambda: _zo(pool, 3))
        [rij] = await geparkeerd(http)
        assert (rij["reden"], rij["type"], rij["erachter"], rij["kan_opnieuw"]) == (
            "geen_json",
            "proef.gedaan",
            1,
            False,
        )
        assert rij["ruw"] == '{"xxx": "999999999", "xxxx": xxxxxxxx'
        pad = f"/v1/geparkeerd/{rij['geparkeerd_id']}"
        assert (await http.post(f"{pad}/opnieuw")).status_code == 422
        vreemd = await pool.fetchval("select max(geparkeerd_id) from geparkeerd")
        assert (await http.post(f"/v1/geparkeerd/{vreemd}/opnieuw")).status_code == 404, "of another gemeente (G15)"
        elders = {"Authorization": "Bearer piet:0716:beheerder"}
        assert (await http.post(f"{pad}/afsluiting", json={"toelichting": "x"}, headers=elders)).status_code == 404
        alleen_kijken = {"Authorization": "Bearer piet:0664:consulent"}
        assert (await http.post(f"{pad}/opnieuw", headers=alleen_kijken)).status_code == 403
        assert (
            await http.post(f"{pad}/afsluiting", json={"toelichting": "De afzender stuurt een nieuw."})
        ).status_code == 204
        # What was behind it goes on by itself.
        await tot(lambda: _klaar(dienst, pool, [1]))


@pytest.mark.parametrize("ruw", [None, b"", b"\xff\x00 Jansen 123456782", b'{"Jansen": {"bsn": 123456782}}', b"[" * 100_000,
                                 '{"x": "Jánsen ١٢٣٤٥٦٧٨٢"}'.encode(), b'["Jansen"]'])  # fmt: skip
def test_g18_een_masker_laat_geen_letter_en_geen_cijfer_door(ruw: bytes | None) -> None:
    tekst = mask_bytes(ruw)
    assert "ansen" not in tekst and "nsen" not in tekst and not (set(tekst) & set("12345678١٢"))
