"""With 16,000 numbers already there, a message about one client reads that client only.

The planner must come to it by itself: nothing is switched off here.
"""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from chassis.db import connection_options, init_connection, transaction
from services.toewijzing.domain.levering import Start
from services.toewijzing.store import levering, opdracht, termijn, toewijzing, verzoek
from services.toewijzing.store.levering import Plek
from services.toewijzing.store.termijn import Afloop, NieuweTermijn, Onderwerp
from tests.databases import als_rol, ruim_op, verse_database

from ..plannen import Luistervink
from .zaak import A1, GOES, VAN_GOES

KOSTEN_MAX = 100
"""What some pages by an index cost; reading one gemeente of a table here costs 400 or more."""
VULLING = """
insert into toewijzing (gemeente, nummer, client_id, aanbieder)
    select g, 200000 + n, 'c' || n, '75750101' from generate_series(1, 4000) n,
    unnest(array['0664','0716','0654','0678']) g;
insert into toewijzing_versie (gemeente, nummer, versie, product_categorie, product_code, volume, eenheid, frequentie,
    ingangsdatum, einddatum, besluit_at, toewijzingsdatum, toewijzingstijd, variant, status)
    select gemeente, nummer, 1, '02', '02A05', 3, '04', '2', '2026-02-02', '2026-12-31', now(), '2026-02-02', '10:00',
    'inspanning', 'goedgekeurd' from toewijzing;
insert into opdracht (opdracht_id, gemeente, aanbieder, client_id, status, bericht_id, gemaakt_at)
    select gemeente || '-' || nummer, gemeente, aanbieder, client_id, 'goedgekeurd', 'b' || gemeente || nummer, now()
    from toewijzing;
insert into opdracht_regel (opdracht_id, gemeente, nummer, versie)
    select gemeente || '-' || nummer, gemeente, nummer, 1 from toewijzing;
insert into levering_start (gemeente, aanbieder, client_id, nummer, begindatum, bericht_id)
    select gemeente, aanbieder, client_id, nummer, '2026-02-02', 'x' from toewijzing;
insert into levering_stop (gemeente, aanbieder, client_id, nummer, begindatum, reden_beeindiging, einddatum, bericht_id)
    select gemeente, aanbieder, client_id, nummer, '2026-02-02', '19', '2026-03-02', 'x' from toewijzing;
insert into termijn (gemeente, aanbieder, client_id, soort, onderwerp, toewijzing_nummer, wie, uiterlijk, nadert_at,
    verloopt_at)
    select gemeente, aanbieder, client_id, soort, nummer::text, nummer, 'aanbieder', '2026-12-31', '2026-12-30',
    '2027-01-01' from toewijzing, unnest(array['start', 'stop', 'vervolg']) soort;
insert into verzoek (verzoek_id, gemeente, aanbieder, client_id, bericht_id, soort, referentie_aanbieder, status,
    gevraagd, ontvangen_at, reageer_uiterlijk, besluit_uiterlijk)
    select gemeente || '-' || nummer, gemeente, aanbieder, client_id, 'b', 'vot', 'R' || nummer, 'toegewezen', '{}',
    now(), '2026-10-23', '2026-10-25' from toewijzing;
insert into indicatie (gemeente, indicatie_id, client_id, beschikking_nummer, ingangsdatum, geweigerd)
    select gemeente, gemeente || nummer, client_id, '1', '2026-02-02', false from toewijzing;
analyze;
"""


@pytest.fixture
async def vol(postgres_dsn):
    """A database of its own: what is put in here would slow others down."""
    dsn = await verse_database(postgres_dsn, "toewijzing")
    vuller = await asyncpg.connect(dsn, server_settings={"search_path": "toewijzing"})
    await vuller.execute(VULLING)
    await vuller.close()
    pool = await asyncpg.create_pool(
        als_rol(dsn, "toewijzing"), min_size=1, max_size=1, init=init_connection,
        server_settings=connection_options("toewijzing", "test"),
    )  # fmt: skip
    yield pool
    await pool.close()
    await ruim_op(postgres_dsn, dsn)


async def test_geen_bericht_over_een_client_leest_een_groeiende_tabel_helemaal(vol):
    nu, plek = datetime.now(UTC), Plek(GOES, A1, "c7")
    over = Onderwerp(A1, "c7", "200007", toewijzing_nummer=200007)
    nieuw = NieuweTermijn(over, "stop", "aanbieder", date(2026, 11, 1), nu, nu)
    async with transaction(vol, VAN_GOES) as tx:
        vink = Luistervink(tx)
        # An indicatie that becomes a 301, which is laid in the mailbox, and its 302.
        await toewijzing.load_versies(vink, GOES, "c7")
        await opdracht.load_verzonden(vink, GOES, "c7")
        await opdracht.load_geweigerde_referenties(vink, GOES, "c7")
        await opdracht.load_opdracht(vink, GOES, "0664-200007")
        await opdracht.set_bericht(vink, GOES, "0664-200007", "b")
        await opdracht.set_status(vink, "0664-200007", "goedgekeurd")
        await opdracht.load_statussen(vink, "0664-200007")
        await termijn.set_verzonden(vink, GOES, "0664-200007", nu)
        await termijn.write_termijnen(vink, GOES, [nieuw], [Afloop("200007", "start", "gehaald")], nu, nu)
        # A start, and what is looked up about a number.
        await levering.load_leveringen(vink, GOES, "c7")
        await levering.load_alle_leveringen(vink, GOES, ["c7", "c8"])
        await levering.delete_start(vink, plek, Start(200007, None, date(2026, 2, 2)))
        await toewijzing.load_client_id(vink, GOES, 200007)
        await toewijzing.load_goedgekeurde_prestaties(vink, GOES, 200007)
        await toewijzing.load_met_prestaties(vink, GOES, "c7")
        await toewijzing.load_pagina(vink, GOES, "c7", None, 0, 51)
        # A verzoek.
        await verzoek.load_verzoek(vink, GOES, "0664-200007")
        await verzoek.load_referenties(vink, GOES, A1, ["R200007"])
        await verzoek.is_lopend(vink, GOES, A1, "c7")
        await verzoek.load_lopende(vink, GOES, "c7")
        await verzoek.client_bekend(vink, GOES, "c7")
        # The clock.
        await termijn.load_aan_de_beurt(vink, nu, 500)
        await termijn.load_zonder_termijnen(vink, 50)
    assert len(vink.plannen) >= 23
    assert not (fout := vink.duurder_dan(KOSTEN_MAX)), fout


async def test_een_vraag_zonder_index_valt_op(vol):
    async with transaction(vol, VAN_GOES) as tx:
        vink = Luistervink(tx)
        await vink.fetch("select * from toewijzing_versie where volume = $1", 5)
    assert vink.duurder_dan(KOSTEN_MAX)
