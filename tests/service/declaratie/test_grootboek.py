"""Het grootboek: de database houdt som en regels gelijk, geen volume gaat twee keer weg, elke regel legt zich uit."""

import asyncio

import asyncpg
import pytest

from chassis.db import transaction

from .conftest import VAN_GOES
from .test_declaratie_beoordelen import CLIENT, MAART, R1, credit, een_prestatie

pytestmark = pytest.mark.asyncio


async def grootboek(http, als, nummer=610001):
    antwoord = await http.get(f"/v1/prestaties?toewijzing_nummer={nummer}", headers=als())
    assert antwoord.status_code == 200, antwoord.text
    return antwoord.json()


@pytest.mark.parametrize(
    "opdracht",
    [
        "update toewijzing_totaal set volume = volume + 1",
        "update toewijzing_totaal set bedrag_cent = 0",
        "delete from toewijzing_totaal",
        "insert into toewijzing_totaal (gemeente, nummer, volume) values ('0664', 1, 60)",
        """insert into grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume, bedrag_cent)
           values ('0664', 1, '2026-02-01', 'x', 0, 0, 'toegekend', 60, 5875)""",
    ],
)
async def test_som_en_regels_kunnen_niet_uit_elkaar_lopen(spel, opdracht):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction(spel.pool, VAN_GOES) as tx:
            await tx.execute(opdracht)
    assert await spel.waarde("select volume from toewijzing_totaal") == 720


async def test_een_regel_in_het_grootboek_telt_meteen_mee_in_haar_som_ook_twee_keer_in_een_opdracht(spel):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    async with transaction(spel.pool, VAN_GOES) as tx:
        await tx.execute(
            """insert into grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume,
                   bedrag_cent)
               values ('0664', 610001, '2026-02-01', 'x', 0, 0, 'toegekend', 60, 5875),
                      ('0664', 610001, '2026-03-01', 'x', 0, 1, 'gecrediteerd', -30, -2000)"""
        )
    som = await spel.waarde("select volume || ' ' || bedrag_cent from toewijzing_totaal")
    assert som == await spel.waarde("select sum(volume) || ' ' || sum(bedrag_cent) from grootboek") == "750 74375"


async def test_tr321_tr389_twintig_bestanden_tegelijk_krijgen_samen_een_keer_het_volume(spel):
    await spel.lever(spel.contracten(), spel.toewijzing())
    stellen = [spel.declaratie(n, {CLIENT: [een_prestatie(f"R-{n}", 12)]}) for n in range(1, 21)]
    await asyncio.gather(*(spel.lever(*events) for events in stellen))
    toegekend = [(await spel.einde(n))["toegekend_cent"] for n in range(1, 21)]
    assert sorted(toegekend) == [0] * 19 + [70500]
    assert await spel.waarde("select bedrag_cent from toewijzing_totaal") == 70500
    assert await spel.waarde("select count(*) from grootboek") == 1


async def test_per_periode_en_product_toegewezen_ingediend_toegekend_gecrediteerd_en_over(spel, gemeente_http):
    aspecifiek = spel.toewijzing(product={"categorie": "02", "code": None}, omvang=None, budget_cent=300000)
    anders = een_prestatie("R-2", 2, product_code="02B99")
    await spel.lever(spel.contracten(), aspecifiek, *spel.declaratie(1, {CLIENT: [R1, anders]}))
    await spel.lever(*spel.declaratie(2, {CLIENT: [credit(R1, "R-3"), een_prestatie("R-4", 11)]}))
    boek = await grootboek(*gemeente_http)
    assert (boek["budget_cent"], boek["toegekend_cent"], boek["over_cent"]) == (300000, 64625, 235375)
    februari = boek["perioden"][0]
    per_code = {p["product"]["code"]: p for p in februari["producten"]}
    assert per_code["02A05"]["ingediend_cent"] == 70500 + 64625
    assert (per_code["02A05"]["toegekend_cent"], per_code["02A05"]["gecrediteerd_cent"]) == (135125, 70500)
    assert (per_code["02B99"]["ingediend_cent"], per_code["02B99"]["toegekend_cent"]) == (11750, 0), "no contract"
    for naam in ("ingediend_cent", "toegekend_cent", "gecrediteerd_cent", "toegekend_volume"):
        assert februari[naam] == sum(p[naam] for p in februari["producten"])


async def test_elke_regel_noemt_haar_regel_en_de_eerdere_regel(spel, gemeente_http):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    await spel.lever(*spel.declaratie(2, {CLIENT: [een_prestatie("R-0002", 1)]}))
    await spel.lever(*spel.declaratie(3, {CLIENT: [een_prestatie("R-0001", 1, **MAART)]}, "2026-03"))
    await spel.lever(*spel.declaratie(4, {CLIENT: [credit(R1 | {"geleverd_volume": 11}, "R-0004")]}, "2026-03"))
    await spel.lever(*spel.declaratie(5, {CLIENT: [credit(R1, "R-0005")]}, "2026-03"))
    await spel.lever(*spel.declaratie(6, {CLIENT: [credit(R1, "R-0006")]}, "2026-03"))
    regels = {(r["declaratie_id"], r["referentie_nummer"]): r for r in (await grootboek(*gemeente_http))["regels"]}
    eerste = {"declaratie_id": "bericht-1", "referentie_nummer": "R-0001"}

    def waarom(bericht, referentie):
        return [(b["regel"], b["retourcode"], b["eerder"]) for b in regels[bericht, referentie]["bevindingen"]]

    assert waarom("bericht-1", "R-0001") == []
    assert waarom("bericht-2", "R-0002") == [("TR389", "9389", eerste), ("TR321", "9321", None)]
    assert waarom("bericht-3", "R-0001") == [("TR314", "8021", eerste)]
    assert waarom("bericht-4", "R-0004") == [("TR323", "8017", eerste)]
    assert (waarom("bericht-5", "R-0005"), regels["bericht-5", "R-0005"]["vorige"]) == ([], eerste)
    tweede = {"declaratie_id": "bericht-5", "referentie_nummer": "R-0005"}
    assert waarom("bericht-6", "R-0006") == [("TR390", "9390", tweede)]
    for regel in regels.values():
        assert all(b["melding"] and b["volgende_stap"] for b in regel["bevindingen"])
