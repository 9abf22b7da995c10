"""The process for big files: the same answer as a thread gives, errors and all; it ends and comes back."""

import asyncio
import os
from subprocess import check_output

import pytest
import pytest_asyncio

from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt.ontleden import ontleed
from services.knooppunt.werker import Werker, WerkerGestopt
from tests.service.knooppunt.spel import declaratie, start


@pytest_asyncio.fixture
async def werker():
    een = Werker()
    yield een
    await een.stop()


async def test_het_antwoord_is_dat_van_dezelfde_functie_hier(werker):
    for raw in (declaratie("D1"), start("S1")):
        assert await werker.doe(ontleed, raw) == ontleed(raw)


async def test_de_kop_houdt_haar_regelnummers():
    raw = b"<?xml version='1.0'?>\n<!-- a comment -->\n" + start("S1").partition(b"?>")[2].lstrip()
    anders = ontleed(raw)
    assert anders.bericht().root.sourceline == 3 and len(anders.bericht().root) == 1


async def test_een_fout_komt_over_zoals_zij_is(werker):
    with pytest.raises(NietLeesbaar) as hier:
        ontleed(b"<a/>")
    with pytest.raises(NietLeesbaar) as daar:
        await werker.doe(ontleed, b"<a/>")
    assert (daar.value.status, daar.value.bevindingen) == (hier.value.status, hier.value.bevindingen)


async def pid(werker):
    """The process itself, as a shell that it starts sees it."""
    return int(await werker.doe(check_output, b"echo $PPID", shell=True))


async def test_een_afgebroken_vraag_beeindigt_het_proces_en_de_volgende_krijgt_een_nieuw(werker):
    eerst = await pid(werker)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(werker.doe(check_output, b"exec sleep 60", shell=True), 0.2)
    assert await pid(werker) != eerst


async def test_een_proces_dat_sterft_is_een_fout_en_geen_wachten(werker):
    eerst = await pid(werker)
    with pytest.raises(WerkerGestopt):
        await werker.doe(check_output, b"kill -9 $PPID; exec sleep 5", shell=True)
    assert await pid(werker) not in (eerst, os.getpid())
