"""The vault: one data key per client, in a database of its own. Forgetting a client is destroying that key.

A key is wrapped by the first of `ZORGKETEN_SLEUTEL_KLUIS` ("2:<base64>,1:<base64>", newest first) and opened by
the one of its own version, so the wrapping key can be replaced (`herverpak`). `_wrap` and `_unwrap` are the only
places that know that key: a KMS goes there.
"""

import argparse
import asyncio
import base64
import binascii
import getpass
import json
import os
import sys
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from chassis.bsn import SealError, seal, unseal
from chassis.db import Pool, connection_options, nothing_to_reset
from chassis.errors import BadData
from chassis.migrate import migrate

DATABASE = "kluis"
_CACHE_MAX = 4096
_CACHE_S = 30.0


class Vergeten(BadData):
    """A key of this holder was destroyed: what it sealed is gone for good. An event about it is parked."""


@lru_cache(maxsize=4)
def _wrapping_keys(text: str) -> tuple[int, Mapping[int, bytes]]:
    keys: dict[int, bytes] = {}
    for part in filter(None, text.split(",")):
        versie, _, waarde = part.partition(":")
        try:
            keys[int(versie)] = base64.b64decode(waarde, validate=True)
        except (ValueError, binascii.Error):
            keys = {}
            break
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise SealError("ZORGKETEN_SLEUTEL_KLUIS is geen lijst van versie:sleutel (32 bytes in base64)")
    return next(iter(keys)), keys


def _wrap(houder: str, key: bytes) -> tuple[int, bytes]:
    versie, keys = _wrapping_keys(os.environ.get("ZORGKETEN_SLEUTEL_KLUIS", ""))
    return versie, seal(keys[versie], key, houder)


def _unwrap(houder: str, versie: int, verpakt: bytes) -> bytes:
    _, keys = _wrapping_keys(os.environ.get("ZORGKETEN_SLEUTEL_KLUIS", ""))
    if versie not in keys:
        raise SealError("de versie van ZORGKETEN_SLEUTEL_KLUIS die bij deze sleutel hoort ontbreekt")
    return unseal(keys[versie], verpakt, houder)


class Kluis:
    """The vault of one process. Keys are kept for at most 30 s, so that a destroyed one stops working soon."""

    def __init__(self) -> None:
        self._pool: Pool | None = None
        self._cache: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def open(self, dsn: str, instantie: str) -> None:
        """Where the keys are. Connects at the first use: a vault that is away delays no start."""
        self._cache.clear()
        self._pool = await asyncpg.create_pool(
            dsn,
            min_size=0,
            max_size=6,
            reset=nothing_to_reset,
            timeout=10,
            server_settings=connection_options(DATABASE, instantie),
        )

    async def close(self) -> None:
        self._cache.clear()
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def sleutel(self, houder: str) -> bytes:
        """The key of one holder, made when it is not there yet; raises Vergeten when it was destroyed."""
        return (await self.sleutels([houder]))[houder]

    async def sleutels(self, houders: Collection[str]) -> dict[str, bytes]:
        """The keys of many holders in one or two statements; raises Vergeten when one of them was destroyed."""
        gevonden = await self.bekende_sleutels(houders)
        missing = sorted(set(houders) - gevonden.keys())
        if missing:
            gevonden |= await self._make(missing)
        return gevonden

    async def bekende_sleutels(self, houders: Collection[str]) -> dict[str, bytes]:
        """The keys that are there; makes none."""
        found = {houder: key for houder in houders if (key := self._cached(houder)) is not None}
        missing = list(set(houders) - found.keys())
        if missing:
            rows = await self._open_pool().fetch(
                "select houder, versie, verpakt from sleutel where houder = any($1::text[])", missing
            )
            found |= await self._unwrap_all(rows)
        return found

    async def vergeten(self, houders: Collection[str]) -> set[str]:
        """Those of these holders whose key was destroyed."""
        rows = await self._open_pool().fetch(
            "select houder from vernietigd where houder = any($1::text[])", list(houders)
        )
        return {row["houder"] for row in rows}

    async def _make(self, houders: Sequence[str]) -> dict[str, bytes]:
        wrapped = [_wrap(houder, os.urandom(32)) for houder in houders]
        async with self._open_pool().acquire() as connection, connection.transaction():
            # `vergeet` takes a lock that this one excludes: no key is made beside its own destruction.
            await connection.execute("lock table sleutel in row exclusive mode")
            rows = await connection.fetch(
                """insert into sleutel (houder, versie, verpakt)
                   select * from unnest($1::text[], $2::int[], $3::bytea[]) as n (houder, versie, verpakt)
                   where not exists (select from vernietigd v where v.houder = n.houder)
                   order by houder  -- in one order, so that two that make the same keys never deadlock
                   on conflict do nothing returning houder, versie, verpakt""",
                houders, [versie for versie, _ in wrapped], [verpakt for _, verpakt in wrapped],
            )  # fmt: skip
        made = await self._unwrap_all(rows)
        if len(made) < len(houders):
            # Another process was first, or the key was destroyed.
            made |= await self.bekende_sleutels([houder for houder in houders if houder not in made])
        if len(made) < len(houders):
            raise Vergeten("de sleutel van deze client is vernietigd")
        return made

    async def _unwrap_all(self, rows: Sequence[Any]) -> dict[str, bytes]:
        def unwrap() -> dict[str, bytes]:
            return {row["houder"]: _unwrap(row["houder"], row["versie"], row["verpakt"]) for row in rows}

        keys = unwrap() if len(rows) < 100 else await asyncio.to_thread(unwrap)
        until = time.monotonic() + _CACHE_S
        for houder, key in keys.items() if len(keys) <= _CACHE_MAX else ():
            self._cache[houder] = until, key
        while len(self._cache) > _CACHE_MAX:
            self._cache.popitem(last=False)
        return keys

    def _cached(self, houder: str) -> bytes | None:
        until, key = self._cache.get(houder, (0.0, b""))
        if until < time.monotonic():
            self._cache.pop(houder, None)
            return None
        self._cache.move_to_end(houder)
        return key

    def _open_pool(self) -> Pool:
        if self._pool is None:
            raise SealError("deze service heeft geen kluis (ZORGKETEN_KLUIS)")
        return self._pool


