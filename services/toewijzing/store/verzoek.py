"""SQL of verzoeken and the answers (319) to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.db import Tx

_KOLOMMEN = (
    "verzoek_id, volgorde, aanbieder, client_id, bericht_id, soort, referentie_aanbieder, status, gevraagd,"
    " ontvangen_at, reageer_uiterlijk, besluit_uiterlijk"
)


@dataclass(frozen=True, slots=True)
class Verzoek:
    """A row; `gevraagd` is the AangevraagdProduct or the Verzoek as it was handed in."""

    verzoek_id: str
    aanbieder: str
    client_id: str
    bericht_id: str
    soort: str
    referentie_aanbieder: str
    status: str
    gevraagd: dict[str, Any]
    ontvangen_at: datetime
    reageer_uiterlijk: date
    besluit_uiterlijk: date
    volgorde: int = 0


async def add_verzoek(tx: Tx, gemeente: str, nieuw: Verzoek) -> None:
    """Record a verzoek."""
    await tx.execute(
        """INSERT INTO verzoek (verzoek_id, gemeente, aanbieder, client_id, bericht_id, soort, referentie_aanbieder,
               status, gevraagd, ontvangen_at, reageer_uiterlijk, besluit_uiterlijk)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        nieuw.verzoek_id,
        gemeente,
        nieuw.aanbieder,
        nieuw.client_id,
        nieuw.bericht_id,
        nieuw.soort,
        nieuw.referentie_aanbieder,
        nieuw.status,
        nieuw.gevraagd,
        nieuw.ontvangen_at,
        nieuw.reageer_uiterlijk,
        nieuw.besluit_uiterlijk,
    )


async def load_verzoek(tx: Tx, gemeente: str, verzoek_id: str) -> Verzoek | None:
    """The verzoek with this id, if it is of this municipality."""
    rij = await tx.fetchrow(
        f"SELECT {_KOLOMMEN} FROM verzoek WHERE gemeente = $1 AND verzoek_id = $2", gemeente, verzoek_id
    )
    return None if rij is None else Verzoek(**dict(rij))


async def load_pagina(
    tx: Tx, gemeente: str, client_id: str | None, status: str | None, na: int, limit: int
) -> list[Verzoek]:
    """Verzoeken of a municipality after place `na`, oldest first."""
    rijen = await tx.fetch(
        f"""SELECT {_KOLOMMEN} FROM verzoek
            WHERE gemeente = $1 AND volgorde > $2 AND ($3::text IS NULL OR client_id = $3)
              AND ($4::text IS NULL OR status = $4)
            ORDER BY volgorde LIMIT $5""",
        gemeente,
        na,
        client_id,
        status,
        limit,
    )
    return [Verzoek(**dict(rij)) for rij in rijen]


async def lock_referenties(tx: Tx, gemeente: str, aanbieder: str) -> None:
    """One verzoek of a provider at a time, so that two clients cannot take one reference at once (TR347)."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('verzoek:' || $1::text || ':' || $2::text, 0))",
        gemeente,
        aanbieder,
    )


async def load_referenties(tx: Tx, gemeente: str, aanbieder: str, gevraagd: list[str]) -> frozenset[str]:
    """TR347: which of these references the provider used before; refused verzoeken do not count (OP286)."""
    rijen = await tx.fetch(
        """SELECT referentie_aanbieder FROM verzoek WHERE gemeente = $1 AND aanbieder = $2
           AND referentie_aanbieder = ANY($3::text[]) AND status <> 'vervallen'""",
        gemeente,
        aanbieder,
        gevraagd,
    )
    return frozenset(rij["referentie_aanbieder"] for rij in rijen)


async def is_lopend(tx: Tx, gemeente: str, aanbieder: str, client_id: str) -> bool:
    """TR374: whether this provider has a pending verzoek for the client."""
    return bool(
        await tx.fetchval(
            """SELECT EXISTS (SELECT FROM verzoek WHERE gemeente = $1 AND aanbieder = $2 AND client_id = $3
               AND status IN ('ingediend', 'in_onderzoek'))""",
            gemeente,
            aanbieder,
            client_id,
        )
    )


async def load_lopende(tx: Tx, gemeente: str, client_id: str) -> list[str]:
    """The verzoek_ids of a client that wait for a decision, oldest first."""
    rijen = await tx.fetch(
        """SELECT verzoek_id FROM verzoek WHERE gemeente = $1 AND client_id = $2
           AND status IN ('ingediend', 'in_onderzoek') ORDER BY volgorde""",
        gemeente,
        client_id,
    )
    return [rij["verzoek_id"] for rij in rijen]


async def client_bekend(tx: Tx, gemeente: str, client_id: str) -> bool:
    """Whether intake recorded this client: without its name and address no 301 can be written."""
    return bool(
        await tx.fetchval(
            "SELECT EXISTS (SELECT FROM indicatie WHERE gemeente = $1 AND client_id = $2)", gemeente, client_id
        )
    )


async def set_status(tx: Tx, verzoek_id: str, status: str) -> None:
    """What was decided on a verzoek."""
    await tx.execute("UPDATE verzoek SET status = $2 WHERE verzoek_id = $1", verzoek_id, status)


async def add_antwoord(
    tx: Tx, gemeente: str, opdracht_id: str, verzoek_id: str, antwoord: str, reden: str | None, nu: datetime
) -> None:
    """Record a 319 that is on its way."""
    await tx.execute(
        """INSERT INTO antwoord (opdracht_id, gemeente, verzoek_id, verzoek_antwoord, reden, status, gemaakt_at)
           VALUES ($1, $2, $3, $4, $5, 'verzonden', $6)""",
        opdracht_id,
        gemeente,
        verzoek_id,
        antwoord,
        reden,
        nu,
    )


async def close_antwoord(tx: Tx, gemeente: str, opdracht_id: str, status: str) -> str | None:
    """What the 320 said; the verzoek_id, or None when this 319 is unknown or was closed before."""
    verzoek_id: str | None = await tx.fetchval(
        """UPDATE antwoord SET status = $3 WHERE gemeente = $1 AND opdracht_id = $2 AND status = 'verzonden'
           RETURNING verzoek_id""",
        gemeente,
        opdracht_id,
        status,
    )
    return verzoek_id


async def load_geldig_antwoord(tx: Tx, verzoek_id: str) -> str | None:
    """The last VerzoekAntwoord that was not refused by its 320."""
    antwoord: str | None = await tx.fetchval(
        """SELECT verzoek_antwoord FROM antwoord WHERE verzoek_id = $1 AND status <> 'afgekeurd'
           ORDER BY volgorde DESC LIMIT 1""",
        verzoek_id,
    )
    return antwoord
