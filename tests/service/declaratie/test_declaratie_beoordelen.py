"""S50-S65 door de handlers, in elke volgorde van bezorgen."""

import asyncio
import itertools
import random

import asyncpg
import pytest

CLIENT, ANDER = "client-1", "client-8"
pytestmark = pytest.mark.asyncio


def een_prestatie(referentie, volume, **anders):
    tarief = anders.get("product_tarief_cent", 5875)
    return {
        "referentie_nummer": referentie, "vorig_referentie_nummer": None, "toewijzing_nummer": 610001,
        "product_categorie": "02", "product_code": "02A05", "begindatum": "2026-02-02",
        "einddatum": "2026-02-28", "geleverd_volume": volume, "eenheid": "04", "product_tarief_cent": tarief,
        "ingediend_cent": volume * tarief, "debet_credit": "D",
    } | anders  # fmt: skip


def credit(van, referentie):
    return van | {
        "referentie_nummer": referentie, "vorig_referentie_nummer": van["referentie_nummer"],
        "debet_credit": "C"
    }  # fmt: skip


MAART = {"begindatum": "2026-03-01", "einddatum": "2026-03-31"}
R1 = een_prestatie("R-0001", 12)


@pytest.mark.parametrize("volgorde", list(itertools.permutations(range(4))))
async def test_s50_elke_volgorde_van_bezorgen_geeft_hetzelfde(spel, volgorde):
    events = [spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]})]
    await spel.lever(*(events[n] for n in volgorde))
    einde = await spel.einde(1)
    assert (einde["ingediend_cent"], einde["toegekend_cent"]) == (70500, 70500)
    assert (einde["delen"], einde["declaratie_codes"], einde["afgekeurd"]) == (1, [], {})
    assert einde["periode"] == "2026-02"
    assert await spel.codes(1) == {(0, 0): []}


async def test_herhaalde_gebeurtenissen_tellen_een_keer(spel):
    events = [spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]})]
    await spel.lever(*events, *events)
    assert (await spel.einde(1))["toegekend_cent"] == 70500
    assert await spel.waarde("select volume from toewijzing_totaal") == 720


def dagdelen(ander=610002):
    return een_prestatie(
        "R-0011", 18, toewijzing_nummer=ander, product_categorie="07", product_code="07A12", eenheid="16",
        product_tarief_cent=4250, begindatum="2026-03-02", einddatum="2026-03-31",
    )  # fmt: skip


def dagbesteding(spel):
    return spel.toewijzing(
        610002, ANDER, product={"categorie": "07", "code": "07A12"}, ingangsdatum="2026-03-02",
        einddatum="2026-05-31", omvang={"volume": 4, "eenheid": "16", "frequentie": "2"},
    )  # fmt: skip


@pytest.mark.parametrize("zaad", range(6))
async def test_s52_s53_s59_tr321_9321_daarna_opnieuw(spel, zaad):
    te_veel = een_prestatie("R-0010", 19, **MAART)
    events = [
        spel.contracten(), spel.toewijzing(), dagbesteding(spel),
        *spel.declaratie(1, {CLIENT: [te_veel], ANDER: [dagdelen()]}, "2026-03"),
    ]  # fmt: skip
    random.Random(zaad).shuffle(events)
    await spel.lever(*events)
    einde = await spel.einde(1)
    assert (einde["ingediend_cent"], einde["toegekend_cent"]) == (188125, 76500)
    assert einde["afgekeurd"] == {"9321": 1}
    assert await spel.codes(1) == {(0, 0): ["9321"], (1, 0): []}

    opnieuw = een_prestatie("R-0012", 18, **MAART)
    await spel.lever(*spel.declaratie(2, {CLIENT: [opnieuw]}, "2026-03"))
    assert (await spel.einde(2))["toegekend_cent"] == 105750
    await spel.lever(*spel.declaratie(3, {CLIENT: [credit(te_veel, "R-0013")]}, "2026-03"))
    assert await spel.codes(3) == {(0, 0): ["8017"]}


async def test_s55_s56_tarief_0611_en_bedrag_9346(spel):
    await spel.lever(spel.contracten(), spel.toewijzing())
    await spel.lever(*spel.declaratie(1, {CLIENT: [een_prestatie("R-1", 10, product_tarief_cent=5900)]}))
    await spel.lever(*spel.declaratie(2, {CLIENT: [een_prestatie("R-2", 10, ingediend_cent=58000)]}))
    assert (await spel.codes(1), await spel.codes(2)) == ({(0, 0): ["0611"]}, {(0, 0): ["9346"]})


async def test_s58_s60_credit_en_debet_samen_en_daarna_9390(spel):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    samen = [een_prestatie("R-0021", 11), credit(R1, "R-0020")]
    await spel.lever(*spel.declaratie(2, {CLIENT: samen}))
    einde = await spel.einde(2)
    assert (einde["ingediend_cent"], einde["toegekend_cent"], einde["afgekeurd"]) == (-5875, -5875, {})
    await spel.lever(*spel.declaratie(3, {CLIENT: [credit(R1, "R-0022")]}))
    assert await spel.codes(3) == {(0, 0): ["9390"]}
    assert await spel.waarde("select bedrag_cent from toewijzing_totaal") == 64625


async def test_s64_tr333_9333_delen_worden_genegeerd(spel):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}, nummer="DN2602A"))
    kop, deel = spel.declaratie(2, {CLIENT: [een_prestatie("R-0002", 1)]}, nummer="DN2602A")
    await spel.lever(deel, kop)
    einde = await spel.einde(2)
    assert (einde["declaratie_codes"], einde["toegekend_cent"], einde["delen"]) == (["9333"], 0, 0)
    assert await spel.codes(2) == {}
    # De 323 telt als niet verzonden: het ReferentieNummer is nog vrij.
    await spel.lever(*spel.declaratie(3, {CLIENT: [een_prestatie("R-0002", 1)]}))
    assert "8021" not in (await spel.codes(3))[0, 0]


