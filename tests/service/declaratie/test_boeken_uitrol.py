"""Booking while a roll-out is under way: code of before and after the migration book the same sum."""

from uuid import uuid4

import asyncpg
import pytest

from chassis.migrate import migrate
from tests.conftest import ROL_WACHTWOORD

ZOALS_VROEGER = """
WITH boeking AS (
    INSERT INTO grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume, bedrag_cent)
    VALUES ('0664', 1, '2026-02-01', $1, 0, 0, 'toegekend', 60, 5875), ('0664', 1, '2026-03-01', $1, 0, 1, 'toegekend', 60, 5875)
    RETURNING toewijzing_nummer, volume, bedrag_cent),
som AS (SELECT toewijzing_nummer, sum(volume)::bigint AS volume, sum(bedrag_cent)::bigint AS cent FROM boeking GROUP BY 1)
UPDATE toewijzing_totaal t SET volume = t.volume + som.volume, bedrag_cent = t.bedrag_cent + som.cent
FROM som WHERE t.gemeente = '0664' AND t.nummer = som.toewijzing_nummer"""
ZOALS_NU = """
INSERT INTO grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume, bedrag_cent)
VALUES ('0664', 1, '2026-03-01', $1, 0, 0, 'gecrediteerd', -60, -5875)"""


@pytest.mark.asyncio
async def test_g11_oude_en_nieuwe_code_boeken_naast_elkaar_een_keer(postgres_dsn):
    naam = f"uitrol_{uuid4().hex[:12]}"
    beheer = await asyncpg.connect(postgres_dsn)
    await beheer.execute(f"create database {naam}")
    dsn = f"{postgres_dsn.rpartition('/')[0]}/{naam}"
    await migrate(dsn, ["declaratie"], "pre", ROL_WACHTWOORD)
    db = await asyncpg.connect(dsn, server_settings={"search_path": "declaratie"})

    async def sommen() -> tuple[str, str]:
        return (
            await db.fetchval("SELECT volume || ' ' || bedrag_cent FROM toewijzing_totaal"),
            await db.fetchval("SELECT sum(volume) || ' ' || sum(bedrag_cent) FROM grootboek"),
        )

    await db.execute("INSERT INTO toewijzing_totaal (gemeente, nummer) VALUES ('0664', 1)")
    await db.execute(ZOALS_VROEGER, "een")
    await db.execute(ZOALS_NU, "twee")
    assert await sommen() == ("60 5875", "60 5875")
    await migrate(dsn, ["declaratie"], "post", ROL_WACHTWOORD)
    await db.execute(ZOALS_NU, "drie")
    assert await sommen() == ("0 0", "0 0")
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute(ZOALS_VROEGER, "vier")
    assert await sommen() == ("0 0", "0 0")
    await db.close()
    await beheer.execute(f"drop database {naam} with (force)")
    await beheer.close()
