"""The hot statements use an index on every table that grows.

With rows of many gemeenten and years the planner must come to it by itself: nothing is switched off here.
"""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from chassis.db import transaction
from services.declaratie.domain.deel import Deel, DeelOordeel
from services.declaratie.domain.waarden import Prestatie
from services.declaratie.store import (
    beeld,
    betaling,
    budget,
    declaratie,
    deel,
    gebruik,
    lijst,
    prestatie,
    termijn,
    volgorde,
)

from ..plannen import Luistervink
from .conftest import VAN_GOES

NU = datetime(2026, 4, 7, tzinfo=UTC)
GROEIT = {
    "toewijzing_versie", "toewijzing_totaal", "levering", "declaratie", "declaratiedeel", "prestatie", "referentie",
    "grootboek", "verplichting", "verplichting_oud", "termijn", "betaling", "betaalde_declaratie", "betaalbestand", "rekening",
}  # fmt: skip
VULLING = """
insert into toewijzing_versie select g, 600000 + n, 1, 'c' || n, '75750101', '02', '02A05', 3, '04', '2', null,
    '2026-01-01', '2026-12-31', null, 'inspanning', 'goedgekeurd', now()
    from generate_series(1, 400) n, unnest(array['0664','0716','0654','0678']) g;
insert into declaratie (bericht_id, gemeente, aanbieder, ontvangstnummer, identificatie, declaratie_nummer, periode_begin,
    periode_eind, declaratie_dagtekening, ontvangen_at, ingediend_cent, toegekend_cent, delen, status)
    select g || '-' || n, g, 7575000 || (n % 90 + 10)::text, n, 'I' || n, 'D' || n, '2026-02-01', '2026-02-28', '2026-03-01', now(), 1, 1, 1,
    'afgehandeld' from generate_series(1, 2000) n, unnest(array['0664','0716','0654','0678']) g;
insert into declaratiedeel (bericht_id, deel, gemeente, aanbieder, client_id, ontvangstnummer, inhoud, beoordeeld)
    select bericht_id, 0, gemeente, aanbieder, 'c' || ontvangstnummer, ontvangstnummer, '{}', true from declaratie;
insert into prestatie (bericht_id, deel, regel, gemeente, aanbieder, client_id, toewijzing_nummer, referentie_nummer, categorie,
    code, begindatum, einddatum, volume, eenheid, tarief_cent, ingediend_cent, debet_credit, retourcodes)
    select bericht_id, 0, r, gemeente, aanbieder, 'c', 600000 + (ontvangstnummer % 400), 'R' || ontvangstnummer || r, '02', '02A05',
    '2026-02-01', '2026-02-28', 1, '04', 1, 1, 'D', '{}' from declaratie, generate_series(0, 2) r;
insert into referentie select gemeente, aanbieder, referentie_nummer, bericht_id from prestatie on conflict do nothing;
alter table grootboek disable trigger grootboek_boekt;
insert into grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume, bedrag_cent)
    select gemeente, toewijzing_nummer, date '2010-01-01' + 31 * (row_number() over () % 400)::int, bericht_id, deel, regel, 'toegekend', 60, 1 from prestatie;
alter table grootboek enable trigger grootboek_boekt;
insert into toewijzing_totaal (gemeente, nummer) select gemeente, nummer + 900000 from toewijzing_versie;
insert into verplichting select gemeente, nummer, versie, date '2010-01-01' + 31 * m, '02', 1
    from toewijzing_versie, generate_series(0, 40) m;
insert into verplichting_oud select gemeente, nummer, versie, maand, categorie, bedrag_cent, '2020-01-01', '2021-01-01'
    from verplichting where nummer % 10 = 0;
insert into termijn (gemeente, aanbieder, bericht_id, uiterlijk, nadert_at, verloopt_at, status)
    select gemeente, aanbieder, bericht_id, '2026-04-21', '2026-04-17', '2026-04-22', 'gehaald' from declaratie;
insert into levering (gemeente, nummer, begindatum, volgnummer) select gemeente, nummer, '2026-02-01', 1 from toewijzing_versie;
insert into betaalbestand (betaalbestand_id, gemeente, t_m, uitvoerdatum, gemaakt_at, gemaakt_door, totaal_cent, xml)
    select 'b' || n || g, g, '2026-01-01', '2026-01-01', now(), 'x', 1, '' from generate_series(1, 200) n, unnest(array['0664','0716']) g;
begin;
insert into betaling (betaling_id, betaalbestand_id, gemeente, aanbieder, iban, naam, uitvoerdatum, bedrag_cent)
    select bericht_id, 'b1' || gemeente, gemeente, bericht_id, 'x', 'x', '2026-01-01', 1 from declaratie where gemeente in ('0664','0716');
insert into betaalde_declaratie select bericht_id, bericht_id, gemeente, aanbieder, 1 from declaratie where gemeente in ('0664','0716');
commit;
insert into rekening (gemeente, houder, iban, naam, voorgesteld_door, voorgesteld_at)
    select g, n::text, 'x', 'x', 'x', now() from generate_series(1, 2000) n, unnest(array['0664','0716','0654','0678']) g;
analyze;
"""


