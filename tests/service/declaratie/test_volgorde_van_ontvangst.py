"""Knooppunt's receipt number decides, whatever the order of delivery and however often: 9333, 8214, 8021, volume."""

import itertools
import os
import random

import pytest

from .test_declaratie_beoordelen import CLIENT, MAART, credit, een_prestatie
from .test_delen_samen import uitkomst

pytestmark = pytest.mark.asyncio
ANDER = "client-8"
ZAAD = int(os.environ.get("ZORGKETEN_ZAAD") or random.randrange(10**9))


def bij_ander(referentie, volume, **anders):
    return een_prestatie(referentie, volume, toewijzing_nummer=610002, **anders)


def vijf_declaraties(spel):
    """Five 323s that meet each other in each way that an order can decide."""
    eerste = een_prestatie("R-1", 12)
    april = {"begindatum": "2026-04-01", "einddatum": "2026-04-30"}
    return [
        spel.declaratie(1, {CLIENT: [eerste], ANDER: [bij_ander("R-2", 12)]}, nummer="DN-X", vorig=None),
        # Its DeclaratieNummer is used: it counts as never sent, and R-3 stays free.
        spel.declaratie(2, {CLIENT: [een_prestatie("R-3", 1, **MAART)]}, "2026-03", nummer="DN-X", vorig=1),
        # R-1 is of receipt 1, and of another client; R-4 is twice in this message, first in the part of CLIENT.
        spel.declaratie(
            3,
            {
                CLIENT: [een_prestatie("R-4", 18, **MAART)],
                ANDER: [bij_ander("R-1", 1, **MAART), bij_ander("R-4", 2, **MAART), bij_ander("R-3", 3, **MAART)],
            },
            "2026-03",
            vorig=2,
        ),
        # The month is full by receipt 3; R-5 is of receipt 4, and receipt 5 wants it too.
        spel.declaratie(
            4, {CLIENT: [een_prestatie("R-5", 1, **MAART), credit(eerste, "R-6")]}, "2026-03", vorig=3
        ),
        # Receipt 3 is about march, so february is too late (8214); this one frees R-7 again.
        spel.declaratie(5, {ANDER: [bij_ander("R-5", 4, **april), bij_ander("R-7", 5, **april)]}, "2026-04", vorig=4),
    ]  # fmt: skip


async def speel(spel, orde):
    """Deliver in this order; gives what was decided."""
    vooraf = [spel.contracten(), spel.toewijzing(), spel.toewijzing(610002, ANDER)]
    await spel.lever(*orde([*vooraf, *itertools.chain(*vijf_declaraties(spel))]))
    return await uitkomst(spel)


@pytest.mark.parametrize("keer", range(12))
async def test_tr333_tr314_tr389_elke_volgorde_van_bezorgen_geeft_de_uitkomst_van_de_ontvangst(spel, ander_spel, keer):
    print(f"ZORGKETEN_ZAAD={ZAAD}")
    toeval = random.Random(ZAAD + keer)

    def door_elkaar(events):
        events = events + toeval.sample(events, 5)
        toeval.shuffle(events)
        return events

    verwacht = await speel(ander_spel, list)
    assert await speel(spel, door_elkaar) == verwacht, f"ZORGKETEN_ZAAD={ZAAD}"
    (*_, codes, einden) = verwacht
    assert [einde["declaratie_codes"] for einde in einden] == [[], ["9333"], [], [], []]
    assert codes == [
        {(0, 0): [], (1, 0): []},
        {},
        {(0, 0): [], (1, 0): ["8021"], (1, 1): ["8021"], (1, 2): []},
        {(0, 0): ["9389", "9321"], (0, 1): []},
        {(0, 0): ["8021"], (0, 1): []},
    ]


async def test_tr333_9333_het_eerst_ontvangen_bericht_houdt_het_nummer_ook_als_het_later_komt(spel):
    kop1, deel1 = spel.declaratie(1, {CLIENT: [een_prestatie("R-1", 5)]}, nummer="DN-X")
    kop2, deel2 = spel.declaratie(2, {CLIENT: [een_prestatie("R-2", 5)]}, nummer="DN-X", vorig=1)
    await spel.lever(spel.contracten(), spel.toewijzing(), kop2, deel2, deel1, kop1)
    assert [(await spel.einde(n))["declaratie_codes"] for n in (1, 2)] == [[], ["9333"]]


async def test_tr318_8214_een_periode_voor_die_van_een_later_ontvangen_bericht_is_goed(spel):
    """IV090 looks at what was received before; the later one waits until that is known."""
    kop1, deel1 = spel.declaratie(1, {CLIENT: [een_prestatie("R-1", 5)]}, "2026-02")
    kop2, deel2 = spel.declaratie(2, {CLIENT: [een_prestatie("R-2", 5, **MAART)]}, "2026-03", vorig=1)
    await spel.lever(spel.contracten(), spel.toewijzing(), kop2, deel2, kop1, deel1)
    assert [(await spel.einde(n))["declaratie_codes"] for n in (1, 2)] == [[], []]


async def test_tr314_8021_wie_een_referentie_deelt_met_een_open_declaratie_wacht_en_een_ander_niet(spel):
    kop1, deel1 = spel.declaratie(1, {CLIENT: [een_prestatie("R-1", 5)]})
    kop2, gedeeld, vrij = spel.declaratie(
        2, {ANDER: [bij_ander("R-1", 5)], "client-9": [een_prestatie("R-9", 5, toewijzing_nummer=610003)]}, vorig=1
    )
    await spel.lever(spel.contracten(), spel.toewijzing(), spel.toewijzing(610002, ANDER))
    await spel.lever(spel.toewijzing(610003, "client-9"), kop1, kop2, gedeeld, vrij)
    assert await spel.codes(2) == {(1, 0): []}, "the part of receipt 1 is still on its way, and holds R-1"
    await spel.lever(deel1)
    assert (await spel.codes(1), await spel.codes(2)) == ({(0, 0): []}, {(0, 0): ["8021"], (1, 0): []})
    assert (await spel.einde(2))["afgekeurd"] == {"8021": 1}


async def test_een_kop_zonder_voorganger_houdt_een_andere_aanbieder_niet_op(spel):
    kop, deel = spel.declaratie(2, {CLIENT: [een_prestatie("R-1", 5)]}, vorig=1)
    await spel.lever(spel.contracten(), spel.toewijzing(), kop, deel)
    assert await spel.uit("declaratie.declaratie_afgehandeld", "bericht-2") == []
    ander = [
        e.model_copy(update={"aanbieder": "75750202"}) for e in spel.declaratie(3, {CLIENT: [een_prestatie("R-1", 5)]})
    ]
    await spel.lever(*ander)
    assert await spel.codes(3) == {(0, 0): ["9338"]}
