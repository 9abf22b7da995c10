"""The pool and the unit of work: one transaction."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import asyncpg

from chassis.settings import Settings

if TYPE_CHECKING:
    Tx: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Tx = asyncpg.Connection
    Pool = asyncpg.Pool

# Errors after which the same work may simply be done again.
TRANSIENT: tuple[type[Exception], ...] = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    OSError,
    TimeoutError,
)


@dataclass(frozen=True)
class Tenant:
    """Whose rows a transaction sees and may write: row-level security in every schema judges by it.

    Rows of one `gemeente`, rows of these `aanbieders` (where a provider may look at all), or everything.
    """

    gemeente: str | None = None
    aanbieders: tuple[str, ...] = ()
    overal: bool = False


GEEN = Tenant()
"""Nobody: sees the technical tables only. For work that is about no tenant, or that names it later."""

OVERAL = Tenant(overal=True)
"""Every tenant at once. Only for periodic jobs and the operator; search for this name to find them all."""

_after_commit: dict[int, list[Callable[[], None]]] = {}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


async def init_connection(connection: Any) -> None:
    """jsonb and json are Python values."""
    for soort in ("jsonb", "json"):
        await connection.set_type_codec(soort, encoder=_dump, decoder=json.loads, schema="pg_catalog")


def connection_options(service: str, instantie: str) -> dict[str, str]:
    """Server settings of every connection: the service's own schema and nothing else."""
    return {
        "search_path": service,
        "application_name": instantie,
        "timezone": "UTC",
        "statement_timeout": "60000",
        "idle_in_transaction_session_timeout": "120000",
    }


async def nothing_to_reset(connection: Any) -> None:
    """Nothing is set for longer than a transaction, so giving a connection back needs no round trip.

    The library itself rolls back what was still open.
    """


async def open_pool(settings: Settings) -> Pool:
    """A pool whose search_path is the service's schema; close it with `close()`."""
    return await asyncpg.create_pool(
        settings.dsn,
        min_size=1,
        max_size=12,
        init=init_connection,
        reset=nothing_to_reset,
        server_settings=connection_options(settings.service, settings.instantie),
        timeout=10,
    )


async def open_tables(pool: Pool) -> list[str]:
    """Tables of this schema that name a tenant and are not behind row-level security (yet)."""
    rijen = await pool.fetch(
        """select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
           where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
             and a.attname in ('gemeente', 'aanbieder') and not c.relforcerowsecurity order by 1"""
    )
    return [rij["relname"] for rij in rijen]


def after_commit(tx: Tx, call: Callable[[], None]) -> None:
    """Call this once the transaction of `tx` is durable; not after a roll-back."""
    calls = _after_commit.setdefault(id(tx), [])
    if call not in calls:
        calls.append(call)


async def act_for(tx: Tx, tenant: Tenant) -> None:
    """Continue this transaction for another tenant; the setting ends with the transaction (SET LOCAL)."""
    await tx.execute(
        """select set_config('zorgketen.gemeente', $1, true), set_config('zorgketen.aanbieders', $2, true),
                  set_config('zorgketen.overal', $3, true)""",
        tenant.gemeente or "",
        ",".join(tenant.aanbieders),
        "ja" if tenant.overal else "",
    )


@asynccontextmanager
async def transaction(pool: Pool, tenant: Tenant) -> AsyncIterator[Tx]:
    """One transaction (READ COMMITTED) for one tenant on a connection of the pool; an exception rolls back."""
    async with pool.acquire() as connection:
        tx = cast(Tx, connection)
        try:
            async with tx.transaction():
                if tenant != GEEN:
                    await act_for(tx, tenant)
                yield tx
            for call in _after_commit.pop(id(tx), []):
                call()
        finally:
            _after_commit.pop(id(tx), None)
