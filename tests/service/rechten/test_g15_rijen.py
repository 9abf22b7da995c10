"""G15 in Postgres: every table is behind row-level security, and a role reaches its own schema alone."""

from __future__ import annotations

import uuid

import asyncpg
import pytest

from chassis.db import GEEN, OVERAL, Tenant, open_tables, transaction
from chassis.migrate import migrate
from tests.conftest import ROL_WACHTWOORD
from tests.service.rechten.conftest import SERVICES, Huis
from tests.service.rechten.vulling import GEMEENTEN

VRIJ = {
    "inbox": "ids of events, no content",
    "outbox": "the relay sends for every tenant; only ever added to by a handler",
    "klanten_slot": "a lock per pseudonym, no content",
    "geparkeerd": "bytes that may have no readable gemeente",
    "wachtrij": "offered by one loop for every tenant; the tenant is set before its handler runs",
    "zorgketen_migraties": "which migrations ran",
}
"""Technical tables without row-level security (ADR 0010); anything else must have it."""


async def zonder_scherm(verbinding: asyncpg.Connection, service: str) -> set[str]:
    """Tables of a schema where row-level security is not forced or has no policy.

    A partition is named by its table when that is free; another must have a screen of its own, for it can be asked.
    """
    rijen = await verbinding.fetch(
        """select c.relname, pg_partition_root(c.oid)::text as geheel from pg_class c
           where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')
           and not (c.relrowsecurity and c.relforcerowsecurity
                    and exists (select from pg_policy p where p.polrelid = c.oid))""",
        service,
    )
    wortels = {rij["relname"]: (rij["geheel"] or rij["relname"]).rpartition(".")[2] for rij in rijen}
    return {wortel if wortel in VRIJ else tabel for tabel, wortel in wortels.items()}


@pytest.mark.parametrize("service", SERVICES)
async def test_g15_elke_tabel_heeft_een_scherm_of_een_reden(huis, service):
    verbinding = await asyncpg.connect(huis.beheer)
    try:
        assert await zonder_scherm(verbinding, service) == set(VRIJ)
        async with verbinding.transaction():
            await verbinding.execute(f"create table {service}.geplant (gemeente text)")
            assert await zonder_scherm(verbinding, service) - set(VRIJ) == {"geplant"}
            await verbinding.execute(f"alter table {service}.geplant enable row level security")
            assert "geplant" in await zonder_scherm(verbinding, service)
            await verbinding.execute(f"set local search_path = {service}")
            await verbinding.execute("select scherm_af('geplant', 'gemeente')")
            assert "geplant" not in await zonder_scherm(verbinding, service)
            await verbinding.execute("create table gedeeld (gemeente text) partition by list (gemeente)")
            await verbinding.execute("select scherm_af('gedeeld', 'gemeente')")
            await verbinding.execute("create table gedeeld_rest partition of gedeeld default")
            assert await zonder_scherm(verbinding, service) - set(VRIJ) == {"gedeeld_rest"}
            raise LookupError
    except LookupError:
        pass
    finally:
        await verbinding.close()


