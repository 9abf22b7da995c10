"""Delen in een keer beoordeeld: hetzelfde als een voor een, ook met herhalingen en zonder kop."""

import asyncio
import random

import pytest

from chassis.db import transaction
from chassis.errors import BadData

from .conftest import VAN_GOES
from .test_declaratie_beoordelen import CLIENT, MAART, R1, credit, een_prestatie

pytestmark = pytest.mark.asyncio


def gevulde_maand(spel, clienten):
    """Vijf declaraties over dezelfde clienten: toegekend, te veel, gecrediteerd, dubbele referentie, onbekend."""
    vooraf = [spel.contracten()] + [spel.toewijzing(n, client) for n, client in clienten.items()]
    eerste = {c: [een_prestatie(f"R-{n}", 12, toewijzing_nummer=n)] for n, c in clienten.items()}
    samen = {
        c: [
            een_prestatie(f"S-{n}", 13, toewijzing_nummer=n, **MAART),
            een_prestatie(f"T-{n}", 11, toewijzing_nummer=n),
            credit(een_prestatie(f"R-{n}", 12, toewijzing_nummer=n), f"C-{n}"),
        ]
        for n, c in clienten.items()
    }
    dubbel = {c: [een_prestatie(f"R-{n}", 1, toewijzing_nummer=n, **MAART)] for n, c in clienten.items()}
    anders = {c: [een_prestatie(f"X-{n}", 1, toewijzing_nummer=610001)] for n, c in clienten.items()}
    rest = {c: [een_prestatie(f"V-{n}", 9, toewijzing_nummer=n, **MAART)] for n, c in clienten.items()}
    declaraties = [
        spel.declaratie(1, eerste), spel.declaratie(2, samen, "2026-03"), spel.declaratie(3, dubbel, "2026-03"),
        spel.declaratie(4, anders, "2026-03"), spel.declaratie(5, rest, "2026-03"),
    ]  # fmt: skip
    return vooraf, [kop for kop, *_ in declaraties], [deel for _, *delen in declaraties for deel in delen]


async def uitkomst(spel):
    """Alles wat over geld en oordeel vastligt."""
    vragen = (
        "select bericht_id, deel, regel, retourcodes from prestatie",
        "select toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume, bedrag_cent from grootboek",
        "select nummer, volume, bedrag_cent from toewijzing_totaal",
        "select bericht_id, status, toegekend_cent, delen_beoordeeld from declaratie",
        "select bericht_id, deel, client_codes, beoordeeld from declaratiedeel",
        "select aanbieder, referentie_nummer, bericht_id from referentie",
    )
    async with transaction(spel.pool, VAN_GOES) as tx:
        uit = [sorted(tuple(map(str, rij)) for rij in await tx.fetch(vraag)) for vraag in vragen]
    return uit, [await spel.codes(n) for n in range(1, 6)], [await spel.einde(n) for n in range(1, 6)]


@pytest.mark.parametrize("zaad", range(4))
async def test_samen_geeft_hetzelfde_als_een_voor_een(spel, ander_spel, zaad):
    """Koppen eerst of later, delen in willekeurige stapels met herhalingen: de ontvangst beslist."""
    toeval = random.Random(zaad)
    clienten = {610001 + n: f"client-{n}" for n in range(12)}
    for kant, samen in ((spel, True), (ander_spel, False)):
        vooraf, koppen, delen = gevulde_maand(kant, clienten)
        await kant.lever(*vooraf)
        if not samen:
            await kant.lever(*koppen, *delen)
            continue
        vroeg = [kop for kop in koppen if toeval.random() < 0.5]
        await kant.lever(*vroeg)
        # Per client op volgorde van ontvangst, zoals een partitie ze geeft; clienten door elkaar.
        rij = sorted(delen, key=lambda deel: (deel.data["ontvangstnummer"], toeval.random()))
        rij += toeval.sample(rij, 10)
        while rij:
            stapel, rij = rij[: (hoeveel := toeval.randrange(1, 25))], rij[hoeveel:]
            assert await kant.geef_samen(stapel) == []
        await kant.lever(*[kop for kop in koppen if kop not in vroeg])
    assert await uitkomst(spel) == await uitkomst(ander_spel)


async def test_wie_op_een_toewijzing_wacht_houdt_de_anderen_niet_op(spel):
    kop, *delen = spel.declaratie(1, {CLIENT: [R1], "client-2": [een_prestatie("R-9", 1, toewijzing_nummer=610009)]})
    await spel.lever(spel.contracten(), spel.toewijzing(), kop)
    wachtend = await spel.geef_samen(delen)
    assert [event.client_id for event in wachtend] == ["client-2"]
    assert await spel.codes(1) == {(0, 0): []}
    await spel.lever(spel.toewijzing(610009, "client-2"), *wachtend)
    assert await spel.codes(1) == {(0, 0): [], (1, 0): []}
    assert (await spel.einde(1))["toegekend_cent"] == 70500 + 5875


async def test_een_onbruikbaar_deel_in_de_stapel_doet_niets(spel):
    kop, deel = spel.declaratie(1, {CLIENT: [R1]})
    await spel.lever(spel.contracten(), spel.toewijzing(), kop)
    kapot = deel.model_copy(update={"event_id": "kapot", "data": deel.data | {"prestaties": [{"regel": "x"}]}})
    with pytest.raises(BadData):
        await spel.geef_samen([deel, kapot])
    assert await spel.codes(1) == {}
    await spel.lever(deel)
    assert await spel.codes(1) == {(0, 0): []}


async def test_stapels_tegelijk_geven_samen_niet_meer_dan_het_volume(spel):
    """TR321: vijf aanbiedingen van hetzelfde volume in vijf stapels; elke toewijzing krijgt het een keer."""
    clienten = {610001 + n: f"client-{n}" for n in range(8)}
    await spel.lever(spel.contracten(), *[spel.toewijzing(n, c) for n, c in clienten.items()])
    koppen, delen = [], []
    for nummer in range(1, 6):
        kop, *rest = spel.declaratie(
            nummer, {c: [een_prestatie(f"R-{nummer}-{n}", 12, toewijzing_nummer=n)] for n, c in clienten.items()}
        )
        koppen.append(kop)
        delen.append(rest)
    await spel.lever(*koppen)
    await asyncio.gather(*(spel.geef_samen(stapel) for stapel in delen))
    assert await spel.waarde("select sum(bedrag_cent) from toewijzing_totaal") == 8 * 70500
    einden = [await spel.einde(n) for n in range(1, 6)]
    assert sum(einde["toegekend_cent"] for einde in einden) == 8 * 70500
