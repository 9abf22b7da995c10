"""SQL of budgets: ceilings, commitments per month and what was spent of them; every day can be seen again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chassis.db import Tx
from services.declaratie.domain.budget import Bestedingen
from services.declaratie.domain.waarden import Contract, Toewijzing
from services.declaratie.store.beeld import to_toewijzing
from services.declaratie.store.prestatie import kolommen

_STAPEL = 1000


async def lock_tarieven(tx: Tx, gemeente: str, *, wijzigt: bool) -> None:
    """Contracts do not change while a commitment is computed with them."""
    functie = "pg_advisory_xact_lock" if wijzigt else "pg_advisory_xact_lock_shared"
    await tx.execute(f"SELECT {functie}(hashtextextended('tarieven:' || $1::text, 0))", gemeente)


Verplichtingen = Iterable[tuple[int, int, str | None, Iterable[tuple[date, int]]]]
"""(nummer, versie, categorie, [(first of month, cents)])."""


async def add_verplichtingen(tx: Tx, gemeente: str, rijen: Verplichtingen, geldt_van: datetime | None) -> None:
    """The months of these versions, known since that instant, or as long as the version; what is there stays."""
    plat = [(n, v, maand, categorie, cent) for n, v, categorie, maanden in rijen for maand, cent in maanden]
    await tx.execute(
        """INSERT INTO verplichting (gemeente, nummer, versie, maand, categorie, bedrag_cent, geldt_van)
           SELECT $1, n.*, coalesce($7::timestamptz, '-infinity')
           FROM unnest($2::int[], $3::int[], $4::date[], $5::text[], $6::bigint[]) AS n ON CONFLICT DO NOTHING""",
        gemeente,
        *kolommen(plat, 5),
        geldt_van,
    )


async def replace_verplichtingen(tx: Tx, gemeente: str, rijen: Verplichtingen, op: datetime) -> None:
    """The contracts changed at that instant: what a month costs now, and aside what it was thought to cost before."""
    alle = [(nummer, versie, categorie, list(maanden)) for nummer, versie, categorie, maanden in rijen]
    plat = [(n, v, maand, cent) for n, v, _, maanden in alle for maand, cent in maanden]
    await tx.execute(
        """WITH weg AS (
               DELETE FROM verplichting v USING unnest($2::int[], $3::int[]) AS n (nummer, versie)
               WHERE v.gemeente = $1 AND v.nummer = n.nummer AND v.versie = n.versie
                 AND NOT EXISTS (SELECT FROM unnest($4::int[], $5::int[], $6::date[], $7::bigint[])
                     AS m (nummer, versie, maand, cent)
                     WHERE (m.nummer, m.versie, m.maand, m.cent) = (v.nummer, v.versie, v.maand, v.bedrag_cent))
               RETURNING v.*)
           INSERT INTO verplichting_oud (gemeente, nummer, versie, maand, categorie, bedrag_cent, geldt_van, geldt_tot)
           SELECT gemeente, nummer, versie, maand, categorie, bedrag_cent, geldt_van, $8
           FROM weg WHERE geldt_van < $8""",
        gemeente,
        *kolommen(alle, 2),
        *kolommen(plat, 4),
        op,
    )
    await add_verplichtingen(tx, gemeente, alle, op)


async def load_alle_contracten(tx: Tx, gemeente: str) -> dict[str, list[Contract]]:
    """The contracts of a gemeente per aanbieder."""
    rijen = await tx.fetch(
        """SELECT aanbieder, categorie, code, eenheid, tarief_cent, minuten_toegestaan, geldig_vanaf, geldig_tot
           FROM contract WHERE gemeente = $1""",
        gemeente,
    )
    per_aanbieder: dict[str, list[Contract]] = {}
    for rij in rijen:
        velden = dict(rij)
        per_aanbieder.setdefault(velden.pop("aanbieder"), []).append(Contract(**velden))
    return per_aanbieder


async def load_versies_na(tx: Tx, gemeente: str, na: tuple[int, int]) -> Sequence[tuple[int, int, Toewijzing]]:
    """The next batch of (nummer, versie, toewijzing) after this key."""
    rijen = await tx.fetch(
        """SELECT * FROM toewijzing_versie WHERE gemeente = $1 AND (nummer, versie) > ($2, $3)
           ORDER BY nummer, versie LIMIT $4""",
        gemeente,
        *na,
        _STAPEL,
    )
    return [(r["nummer"], r["versie"], to_toewijzing(r)) for r in rijen]


async def add_plafonds(
    tx: Tx, gemeente: str, jaar: int, plafonds: Mapping[str, int | None], door: str, nu: datetime
) -> None:
    """New ceilings beside the old: the last one counts, None is no ceiling any more."""
    await tx.executemany(
        """INSERT INTO budget_plafond (gemeente, jaar, categorie, plafond_cent, door, vastgelegd_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        [(gemeente, jaar, categorie, cent, door, nu) for categorie, cent in sorted(plafonds.items())],
    )