async def test_s65_tr318_8214_overgeslagen_maand(spel):
    start = {
        "toewijzing_nummer": 610001,
        "levering": "gestart",
        "begindatum": "2026-02-02",
        "einddatum": None,
    }
    await spel.lever(
        spel.contracten(), spel.toewijzing(),
        spel.gebeurtenis("toewijzing.levering_gewijzigd", start, CLIENT),
        *spel.declaratie(1, {CLIENT: [R1]}),
    )  # fmt: skip
    april = een_prestatie("R-4", 10, begindatum="2026-04-01", einddatum="2026-04-30")
    await spel.lever(*spel.declaratie(2, {CLIENT: [april]}, "2026-04"))
    assert (await spel.einde(2))["declaratie_codes"] == ["8214"]


async def test_ontvangstnummer_bepaalt_wie_het_volume_krijgt(spel):
    """Het eerst ontvangen bericht krijgt het volume, ook als zijn kop als laatste wordt bezorgd."""
    await spel.lever(spel.contracten(), spel.toewijzing())
    kop1, deel1 = spel.declaratie(1, {CLIENT: [R1]})
    kop2, deel2 = spel.declaratie(2, {CLIENT: [een_prestatie("R-0002", 12)]})
    await spel.lever(deel1, kop2, deel2, kop1)
    assert await spel.codes(1) == {(0, 0): []}
    assert await spel.codes(2) == {(0, 0): ["9389", "9321"]}
    assert (await spel.einde(2))["afgekeurd"] == {"9321": 1, "9389": 1}


async def test_wie_wacht_houdt_zijn_plaats_voor_een_later_ontvangen_bericht(spel):
    """De toewijzing komt tussen twee delen: het eerste wachtte op haar, en krijgt het volume."""
    kop1, deel1 = spel.declaratie(1, {CLIENT: [R1]})
    kop2, deel2 = spel.declaratie(2, {CLIENT: [een_prestatie("R-0002", 12)]})
    await spel.lever(spel.contracten(), kop1, kop2)
    assert await spel.geef_samen([deel1]) == [deel1]
    await spel.lever(spel.toewijzing(), deel2, deel1)
    assert await spel.codes(1) == {(0, 0): []}
    assert await spel.codes(2) == {(0, 0): ["9389", "9321"]}


async def test_wie_uitgewacht_is_neemt_een_later_bericht_niet_mee_dat_nog_wacht(spel):
    onbekend = een_prestatie("R-0002", 1, toewijzing_nummer=610009)
    kop1, deel1 = spel.declaratie(1, {CLIENT: [R1]})
    kop2, deel2 = spel.declaratie(2, {CLIENT: [onbekend]})
    await spel.lever(spel.contracten(), kop1, kop2)
    assert await spel.geef_samen([deel1, deel2]) == [deel1, deel2]
    assert await spel.geef_samen([deel1.model_copy(update={"wacht_voorbij": True})]) == []
    assert (await spel.codes(1), await spel.codes(2)) == ({(0, 0): ["9338"]}, {})
    await spel.lever(spel.toewijzing(610009), deel2)
    assert await spel.codes(2) == {(0, 0): []}


async def test_hoogste_versie_die_niet_is_afgekeurd_telt_in_elke_volgorde(spel):
    verlengd = spel.toewijzing(versie=2, omvang={"volume": 5, "eenheid": "04", "frequentie": "2"}, status="afgekeurd")
    te_laat = spel.toewijzing(versie=2, omvang={"volume": 5, "eenheid": "04", "frequentie": "2"}, status="verzonden")
    regel = een_prestatie("R-1", 13)
    await spel.lever(spel.contracten(), verlengd, spel.toewijzing(), te_laat)
    await spel.lever(*spel.declaratie(1, {CLIENT: [regel]}))
    assert await spel.codes(1) == {(0, 0): ["9321"]}


async def test_s74_tr304_8187_en_tr338_9338(spel):
    await spel.lever(spel.contracten(), spel.toewijzing())
    await spel.lever(*spel.declaratie(1, {"client-3": [R1, een_prestatie("R-2", 1)]}))
    (deel,) = await spel.uit("declaratie.declaratiedeel_beoordeeld", "bericht-1")
    assert (deel["client_codes"], deel["toegekend_cent"]) == (["8187"], 0)
    assert (await spel.einde(1))["afgekeurd"] == {"0233": 2, "8187": 1}
    await spel.lever(*spel.declaratie(2, {"client-3": [een_prestatie("R-3", 1, toewijzing_nummer=999)]}))
    assert await spel.codes(2) == {(0, 0): ["9338"]}


async def test_gelijktijdige_claims_krijgen_samen_niet_meer_dan_het_volume(spel):
    await spel.lever(spel.contracten(), spel.toewijzing())
    koppen, delen = zip(
        *(spel.declaratie(n, {CLIENT: [een_prestatie(f"R-{n}", 12)]}) for n in range(1, 6)), strict=True
    )
    await asyncio.gather(*(spel.lever(e) for e in koppen))
    await asyncio.gather(*(spel.lever(e) for e in delen))
    toegekend = [(await spel.einde(n))["toegekend_cent"] for n in range(1, 6)]
    assert sorted(toegekend) == [0, 0, 0, 0, 70500]


async def test_grootboek_wordt_alleen_aangevuld(spel):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    for opdracht in ("update grootboek set volume = 0", "delete from grootboek"):
        with pytest.raises(asyncpg.PostgresError):
            await spel.waarde(opdracht)
