"""What declaratie knows before it is measured: toewijzingen, and lines of earlier years. Put in its tables by COPY.

Thousands of 301s, and millions of lines, are not what a claim is measured on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from bench.vulling import A1, EINDE, GOES, MAANDEN, Bewoner
from chassis.bsn import pseudonym

_PER_KEER = 60_000
_PER_TOEWIJZING = 60
_PER_BERICHT = 1000
_EERSTE = 100_000_000
_OP = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_KOLOMMEN = {
    "toewijzing_versie": "gemeente nummer versie client_id aanbieder categorie code volume eenheid frequentie"
    " ingangsdatum einddatum variant status vastgelegd_at",
    "toewijzing_totaal": "gemeente nummer volume bedrag_cent",
    "prestatie": "bericht_id deel regel gemeente aanbieder client_id toewijzing_nummer referentie_nummer categorie"
    " code begindatum einddatum volume eenheid tarief_cent ingediend_cent debet_credit retourcodes",
    "referentie": "gemeente aanbieder referentie_nummer bericht_id",
    "grootboek": "gemeente toewijzing_nummer maand bericht_id deel regel soort volume bedrag_cent geboekt_at",
}


async def leg_toewijzingen(dsn: str, bewoners: Sequence[Bewoner]) -> None:
    """A toewijzing of 3 hours a week for each of these, from the first of MAANDEN."""
    begin, einde = dt.date.fromisoformat(MAANDEN[0][0]), dt.date.fromisoformat(EINDE)
    versies = [
        (GOES, nummer, 1, pseudonym(GOES, bsn), A1, "02", "02A05", 3, "04", "2", begin, einde, "inspanning",
         "goedgekeurd", _OP)
        for bsn, nummer in bewoners
    ]  # fmt: skip
    async with _tabellen(dsn) as db:
        await _copy(db, "toewijzing_versie", versies)
        await _copy(db, "toewijzing_totaal", [(GOES, nummer, 0, 0) for _, nummer in bewoners])


async def leg_eerdere_regels(dsn: str, begin: int, tot: int) -> None:
    """Awarded lines of earlier years, from one number up to another: an hour for each of 60 months of a toewijzing.

    `begin` is a multiple of 60.
    """
    async with _tabellen(dsn) as db:
        for eerste in range(begin, tot, _PER_KEER):
            regels = range(eerste, min(eerste + _PER_KEER, tot))
            await _copy(db, "prestatie", map(_prestatie, regels))
            await _copy(db, "referentie", ((GOES, A1, f"OUD{n}", _bericht(n)) for n in regels))
            await _copy(db, "grootboek", map(_boeking, regels))
            per_nummer = [(n, min(_PER_TOEWIJZING, tot - n)) for n in regels[::_PER_TOEWIJZING]]
            totalen = [(GOES, _nummer(n), 60 * hoeveel, 5875 * hoeveel) for n, hoeveel in per_nummer]
            await _copy(db, "toewijzing_totaal", totalen)


def _nummer(n: int) -> int:
    return _EERSTE + n // _PER_TOEWIJZING


def _bericht(n: int) -> str:
    return f"oud-{n // _PER_BERICHT}"


def _maand(n: int) -> dt.date:
    maand = n % _PER_TOEWIJZING
    return dt.date(2020 + maand // 12, maand % 12 + 1, 1)


def _prestatie(n: int) -> tuple[Any, ...]:
    begin = _maand(n)
    return (
        _bericht(n), n % _PER_BERICHT, 0, GOES, A1, f"OUD{n // _PER_TOEWIJZING:023d}", _nummer(n), f"OUD{n}", "02",
        "02A05", begin, begin + dt.timedelta(days=27), 1, "04", 5875, 5875, "D", [],
    )  # fmt: skip


def _boeking(n: int) -> tuple[Any, ...]:
    return GOES, _nummer(n), _maand(n), _bericht(n), n % _PER_BERICHT, 0, "toegekend", 60, 5875, _OP


async def _copy(db: Any, tabel: str, rijen: Iterable[tuple[Any, ...]]) -> None:
    await db.copy_records_to_table(tabel, columns=_KOLOMMEN[tabel].split(), records=rijen)


@asynccontextmanager
async def _tabellen(dsn: str) -> AsyncIterator[Any]:
    """The tables of declaratie, past their triggers: that sums are right at the end is what is loaded here."""
    db = await asyncpg.connect(dsn, server_settings={"search_path": "declaratie"})
    try:
        await db.execute("set session_replication_role = replica")
        yield db
        await db.execute("vacuum analyze")
    finally:
        await db.close()
