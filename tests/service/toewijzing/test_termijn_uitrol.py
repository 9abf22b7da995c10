"""Terms of what was under way when the table of terms came."""

from __future__ import annotations

from uuid import uuid4

import asyncpg

from chassis.migrate import migrate
from tests.conftest import ROL_WACHTWOORD
from tests.service.toewijzing.zaak import GOES


async def test_wat_liep_bij_de_uitrol_krijgt_een_termijn(postgres_dsn: str) -> None:
    """What the old code wrote between `pre` and `post`; of every gemeente, and nothing that was already answered."""
    naam = f"uitrol_{uuid4().hex[:12]}"
    beheer = await asyncpg.connect(postgres_dsn)
    await beheer.execute(f"create database {naam}")
    dsn = f"{postgres_dsn.rpartition('/')[0]}/{naam}"
    await migrate(dsn, ["toewijzing"], "pre", ROL_WACHTWOORD)
    oud = await asyncpg.connect(dsn, server_settings={"search_path": "toewijzing"})
    for gemeente in (GOES, "0716"):
        for opdracht, status, bericht_id in (("loopt", "verzonden", "b"), ("klaar", "goedgekeurd", "b"), ("nieuw", "verzonden", None)):  # fmt: skip
            await oud.execute(
                "INSERT INTO opdracht (opdracht_id, gemeente, aanbieder, client_id, status, bericht_id, gemaakt_at)"
                " VALUES ($1 || $2, $2, '75750101', 'A', $3, $4, '2026-03-27T23:30:00Z')",
                opdracht, gemeente, status, bericht_id,
            )  # fmt: skip
        for status in ("ingediend", "in_onderzoek", "afgewezen"):
            await oud.execute(
                """INSERT INTO verzoek (verzoek_id, gemeente, aanbieder, client_id, bericht_id, soort,
                       referentie_aanbieder, status, gevraagd, ontvangen_at, reageer_uiterlijk, besluit_uiterlijk)
                   VALUES ($2 || $1, $1, '75750101', 'A', 'b', 'vot', $2, $2, '{}', now(), '2026-10-23', '2026-10-25')""",
                gemeente, status,
            )  # fmt: skip
    await migrate(dsn, ["toewijzing"], "post", ROL_WACHTWOORD)
    rijen = await oud.fetch("SELECT * FROM termijn WHERE gemeente = $1 ORDER BY soort, onderwerp", GOES)
    assert [(r["soort"], r["onderwerp"], r["uiterlijk"].isoformat(), r["verloopt_at"].isoformat()) for r in rijen] == [
        ("antwoord_301", f"loopt{GOES}", "2026-04-04", "2026-04-04T22:00:00+00:00"),
        ("besluit_verzoek", f"in_onderzoek{GOES}", "2026-10-25", "2026-10-25T23:00:00+00:00"),
        ("besluit_verzoek", f"ingediend{GOES}", "2026-10-25", "2026-10-25T23:00:00+00:00"),
        ("reactie_verzoek", f"ingediend{GOES}", "2026-10-23", "2026-10-23T22:00:00+00:00"),
    ]
    assert await oud.fetchval("SELECT count(*) FROM termijn") == 2 * len(rijen)
    assert await oud.fetchval("SELECT count(*) FROM opdracht WHERE verzonden_at = gemaakt_at") == 4
    await oud.close()
    await beheer.execute(f"drop database {naam} with (force)")
    await beheer.close()
