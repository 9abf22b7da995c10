"""SQL of the use of toewijzingen, and the open figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.db import Tx

GEBRUIK = """
SELECT t.nummer, t.client_id, t.aanbieder, v.cent AS verplicht_cent,
       coalesce(b.cent, 0)::bigint AS gerealiseerd_cent
FROM (SELECT gemeente, nummer, versie, sum(bedrag_cent)::bigint AS cent FROM verplichting
      WHERE gemeente = $1 AND maand BETWEEN $2 AND $3 GROUP BY 1, 2, 3 HAVING count(*) = $4) v
JOIN toewijzing_versie t USING (gemeente, nummer, versie)
LEFT JOIN LATERAL (
    SELECT sum(g.bedrag_cent)::bigint AS cent FROM grootboek g
    WHERE g.gemeente = t.gemeente AND g.toewijzing_nummer = t.nummer AND g.maand BETWEEN $2 AND $3) b ON true
WHERE t.status <> 'afgekeurd' AND NOT EXISTS (
    SELECT FROM toewijzing_versie l WHERE l.gemeente = t.gemeente AND l.nummer = t.nummer AND l.versie > t.versie
    AND l.status <> 'afgekeurd')
ORDER BY t.nummer"""


async def load_gemeenten(tx: Tx) -> list[str]:
    """Gemeenten with contracts."""
    rijen = await tx.fetch("SELECT gemeente FROM gemeente_stand WHERE soort = 'contracten' ORDER BY gemeente")
    return [r["gemeente"] for r in rijen]


async def load_gebruik(tx: Tx, gemeente: str, begin: date, eind: date, maanden: int) -> list[Any]:
    """Toewijzingen that ran all these months, with what was promised and spent."""
    rijen: list[Any] = await tx.fetch(GEBRUIK, gemeente, begin, eind, maanden)
    return rijen


async def claim_gebruik(tx: Tx, gemeente: str, nummer: int, soort: str, t_m: date, vorige: date) -> bool:
    """Record that it is so this month; False when that is known, or when it was so the month before too."""
    eerste = await tx.fetchval(
        """INSERT INTO gebruik_signaal (gemeente, nummer, soort, t_m) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING
           RETURNING NOT EXISTS (SELECT FROM gebruik_signaal
               WHERE gemeente = $1 AND nummer = $2 AND soort = $3 AND t_m = $5)""",
        gemeente,
        nummer,
        soort,
        t_m,
        vorige,
    )
    return bool(eerste)


CIJFERS = """
SELECT maand, categorie, count(*)::int AS clienten, sum(cent)::bigint AS toegekend_cent
FROM (SELECT g.maand, p.categorie, p.client_id, sum(g.bedrag_cent) AS cent
      FROM grootboek g JOIN prestatie p USING (bericht_id, deel, regel)
      WHERE g.gemeente = $1 AND g.maand BETWEEN $2 AND $3 GROUP BY 1, 2, 3 HAVING sum(g.bedrag_cent) > 0) per_client
GROUP BY 1, 2 ORDER BY 1, 2"""


async def load_cijfers(tx: Tx, gemeente: str, jaar: int) -> list[Any]:
    """Per month and category how many clients got something and what was awarded for it; not hidden."""
    rijen: list[Any] = await tx.fetch(CIJFERS, gemeente, date(jaar, 1, 1), date(jaar, 12, 1))
    return rijen
