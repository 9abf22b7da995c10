"""The mailbox: ETag, and waiting for something."""

import asyncio

from services.knooppunt.handlers import opdrachten
from tests.service.knooppunt.spel import A1, A2, opdracht, vastgelegd


async def leg_neer(knooppunt, opdracht_id="opdracht-1"):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht(opdracht_id))


async def vraag(knooppunt, pad, etag=None, agb=A1):
    koppen = knooppunt._kop(agb) | ({"If-None-Match": etag} if etag else {})
    return await knooppunt.http.get(pad, headers=koppen)


async def test_lijst_en_xml_hebben_een_etag_en_ongewijzigd_is_304(knooppunt):
    await leg_neer(knooppunt)
    lijst = await vraag(knooppunt, "/v1/postbus")
    assert (await vraag(knooppunt, "/v1/postbus", lijst.headers["etag"])).status_code == 304
    pad = f"/v1/postbus/{lijst.json()['berichten'][0]['bericht_id']}"
    xml = await vraag(knooppunt, pad)
    ongewijzigd = await vraag(knooppunt, pad, xml.headers["etag"])
    assert (ongewijzigd.status_code, ongewijzigd.content) == (304, b"")
    await leg_neer(knooppunt, "opdracht-2")
    assert (await vraag(knooppunt, "/v1/postbus", lijst.headers["etag"])).status_code == 200
    assert (await vraag(knooppunt, pad, xml.headers["etag"], A2)).status_code == 404, "not even a 304 for another"


async def test_wachten_eindigt_zodra_er_iets_is_en_houdt_geen_verbinding_vast(knooppunt):
    wachtend = [asyncio.create_task(vraag(knooppunt, "/v1/postbus?wacht=30")) for _ in range(20)]
    leeg = asyncio.create_task(vraag(knooppunt, "/v1/postbus?wacht=1", agb=A2))
    # More waiters than the pool has connections: what comes must still get in.
    assert len(wachtend) > knooppunt.pool.get_max_size()
    await leg_neer(knooppunt)
    async with asyncio.timeout(10):
        antwoorden = await asyncio.gather(*wachtend)
        assert (await leeg).json()["berichten"] == []
    assert {len(antwoord.json()["berichten"]) for antwoord in antwoorden} == {1}
    direct = await asyncio.wait_for(vraag(knooppunt, "/v1/postbus?wacht=30"), 5)
    assert direct.json()["berichten"]