@pytest.fixture
async def vol(spel, postgres_dsn):
    naam = await spel.pool.fetchval("select current_database()")
    beheer = await asyncpg.connect(
        postgres_dsn.rpartition("/")[0] + f"/{naam}", server_settings={"search_path": "declaratie"}
    )
    await beheer.execute(VULLING)
    yield spel
    await beheer.close()


@pytest.mark.asyncio
async def test_geen_hete_vraag_leest_een_groeiende_tabel_helemaal(vol):
    nu, nummers = datetime.now(UTC), [600001, 600002, 600003]
    async with transaction(vol.pool, VAN_GOES) as tx:
        vink = Luistervink(tx)
        await prestatie.lock_totalen(vink, "0664", nummers)
        await prestatie.load_maanden(vink, "0664", nummers, [date(2026, 2, 1)])
        await beeld.load_toewijzingen(vink, "0664", nummers)
        await deel.load_bekend(vink, [("0664-1", 0)])
        await deel.load_klaarliggend(vink, "0664", ["c1"])
        await declaratie.load_koppen(vink, ["0664-1"])
        await declaratie.load_clienten(vink, "0664-1")
        await declaratie.nummer_bekend(vink, "0664", "75750010", "D1")
        await declaratie.load_afgekeurd(vink, "0664-1")
        await lijst.load_declaraties(vink, "0664", None, None, None, None, 51)
        await lijst.load_regels(vink, "0664-1")
        await lijst.load_grootboek(vink, "0664", 600001)
        await lijst.load_boekregels(vink, "0664", 600001)
        await budget.load_bestedingen(vink, "0664", 2012, nu)
        await gebruik.load_gebruik(vink, "0664", date(2012, 1, 1), date(2012, 3, 1), 3)
        await gebruik.load_cijfers(vink, "0664", 2012)
        await volgorde.load_eerdere(vink, "0664", {"75750010": 2000})
        await volgorde.load_beoordeeld(vink, [("0664-1", 0)])
        await volgorde.load_kop_aan_de_beurt(vink, "0664", "75750010", [])
        await volgorde.load_klaarliggende_clienten(vink)
        await termijn.load_aan_de_beurt(vink, nu, 500)
        await termijn.load_pagina(vink, None, None, None, 7000, 51)
        await betaling.load_betalingen(vink, "b10664", None, 50)
        await betaling.load_betaalde(vink, ["0664-1"])
        await betaling.load_rekeningen(vink, "0664")
    assert len(vink.plannen) == 25
    assert not (fout := vink.volle_leeslagen(GROEIT)), fout


@pytest.mark.asyncio
async def test_boeken_leest_geen_groeiende_tabel_helemaal_ook_niet_in_de_trigger(vol):
    """What happens inside a trigger has no plan to see: the database counts how often it read a table as a whole."""

    async def hele_lezingen() -> dict[str, int]:
        async with vol.pool.acquire() as verbinding:
            await verbinding.execute("select pg_stat_force_next_flush()")
            rijen = await verbinding.fetch("select relname, seq_scan from pg_stat_user_tables")
        return {r["relname"]: r["seq_scan"] for r in rijen if r["relname"] in GROEIT}

    maanden = [(date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 3, 31))]
    prestaties = tuple(
        Prestatie(n, f"NIEUW{n}", 1_500_001, "02", "02A05", *maand, 12, "04", 5875, 70500)
        for n, maand in enumerate(maanden)
    )
    een = Deel("nieuw", 0, 99, "75750101", "c1", prestaties)
    vooraf = await hele_lezingen()
    async with transaction(vol.pool, VAN_GOES) as tx:
        assert await prestatie.claim_referenties(tx, "0664", [een]) == set()
        await prestatie.add_prestaties(tx, "0664", [(een, DeelOordeel((), tuple((p, ()) for p in prestaties)))], NU)
        assert await tx.fetchval("select volume from toewijzing_totaal where nummer = 1500001") == 2 * 720
        await tx.execute("select pg_stat_force_next_flush()")
    assert await hele_lezingen() == vooraf


@pytest.mark.asyncio
async def test_een_vraag_zonder_index_valt_op(vol):
    async with transaction(vol.pool, VAN_GOES) as tx:
        vink = Luistervink(tx)
        await vink.fetch("select * from prestatie where volume = $1", 5)
    assert "Seq Scan on prestatie" in vink.volle_leeslagen(GROEIT)