async def load_plafonds(tx: Tx, gemeente: str, jaar: int, voor: datetime) -> dict[str, int]:
    """The ceilings per category as they held before this instant."""
    rijen = await tx.fetch(
        """SELECT DISTINCT ON (categorie) categorie, plafond_cent FROM budget_plafond
           WHERE gemeente = $1 AND jaar = $2 AND vastgelegd_at < $3 ORDER BY categorie, plafond_id DESC""",
        gemeente,
        jaar,
        voor,
    )
    return {r["categorie"]: r["plafond_cent"] for r in rijen if r["plafond_cent"] is not None}


async def load_jaren(tx: Tx, vanaf: int) -> list[tuple[str, int]]:
    """(gemeente, year) for which a ceiling was ever recorded."""
    rijen = await tx.fetch("SELECT DISTINCT gemeente, jaar FROM budget_plafond WHERE jaar >= $1 ORDER BY 1, 2", vanaf)
    return [(r["gemeente"], r["jaar"]) for r in rijen]


_CELLEN = """
WITH verplicht AS (
    SELECT v.nummer, v.maand, v.categorie, v.bedrag_cent AS cent
    FROM (SELECT gemeente, nummer, versie, maand, categorie, bedrag_cent FROM verplichting
          WHERE gemeente = $1 AND maand BETWEEN $2 AND $3 AND geldt_van < $4
          UNION ALL
          SELECT gemeente, nummer, versie, maand, categorie, bedrag_cent FROM verplichting_oud
          WHERE gemeente = $1 AND maand BETWEEN $2 AND $3 AND geldt_van < $4 AND geldt_tot >= $4) v
    JOIN toewijzing_versie t USING (gemeente, nummer, versie)
    WHERE t.gemeente = $1 AND t.vastgelegd_at < $4 AND (t.afgekeurd_at IS NULL OR t.afgekeurd_at >= $4)
      AND NOT EXISTS (
          SELECT FROM toewijzing_versie l WHERE l.gemeente = t.gemeente AND l.nummer = t.nummer
          AND l.versie > t.versie AND l.vastgelegd_at < $4 AND (l.afgekeurd_at IS NULL OR l.afgekeurd_at >= $4))),
besteed AS (
    SELECT g.toewijzing_nummer AS nummer, g.maand, p.categorie, sum(g.bedrag_cent)::bigint AS cent
    FROM grootboek g JOIN prestatie p USING (bericht_id, deel, regel)
    WHERE g.gemeente = $1 AND g.maand BETWEEN $2 AND $3 AND g.geboekt_at < $4
    GROUP BY 1, 2, 3)"""
"""Of gemeente $1 in the months $2 up to and including $3, as known before instant $4: a cell is one toewijzing in a
month."""

_SOMMEN = """coalesce(sum(v.cent), 0)::bigint AS verplicht,
       coalesce(sum(b.cent), 0)::bigint AS gerealiseerd,
       coalesce(sum(v.cent) FILTER (WHERE b.cent > 0), 0)::bigint AS verplicht_gedeclareerd,
       coalesce(sum(b.cent) FILTER (WHERE b.cent > 0 AND v.cent IS NOT NULL), 0)::bigint AS gerealiseerd_gedeclareerd
FROM verplicht v
FULL JOIN besteed b ON (b.nummer, b.maand, b.categorie) = (v.nummer, v.maand, v.categorie)"""

BESTEDINGEN = f"""{_CELLEN}
SELECT coalesce(v.categorie, b.categorie) AS categorie, {_SOMMEN}
GROUP BY 1"""
"""None: no category yet."""

MAANDEN = f"""{_CELLEN}
SELECT coalesce(v.categorie, b.categorie) AS categorie, coalesce(v.maand, b.maand) AS maand, {_SOMMEN}
GROUP BY 1, 2 ORDER BY 2"""

