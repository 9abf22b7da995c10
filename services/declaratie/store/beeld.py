"""SQL of what toewijzing decides: toewijzingen, deliveries, contracts and settings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from chassis.db import Tx
from services.declaratie.contracts import ContractVeld, ToewijzingVastgelegd
from services.declaratie.domain.kop import Levering
from services.declaratie.domain.waarden import Contract, Omvang, Toewijzing

_LAATSTE = """SELECT DISTINCT ON (nummer) * FROM toewijzing_versie
    WHERE gemeente = $1 AND nummer = ANY($2::int[]) AND status <> 'afgekeurd'
    ORDER BY nummer, versie DESC"""


async def save_toewijzing(tx: Tx, gemeente: str, client_id: str, v: ToewijzingVastgelegd, gebeurd_at: datetime) -> bool:
    """Keep a version; True when it is new. A final judgement (302) is never replaced by an older 'verzonden'."""
    product, omvang = v.product, v.omvang
    nieuw: bool = await tx.fetchval(
        """INSERT INTO toewijzing_versie AS t (gemeente, nummer, versie, client_id, aanbieder, categorie,
               code, volume, eenheid, frequentie, budget_cent, ingangsdatum, einddatum, reden_wijziging,
               variant, status, vastgelegd_at, afgekeurd_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                   CASE WHEN $16 = 'afgekeurd' THEN $17::timestamptz END)
           ON CONFLICT (gemeente, nummer, versie) DO UPDATE SET
               vastgelegd_at = least(t.vastgelegd_at, excluded.vastgelegd_at),
               status = CASE WHEN t.status = 'verzonden' THEN excluded.status ELSE t.status END,
               afgekeurd_at = CASE WHEN t.status = 'verzonden' THEN excluded.afgekeurd_at ELSE t.afgekeurd_at END
           RETURNING xmax = 0""",
        gemeente,
        v.toewijzing_nummer,
        v.versie,
        client_id,
        v.aanbieder,
        product.categorie if product else None,
        product.code if product else None,
        omvang.volume if omvang else None,
        omvang.eenheid if omvang else None,
        omvang.frequentie if omvang else None,
        v.budget_cent,
        v.ingangsdatum,
        v.einddatum,
        v.reden_wijziging,
        v.variant,
        v.status,
        gebeurd_at,
    )
    await tx.execute(
        "INSERT INTO toewijzing_totaal (gemeente, nummer) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        gemeente,
        v.toewijzing_nummer,
    )
    return nieuw


def to_toewijzing(rij: Any) -> Toewijzing:
    """A row of toewijzing_versie as a value."""
    omvang = None if rij["volume"] is None else Omvang(rij["volume"], rij["eenheid"], rij["frequentie"])
    return Toewijzing(
        nummer=rij["nummer"],
        client_id=rij["client_id"],
        aanbieder=rij["aanbieder"],
        ingangsdatum=rij["ingangsdatum"],
        einddatum=rij["einddatum"],
        categorie=rij["categorie"],
        code=rij["code"],
        omvang=omvang,
        budget_cent=rij["budget_cent"],
        reden_wijziging=rij["reden_wijziging"],
        variant=rij["variant"],
    )


async def load_toewijzingen(tx: Tx, gemeente: str, nummers: Collection[int]) -> dict[int, Toewijzing]:
    """The last version of each number that was not refused."""
    rijen = await tx.fetch(_LAATSTE, gemeente, list(nummers))
    return {r["nummer"]: to_toewijzing(r) for r in rijen}


async def load_versie(tx: Tx, gemeente: str, nummer: int, versie: int) -> Toewijzing:
    """A version that is there."""
    rij = await tx.fetchrow(
        "SELECT * FROM toewijzing_versie WHERE gemeente = $1 AND nummer = $2 AND versie = $3", gemeente, nummer, versie
    )
    return to_toewijzing(rij)


async def save_levering(
    tx: Tx, gemeente: str, nummer: int, begindatum: date, einddatum: date | None, volgnummer: int
) -> None:
    """The last state of a delivery per Begindatum."""
    await tx.execute(
        """INSERT INTO levering (gemeente, nummer, begindatum, einddatum, volgnummer)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (gemeente, nummer, begindatum)
           DO UPDATE SET einddatum = excluded.einddatum, volgnummer = excluded.volgnummer
           WHERE levering.volgnummer < excluded.volgnummer""",
        gemeente,
        nummer,
        begindatum,
        einddatum,
        volgnummer,
    )


async def delete_leveringen(tx: Tx, gemeente: str, nummer: int, volgnummer: int) -> None:
    """All starts of the number were deleted."""
    await tx.execute(
        "DELETE FROM levering WHERE gemeente = $1 AND nummer = $2 AND volgnummer < $3",
        gemeente,
        nummer,
        volgnummer,
    )


async def load_leveringen(tx: Tx, gemeente: str, aanbieder: str) -> list[Levering]:
    """All deliveries of an aanbieder that began."""
    rijen = await tx.fetch(
        """SELECT l.begindatum, l.einddatum FROM levering l
           WHERE l.gemeente = $1 AND EXISTS (SELECT 1 FROM toewijzing_versie v
               WHERE v.gemeente = l.gemeente AND v.nummer = l.nummer AND v.aanbieder = $2)""",
        gemeente,
        aanbieder,
    )
    return [Levering(r["begindatum"], r["einddatum"]) for r in rijen]


async def claim_stand(tx: Tx, gemeente: str, soort: str, volgnummer: int, waarden: dict[str, Any]) -> bool:
    """Record a fact per gemeente; False when a later one is there already."""
    nieuw = await tx.fetchval(
        """INSERT INTO gemeente_stand AS g (gemeente, soort, volgnummer, waarden) VALUES ($1, $2, $3, $4)
           ON CONFLICT (gemeente, soort)
           DO UPDATE SET volgnummer = excluded.volgnummer, waarden = excluded.waarden
           WHERE g.volgnummer < excluded.volgnummer RETURNING 1""",
        gemeente,
        soort,
        volgnummer,
        waarden,
    )
    return nieuw is not None


async def replace_contracten(tx: Tx, gemeente: str, contracten: Collection[ContractVeld]) -> None:
    """The new list replaces the one before; toewijzing keeps the history."""
    await tx.execute("DELETE FROM contract WHERE gemeente = $1", gemeente)
    await tx.executemany(
        """INSERT INTO contract (gemeente, aanbieder, categorie, code, eenheid, tarief_cent,
               minuten_toegestaan, geldig_vanaf, geldig_tot) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        [
            (
                gemeente,
                c.aanbieder,
                c.product_categorie,
                c.product_code,
                c.eenheid,
                c.tarief_cent,
                c.minuten_toegestaan is not False,
                c.geldig_vanaf,
                c.geldig_tot,
            )
            for c in contracten
        ],
    )


async def load_contracten(tx: Tx, gemeente: str, aanbieder: str, codes: Collection[str]) -> list[Contract]:
    """The contracts of an aanbieder for these product codes, and those for a whole category."""
    rijen = await tx.fetch(
        """SELECT categorie, code, eenheid, tarief_cent, minuten_toegestaan, geldig_vanaf, geldig_tot
           FROM contract
           WHERE gemeente = $1 AND aanbieder = $2 AND (code IS NULL OR code = ANY($3::text[]))""",
        gemeente,
        aanbieder,
        list(codes),
    )
    return [Contract(**dict(r)) for r in rijen]


async def load_instelling(tx: Tx, gemeente: str, naam: str, anders: bool) -> bool:
    """A setting of the gemeente; `anders` when it was not recorded."""
    waarde = await tx.fetchval(
        "SELECT waarden -> $2 FROM gemeente_stand WHERE gemeente = $1 AND soort = 'instellingen'",
        gemeente,
        naam,
    )
    return waarde if isinstance(waarde, bool) else anders