kluis = Kluis()


def kluis_dsn(beheer_dsn: str) -> str:
    """The same server and user, in the database of the vault."""
    return urlunsplit(urlsplit(beheer_dsn)._replace(path=f"/{DATABASE}"))


async def maak(beheer_dsn: str, wachtwoord: str) -> None:
    """Make the database of the vault when it is not there, its role and tables; only that role may connect."""
    beheer = await asyncpg.connect(beheer_dsn)
    try:
        if not await beheer.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await beheer.execute(f"create database {DATABASE}")
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # two were started at once
    finally:
        await beheer.close()
    dsn = kluis_dsn(beheer_dsn)
    await migrate(dsn, [DATABASE], "alle", wachtwoord)
    async with _connected(dsn) as beheer:
        await beheer.execute(f"revoke connect on database {DATABASE} from public")
        await beheer.execute(f"grant connect on database {DATABASE} to zk_kluis")


@dataclass(frozen=True)
class Vernietiging:
    """A line of the list of destroyed keys; `door` is who ordered it."""

    houder: str
    vernietigd_at: datetime
    door: str


async def vergeet(dsn: str, lijst: Sequence[Vernietiging]) -> int:
    """Destroy the keys of these holders and put them on the list; gives how many keys there were.

    `dsn` is that of the owner of the vault: a service cannot do this. Again changes nothing.
    """
    async with _connected(dsn) as beheer:
        async with beheer.transaction():
            # Excludes the making of keys, so that none is made beside its own destruction.
            await beheer.execute("lock table sleutel in share row exclusive mode")
            await beheer.executemany(
                "insert into vernietigd (houder, vernietigd_at, door) values ($1, $2, $3) on conflict do nothing",
                [(een.houder, een.vernietigd_at, een.door) for een in lijst],
            )
            gone = await beheer.fetch(
                "delete from sleutel where houder = any($1::text[]) returning 1", [een.houder for een in lijst]
            )
        # A deleted row stays in its page until then.
        await beheer.execute("vacuum sleutel")
    return len(gone)


async def lijst_vernietigd(dsn: str) -> list[Vernietiging]:
    """Every destroyed key, oldest first: kept outside the backups, to be replayed after a restore."""
    async with _connected(dsn) as beheer:
        rows = await beheer.fetch("select houder, vernietigd_at, door from vernietigd order by 2, 1")
    return [Vernietiging(**dict(row)) for row in rows]


async def heeft_sleutel(dsn: str, houder: str) -> bool:
    """Whether there is a key of this holder to destroy; `dsn` is that of the owner of the vault."""
    async with _connected(dsn) as beheer:
        return bool(await beheer.fetchval("select exists (select from sleutel where houder = $1)", houder))