async def test_g15_tussen_pre_en_post_draait_de_oude_code_door(huis, postgres_dsn):
    """What code without a tenant wrote between the phases is filled in; after `post` the rows are behind the screen."""
    naam = f"fasen_{uuid.uuid4().hex[:12]}"
    basis = postgres_dsn.rpartition("/")[0]
    verbinding = await asyncpg.connect(postgres_dsn)
    await verbinding.execute(f"create database {naam}")
    await migrate(f"{basis}/{naam}", ["knooppunt"], "pre", ROL_WACHTWOORD)
    pool = await Huis(f"{basis}/{naam}", "", {}, huis.teken, {}).pool("knooppunt")
    assert {"bericht", "inhoud", "client"} <= set(await open_tables(pool))
    bericht_id = str(uuid.uuid4())
    async with transaction(pool, GEEN) as tx:
        await tx.execute(
            """insert into bericht (bericht_id, richting, soort, berichtcode, gemeente, aanbieder, afzender, identificatie,
                   dagtekening, status, gemaakt_at)
               values ($1, 'in', 'WMO305', '418', '0664', '75750101', '75750101', 'I', '2026-02-02', 'ontvangen', now())""",
            bericht_id,
        )
        await tx.execute("insert into inhoud (bericht_id, verzegeld) values ($1, 'x')", bericht_id)
        await tx.execute("insert into inzage (bericht_id, sub, gezien_at) values ($1, 's', now())", bericht_id)
        assert await tx.fetchval("select count(*) from bericht") == 1
    await migrate(f"{basis}/{naam}", ["knooppunt"], "post", ROL_WACHTWOORD)
    assert await open_tables(pool) == []
    for tenant, gezien in ((GEEN, 0), (Tenant("0716"), 0), (Tenant("0664"), 1), (OVERAL, 1)):
        async with transaction(pool, tenant) as tx:
            for tabel in ("bericht", "inhoud", "toegang"):
                assert await tx.fetchval(f"select count(*) from {tabel}") == gezien, (tenant, tabel)
    async with transaction(pool, Tenant(aanbieders=("75750909", "75750101"))) as tx:
        assert await tx.fetchval("select count(*) from inhoud") == 1
    await pool.close()
    await verbinding.execute(f"drop database {naam} with (force)")
    await verbinding.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_g15_zonder_huurder_nul_rijen_en_met_een_alleen_de_eigen(huis, pools, service):
    beheer = await asyncpg.connect(huis.beheer)
    tabellen = await beheer.fetch(
        """select c.relname, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'gemeente') as heeft
           from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity""",
        service,
    )
    vol = 0
    for tabel, heeft_gemeente in tabellen:
        vol += bool(await beheer.fetchval(f"select exists (select from {service}.{tabel})"))
        async with transaction(pools[service], GEEN) as tx:
            assert await tx.fetchval(f"select count(*) from {tabel}") == 0, tabel
        # A setting that once was made in this session is '' and not null: it may match nothing either.
        async with transaction(pools[service], Tenant("", ("",))) as tx:
            assert await tx.fetchval(f"select count(*) from {tabel}") == 0, tabel
        if not heeft_gemeente:
            continue
        for gemeente in GEMEENTEN:
            eigen = await beheer.fetchval(f"select count(*) from {service}.{tabel} where gemeente = $1", gemeente)
            async with transaction(pools[service], Tenant(gemeente)) as tx:
                gezien = await tx.fetch(f"select gemeente, count(*) from {tabel} group by 1")
            assert [tuple(rij) for rij in gezien] == ([(gemeente, eigen)] if eigen else []), tabel
    await beheer.close()
    assert vol, "nothing to see: the filling misses this service"
    assert len(tabellen) >= vol


async def test_g15_schrijven_voor_een_ander_wordt_geweigerd(pools):
    een, ander = GEMEENTEN
    for tenant in (GEEN, Tenant(een)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(pools["toewijzing"], tenant) as tx:
                await tx.execute("insert into nummer_reeks (gemeente, laatste) values ($1, 1)", ander + "x")
    async with transaction(pools["toewijzing"], Tenant(een)) as tx:
        assert await tx.execute("update nummer_reeks set laatste = laatste where gemeente = $1", ander) == "UPDATE 0"
        assert await tx.execute("delete from levering_start where gemeente = $1", ander) == "DELETE 0"


async def test_g15_de_huurder_gaat_niet_mee_naar_de_volgende_transactie(huis):
    pool = await huis.pool("toewijzing")
    async with pool.acquire() as verbinding:
        async with transaction(_Een(verbinding), Tenant(GEMEENTEN[0])) as tx:
            assert await tx.fetchval("select count(*) from toewijzing") > 0
        async with transaction(_Een(verbinding), GEEN) as tx:
            assert await tx.fetchval("select count(*) from toewijzing") == 0
    await pool.close()


class _Een:
    """A pool of the one connection that is already there."""

    def __init__(self, verbinding):
        self._verbinding = verbinding

    def acquire(self):
        return self

    async def __aenter__(self):
        return self._verbinding

    async def __aexit__(self, *_):
        return None


@pytest.mark.parametrize("service", SERVICES)
async def test_g15_een_rol_komt_alleen_in_haar_eigen_schema(huis, service):
    beheer = await asyncpg.connect(huis.beheer)
    rol = await beheer.fetchrow(
        "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = $1", f"zk_{service}"
    )
    assert not any(rol.values())
    tabellen = await beheer.fetch(
        "select schemaname, tablename, tableowner from pg_tables where schemaname = any($1::text[])", list(SERVICES)
    )
    eigenaar = await beheer.fetchval("select quote_ident(current_user)")
    await beheer.close()
    assert len({rij["schemaname"] for rij in tabellen}) == len(SERVICES)
    assert f"zk_{service}" not in {rij["tableowner"] for rij in tabellen}
    verbinding = await asyncpg.connect(huis.dsn(service))
    geprobeerd = 0
    for schema, tabel, _ in tabellen:
        if schema == service:
            continue
        for opdracht in ("select * from {}", "delete from {}", "insert into {} default values"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await verbinding.execute(opdracht.format(f"{schema}.{tabel}"))
            geprobeerd += 1
    for opdracht in (f"set role {eigenaar}", "alter table {}.inbox disable row level security",
                     "drop policy gemeente on {}.herhaalsleutel", "select {}.scherm_af('inbox', 'gemeente')"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await verbinding.execute(opdracht.format(service))
    await verbinding.close()
    assert geprobeerd > 100
