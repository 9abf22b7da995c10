"""`python -m chassis.migrate --dsn ADMIN_DSN [service ...] --fase pre|post|alle`: forward only.

Each service has a schema and a role `zk_<service>` with rights on that schema alone; the migrations
run under another role. A migration that was applied may never change.
"""

import argparse
import asyncio
import hashlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg

from chassis.settings import SettingsError

_ROOT = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"^(\d{4})_(pre|post)_[a-z0-9_]+\.sql$")
_SERVICE = re.compile(r"^[a-z][a-z_]{0,40}$")
_LOCK = 0x7A6B6D69  # any number, the same for every migration run
_VAULT = "kluis"
_FORBIDDEN = {
    "zorgketen_migraties": "insert, update, delete",
    "toegang": "update, delete",
    "toegang_kop": "insert, update, delete",
    "logboek": "update, delete",
    "sleutel": "update, delete",
    "vernietigd": "insert, update, delete",
}
"""What a service may not do with a table of its own schema, whatever its code says."""


class MigrationError(Exception):
    """A migration file is misnamed, or changed after it was applied."""


def operator_dsn() -> str:
    """The dsn of the role of the migrations, which only an operator has. Raises SettingsError."""
    dsn = os.environ.get("ZORGKETEN_DSN_BEHEER")
    if not dsn:
        raise SettingsError("ZORGKETEN_DSN_BEHEER ontbreekt")
    return dsn


def services() -> list[str]:
    """Every service that has migrations."""
    return sorted(path.parent.name for path in (_ROOT / "services").glob("*/migrations"))


def files(service: str, fase: str) -> Iterator[tuple[str, str]]:
    """(name, SQL) of a phase, in order; the chassis' own tables first. The vault has nothing but its keys."""
    own = _ROOT / "chassis" / "migrations"
    folders = [(_VAULT, own / _VAULT)]
    if service != _VAULT:
        folders = [("chassis", own), (service, _ROOT / "services" / service / "migrations")]
    for origin, folder in folders:
        # Of one number `pre` comes first, whatever the alphabet says.
        for path in sorted(folder.glob("*.sql"), key=lambda path: (path.name[:4], "_post_" in path.name)):
            match = _NAME.match(path.name)
            if match is None:
                raise MigrationError(f"naam van migratie {origin}/{path.name}")
            if fase in ("alle", match.group(2)):
                yield f"{origin}/{path.name}", path.read_text(encoding="utf-8")


async def _role(connection: Any, service: str, wachtwoord: str) -> None:
    role = f"zk_{service}"
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
        await connection.execute(f"create role {role} nosuperuser nocreatedb nocreaterole noinherit")
    sql = await connection.fetchval("select format('alter role %I login password %L', $1::text, $2::text)",
                                    role, wachtwoord)  # fmt: skip
    await connection.execute(sql)
    await connection.execute(f"alter role {role} set search_path = {service}")


async def grant(connection: Any, schema: str, role: str) -> None:
    """Give the role of a service its rights on a schema with its tables, and no more than those."""
    await connection.execute(
        f"""
        revoke all on schema {schema} from public;
        grant usage on schema {schema} to {role};
        grant select, insert, update, delete on all tables in schema {schema} to {role};
        grant usage, select on all sequences in schema {schema} to {role};
        """
    )
    for table, rights in _FORBIDDEN.items():
        if await connection.fetchval("select to_regclass($1)", f"{schema}.{table}"):
            await connection.execute(f"revoke {rights} on {schema}.{table} from {role}")


async def _migrate_one(connection: Any, service: str, fase: str, wachtwoord: str) -> int:
    applied = 0
    async with connection.transaction():
        await _role(connection, service, wachtwoord)
        await connection.execute(f"create schema if not exists {service}")
        await connection.execute(
            f"""create table if not exists {service}.zorgketen_migraties (
                naam text primary key, afdruk text not null,
                toegepast_at timestamptz not null default now())"""
        )
    known = {
        row["naam"]: row["afdruk"]
        for row in await connection.fetch(f"select naam, afdruk from {service}.zorgketen_migraties")
    }
    for naam, sql in files(service, fase):
        afdruk = hashlib.sha256(sql.encode()).hexdigest()
        if naam in known:
            if known[naam] != afdruk:
                raise MigrationError(f"migratie {naam} is veranderd na toepassing")
            continue
        async with connection.transaction():
            await connection.execute(f"set local search_path = {service}")
            # Row-level security is forced: the owner of the tables sees nothing either without this.
            await connection.execute("set local zorgketen.overal = 'ja'")
            await connection.execute(sql)
            await connection.execute(
                f"insert into {service}.zorgketen_migraties (naam, afdruk) values ($1, $2)", naam, afdruk
            )
        applied += 1
    async with connection.transaction():
        await grant(connection, service, f"zk_{service}")
    return applied


async def pending(dsn: str, names: Sequence[str], fase: str) -> dict[str, list[str]]:
    """Per service the migrations that `migrate` would apply, in order; changes nothing. Raises MigrationError."""
    connection = await asyncpg.connect(dsn)
    try:
        missing = {}
        for name in names:
            table = f"{name}.zorgketen_migraties"
            known = {}
            if await connection.fetchval("select to_regclass($1)", table):
                known = {
                    row["naam"]: row["afdruk"] for row in await connection.fetch(f"select naam, afdruk from {table}")
                }
            own = [(naam, hashlib.sha256(sql.encode()).hexdigest()) for naam, sql in files(name, fase)]
            changed = [naam for naam, afdruk in own if known.get(naam, afdruk) != afdruk]
            if changed:
                raise MigrationError(f"migratie {changed[0]} is veranderd na toepassing")
            missing[name] = [naam for naam, _ in own if naam not in known]
        return missing
    finally:
        await connection.close()


async def migrate(dsn: str, names: Sequence[str], fase: str, wachtwoord: str) -> dict[str, int]:
    """Apply what is missing; gives the number of migrations applied per service.

    Raises MigrationError, and asyncpg's own errors when a statement fails (that file is rolled back).
    """
    for name in names:
        if not _SERVICE.match(name):
            raise MigrationError("naam van een service")
    connection = await asyncpg.connect(dsn)
    try:
        # Two runs at once take turns; the lock goes with the connection.
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        return {name: await _migrate_one(connection, name, fase, wachtwoord) for name in names}
    finally:
        await connection.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exit 1 when a migration was changed or misnamed."""
    parser = argparse.ArgumentParser(prog="chassis.migrate", description="Migraties, alleen vooruit.")
    parser.add_argument("services", nargs="*")
    parser.add_argument("--dsn", default=os.environ.get("ZORGKETEN_DSN_BEHEER"))
    parser.add_argument("--fase", choices=("pre", "post", "alle"), default="alle")
    parser.add_argument("--wachtwoord", default=os.environ.get("ZORGKETEN_WACHTWOORD_ROL"))
    args = parser.parse_args(argv)
    if not args.dsn or not args.wachtwoord:
        parser.error("--dsn en --wachtwoord (of ZORGKETEN_WACHTWOORD_ROL) zijn nodig")
    try:
        done = asyncio.run(migrate(args.dsn, args.services or services(), args.fase, args.wachtwoord))
    except MigrationError as error:
        print(error, file=sys.stderr)
        return 1
    for name, count in done.items():
        print(f"{name}: {count} migraties toegepast")
    return 0


if __name__ == "__main__":
    sys.exit(main())