async def herverpak(dsn: str, *, proef: bool = False) -> int:
    """Wrap every key again that an older version of the wrapping key wrapped; gives how many.

    With `proef` it only counts. Raises SealError without the key of a version that is still in use.
    """
    versie, _ = _wrapping_keys(os.environ.get("ZORGKETEN_SLEUTEL_KLUIS", ""))
    done = 0
    async with _connected(dsn) as beheer:
        if proef:
            return int(await beheer.fetchval("select count(*) from sleutel where versie <> $1", versie))
        # A process that was not restarted yet may make keys meanwhile: the last round finds none.
        while found := await _herverpak_ronde(beheer, versie):
            done += found
    return done


async def _herverpak_ronde(beheer: Any, versie: int) -> int:
    found, after = 0, ""
    while True:
        async with beheer.transaction():
            rows = await beheer.fetch(
                "select houder, versie, verpakt from sleutel where versie <> $1 and houder > $2"
                " order by houder limit 1000 for update", versie, after,
            )  # fmt: skip
            if not rows:
                return found
            nieuw = [(houder, *_wrap(houder, _unwrap(houder, old, verpakt))) for houder, old, verpakt in rows]
            await beheer.execute(
                "update sleutel s set versie = n.versie, verpakt = n.verpakt"
                " from unnest($1::text[], $2::int[], $3::bytea[]) n (houder, versie, verpakt)"
                " where s.houder = n.houder", *map(list, zip(*nieuw, strict=True)),
            )  # fmt: skip
        found, after = found + len(rows), rows[-1]["houder"]


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn, server_settings={"search_path": DATABASE})
    try:
        yield connection
    finally:
        await connection.close()


def als_regel(een: Vernietiging) -> str:
    """A line of the list that is kept outside the backups."""
    return json.dumps({"houder": een.houder, "vernietigd_at": een.vernietigd_at.isoformat(), "door": een.door})


def van_regel(regel: str) -> Vernietiging:
    """What such a line says."""
    een = json.loads(regel)
    return Vernietiging(een["houder"], datetime.fromisoformat(een["vernietigd_at"]), een["door"])


def main(argv: Sequence[str] | None = None) -> int:
    """Command line of the vault's owner."""
    parser = argparse.ArgumentParser(prog="chassis.kluis", description="De kluis met de sleutel van elke client.")
    parser.add_argument(
        "--dsn",
        default=os.environ.get("ZORGKETEN_KLUIS_BEHEER"),
        help="van de eigenaar van de kluis, een database op haar server",
    )
    commando = parser.add_subparsers(dest="commando", required=True)
    commando.add_parser("maak", help="maak de database, de rol en de tabellen")
    weg = commando.add_parser("vergeet", help="vernietig de sleutel van een client, voorgoed")
    weg.add_argument("client_id")
    weg.add_argument("--door", default=getpass.getuser(), help="wie dit opdroeg")
    commando.add_parser("vernietigd", help="toon de lijst van vernietigde sleutels; bewaar haar buiten de back-up")
    opnieuw = commando.add_parser("herhaal-vernietigd", help="vernietig na terugzetten alles van deze lijst opnieuw")
    opnieuw.add_argument("bestand", type=argparse.FileType("r"), help="uitvoer van `vernietigd`, of -")
    commando.add_parser("herverpak", help="verpak alle sleutels met de nieuwste sleutel")
    args = parser.parse_args(argv)
    if not args.dsn:
        parser.error("--dsn of ZORGKETEN_KLUIS_BEHEER is nodig")
    dsn = kluis_dsn(args.dsn)
    match args.commando:
        case "maak":
            wachtwoord = os.environ.get("ZORGKETEN_WACHTWOORD_KLUIS")
            if not wachtwoord:
                parser.error("ZORGKETEN_WACHTWOORD_KLUIS is nodig")
            asyncio.run(maak(args.dsn, wachtwoord))
        case "vergeet":
            aantal = asyncio.run(vergeet(dsn, [Vernietiging(args.client_id, datetime.now(UTC), args.door)]))
            print(f"{aantal} sleutel vernietigd")
        case "vernietigd":
            print("\n".join(map(als_regel, asyncio.run(lijst_vernietigd(dsn)))))
        case "herhaal-vernietigd":
            lijst = [van_regel(regel) for regel in args.bestand if regel.strip()]
            print(f"{asyncio.run(vergeet(dsn, lijst))} van {len(lijst)} sleutels opnieuw vernietigd")
        case "herverpak":
            print(f"{asyncio.run(herverpak(dsn))} sleutels opnieuw verpakt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
