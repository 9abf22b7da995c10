"""G9: what is read once is not kept: not its names, not its white space, not the room that a big file took."""

import os
import random

import pytest
import pytest_asyncio

from lokaal.proces import rss_mb
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt.geheugen import geef_terug
from services.knooppunt.handlers import lezen
from tests.corpus.groot import _in_client
from tests.service.knooppunt.spel import start

ZAAD = int(os.environ.get("ZORGKETEN_ZAAD") or random.randrange(10**6))


@pytest_asyncio.fixture(autouse=True)
async def werker():
    yield lezen.werker
    await lezen.werker.stop()


def namen(kans, aantal):
    """Elements that have never been seen before: 0.9 MB of these leave 1 MB with libxml2."""
    nieuw = (b"n%x" % kans.getrandbits(64) for _ in range(aantal))
    return _in_client(b"".join(b"<%b></%b>" % (naam, naam) for naam in nieuw))


def voorvoegsels(kans, aantal):
    """A valid 305 with so many prefixes of its own for a namespace that it does not use."""
    extra = b"".join(b' xmlns:n%x="urn:x"' % kans.getrandbits(64) for _ in range(aantal))
    return start("S1").replace(b"<Header>", b"<Header" + extra + b">", 1)


@pytest.mark.parametrize(("maak", "aantal", "goed"), [(namen, 20_000, False), (voorvoegsels, 9_000, True)])
async def test_g09_wat_een_afzender_verzint_blijft_niet_in_het_geheugen(maak, aantal, goed):
    print(f"ZORGKETEN_ZAAD={ZAAD}")
    kans = random.Random(ZAAD)

    async def lees(keren):
        for _ in range(keren):
            try:
                await lezen.lees(maak(kans, aantal))
                assert goed
            except NietLeesbaar:
                assert not goed
        geef_terug()
        return rss_mb(os.getpid())

    begin = await lees(5)
    assert await lees(60) - begin < 40


async def test_g09_na_een_groot_bestand_is_het_proces_weer_klein(werker):
    print(f"ZORGKETEN_ZAAD={ZAAD}")
    kans = random.Random(ZAAD)

    async def lees(aantal):
        with pytest.raises(NietLeesbaar):
            await lezen.lees(namen(kans, aantal))
        return await werker.doe(_rss, b"")

    begin = await lees(30_000)
    pid = werker._proces.pid
    for _ in range(5):
        na = await lees(200_000)
    assert werker._proces.pid == pid, "the same process"
    assert na - begin < 30


def _rss(_):
    return rss_mb(os.getpid())
