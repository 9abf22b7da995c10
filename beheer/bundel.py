"""What a maker needs to see when something is wrong, without anything about a person: no bytes, no keys, no values."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from collections.abc import Awaitable, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from beheer import stand, topics
from chassis import migrate

_GEPARKEERD = """
select topic, type, reden, count(*) as aantal, min(geparkeerd_at) as oudste
from "{s}".geparkeerd where opgelost_at is null group by 1, 2, 3 order by 4 desc limit 200"""
_POSTGRES = {
    "omvang": "select datname, pg_database_size(datname) as bytes from pg_database where datallowconn",
    "tabellen": """select schemaname, relname, pg_total_relation_size(relid) as bytes, n_live_tup, n_dead_tup,
                          last_autovacuum from pg_stat_user_tables order by 3 desc limit 40""",
    "bezig": """select application_name, state, wait_event_type, wait_event,
                       extract(epoch from now() - xact_start)::int as transactie_s
                from pg_stat_activity where xact_start is not null order by xact_start limit 40""",
    "wachten_op_een_slot": "select mode, count(*) from pg_locks where not granted group by 1",
    "archief": "select archived_count, failed_count, last_archived_time, last_failed_time from pg_stat_archiver",
}
_CIJFERS = re.compile(r"(?<!\d)\d{8,9}(?!\d)")
_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)


async def maak(naar: Path, dsn: str, kafka: str, tls: str | None, urls: Mapping[str, str]) -> list[str]:
    """Write the bundle (tar.gz); gives the names of what is in it. A part that cannot be had says why instead."""
    delen = {
        "stand.json": await _poging(stand.per_schema(dsn)),
        "achterstand.json": await _poging(stand.achterstand(kafka, tls)),
        "topics.json": await _poging(_topics(kafka, tls)),
        "gereed.json": await _poging(stand.gereed(urls)),
        "migraties.json": await _poging(migrate.pending(dsn, migrate.services(), "alle")),
        "geparkeerd.json": await _poging(_geparkeerd(dsn)),
        "postgres.json": await _poging(_postgres(dsn)),
        "instellingen.json": sorted(naam for naam in os.environ if naam.startswith("ZORGKETEN_")),
        "versies.json": {een.metadata["Name"]: een.version for een in distributions()},
        **{f"metingen-{naam}.txt": await _poging(_metingen(url)) for naam, url in urls.items()},
    }
    with tarfile.open(naar, "w:gz") as bundel:
        for naam, inhoud in delen.items():
            tekst = inhoud if isinstance(inhoud, str) else json.dumps(_leesbaar(inhoud), indent=1, default=str)
            ruw = schoon(tekst).encode()
            kop = tarfile.TarInfo(naam)
            kop.size = len(ruw)
            bundel.addfile(kop, io.BytesIO(ruw))
    return list(delen)


def schoon(tekst: str) -> str:
    """The text without numbers that could be a BSN (11-proef); of other sizes and times one in eleven goes too."""

    def masker(gevonden: re.Match[str]) -> str:
        som = sum(w * int(c) for w, c in zip(_GEWICHTEN, gevonden[0].zfill(9), strict=True))
        return gevonden[0] if som % 11 else "*"

    return _CIJFERS.sub(masker, tekst)


def _leesbaar(inhoud: Any) -> Any:
    """The same, with what `schoon` will mask as text: a bare * for a number would be no JSON."""
    if isinstance(inhoud, Mapping):
        return {naam: _leesbaar(waarde) for naam, waarde in inhoud.items()}
    if isinstance(inhoud, list | tuple):
        return [_leesbaar(waarde) for waarde in inhoud]
    return str(inhoud) if isinstance(inhoud, int) and schoon(str(inhoud)) != str(inhoud) else inhoud


async def _poging(werk: Awaitable[Any]) -> Any:
    try:
        return await werk
    except Exception as fout:
        # The text of an error may hold a value: its kind is enough.
        return {"niet_gelukt": type(fout).__name__}


async def _topics(kafka: str, tls: str | None) -> dict[str, int]:
    return dict((await topics.look(kafka, tls)).partities)


async def _geparkeerd(dsn: str) -> dict[str, list[dict[str, Any]]]:
    connection = await asyncpg.connect(dsn, timeout=10, command_timeout=30)
    try:
        return {
            service: [dict(rij) for rij in await connection.fetch(_GEPARKEERD.format(s=service))]
            for service in migrate.services()
        }
    finally:
        await connection.close()


async def _postgres(dsn: str) -> dict[str, list[dict[str, Any]]]:
    connection = await asyncpg.connect(dsn, timeout=10, command_timeout=30)
    try:
        return {naam: [dict(rij) for rij in await connection.fetch(sql)] for naam, sql in _POSTGRES.items()}
    finally:
        await connection.close()


async def _metingen(url: str) -> str:
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        antwoord = await client.get(f"{url}/metrics")
        antwoord.raise_for_status()
        return antwoord.text