GEVALLEN = f"""{_CELLEN}
SELECT c.nummer, c.verplicht, c.gerealiseerd, t.client_id, t.aanbieder
FROM (SELECT coalesce(v.nummer, b.nummer) AS nummer, {_SOMMEN}
      WHERE coalesce(v.categorie, b.categorie) IS NOT DISTINCT FROM $5::text
        AND coalesce(v.nummer, b.nummer) > $6
      GROUP BY 1 ORDER BY 1 LIMIT $7) c
LEFT JOIN LATERAL (SELECT client_id, aanbieder FROM toewijzing_versie t
                   WHERE t.gemeente = $1 AND t.nummer = c.nummer ORDER BY versie DESC LIMIT 1) t ON true
ORDER BY c.nummer"""


async def load_bestedingen(tx: Tx, gemeente: str, jaar: int, voor: datetime) -> dict[str | None, Bestedingen]:
    """Per category what is committed and spent; None is a toewijzing of which the category is still free."""
    rijen = await tx.fetch(BESTEDINGEN, gemeente, date(jaar, 1, 1), date(jaar, 12, 1), voor)
    return {r["categorie"]: _bestedingen(r) for r in rijen}


async def load_maanden(
    tx: Tx, gemeente: str, jaar: int, voor: datetime
) -> dict[str | None, list[tuple[date, Bestedingen]]]:
    """The same per month (its first day), oldest first."""
    per_categorie: dict[str | None, list[tuple[date, Bestedingen]]] = {}
    for rij in await tx.fetch(MAANDEN, gemeente, date(jaar, 1, 1), date(jaar, 12, 1), voor):
        per_categorie.setdefault(rij["categorie"], []).append((rij["maand"], _bestedingen(rij)))
    return per_categorie


async def load_gevallen(
    tx: Tx, gemeente: str, jaar: int, voor: datetime, categorie: str | None, na: int, limit: int
) -> list[Any]:
    """The toewijzingen behind the sums of a category, by number after `na`: together they are those sums."""
    rijen: list[Any] = await tx.fetch(
        GEVALLEN, gemeente, date(jaar, 1, 1), date(jaar, 12, 1), voor, categorie, na, limit
    )
    return rijen


def _bestedingen(rij: Any) -> Bestedingen:
    return Bestedingen(
        verplicht_cent=rij["verplicht"],
        gerealiseerd_cent=rij["gerealiseerd"],
        verplicht_gedeclareerd_cent=rij["verplicht_gedeclareerd"],
        gerealiseerd_gedeclareerd_cent=rij["gerealiseerd_gedeclareerd"],
        verplicht_open_cent=rij["verplicht"] - rij["verplicht_gedeclareerd"],
    )


async def load_plafond_geschiedenis(tx: Tx, gemeente: str, jaar: int, na: int, limit: int) -> list[Any]:
    """Every ceiling that was ever recorded for a year, the newest first; `na` is the last plafond_id seen."""
    rijen: list[Any] = await tx.fetch(
        """SELECT plafond_id, categorie, plafond_cent, door, vastgelegd_at FROM budget_plafond
           WHERE gemeente = $1 AND jaar = $2 AND ($3 = 0 OR plafond_id < $3) ORDER BY plafond_id DESC LIMIT $4""",
        gemeente,
        jaar,
        na,
        limit,
    )
    return rijen


async def claim_signaal(
    tx: Tx, gemeente: str, jaar: int, categorie: str, plafond_cent: int, procent: int, prognose_cent: int, nu: datetime
) -> bool:
    """False when this threshold of this ceiling was told already."""
    nieuw = await tx.fetchval(
        """INSERT INTO budget_signaal (gemeente, jaar, categorie, plafond_cent, procent, prognose_cent, gemeld_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1""",
        gemeente,
        jaar,
        categorie,
        plafond_cent,
        procent,
        prognose_cent,
        nu,
    )
    return nieuw is not None


async def load_signalen(tx: Tx, gemeente: str, jaar: int, voor: datetime) -> list[Any]:
    """The thresholds that were told, the oldest first."""
    rijen: list[Any] = await tx.fetch(
        """SELECT categorie, plafond_cent, procent, prognose_cent, gemeld_at FROM budget_signaal
           WHERE gemeente = $1 AND jaar = $2 AND gemeld_at < $3 ORDER BY gemeld_at, procent""",
        gemeente,
        jaar,
        voor,
    )
    return rijen
