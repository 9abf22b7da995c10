"""SQL of accounts and payments: rows are only added; each total is in one payment at most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from chassis.db import Tx
from services.declaratie.domain.betaling import Betaling, OpenTotaal, Rekening
from services.declaratie.store.prestatie import kolommen


async def lock_betalen(tx: Tx, gemeente: str) -> None:
    """A payment file and a change of accounts at the same time: one after the other."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('betalen:' || $1::text, 0))", gemeente)


async def load_rekeningen(tx: Tx, gemeente: str) -> dict[str, Rekening]:
    """Per holder the account that counts: the last one that a second person confirmed."""
    rijen = await tx.fetch(
        """SELECT DISTINCT ON (houder) houder, iban, naam FROM rekening
           WHERE gemeente = $1 AND bevestigd_at IS NOT NULL ORDER BY houder, rekening_id DESC""",
        gemeente,
    )
    return {r["houder"]: Rekening(r["houder"], r["iban"], r["naam"]) for r in rijen}


async def load_voorstellen(tx: Tx, gemeente: str) -> dict[str, Any]:
    """Per holder the account that waits for a second person: the last one, when that was not confirmed."""
    rijen = await tx.fetch(
        """SELECT * FROM (SELECT DISTINCT ON (houder) * FROM rekening
                          WHERE gemeente = $1 ORDER BY houder, rekening_id DESC) laatste
           WHERE bevestigd_at IS NULL""",
        gemeente,
    )
    return {r["houder"]: r for r in rijen}


async def add_voorstel(tx: Tx, gemeente: str, rekening: Rekening, door: str, nu: datetime) -> None:
    """An account that does not count yet."""
    await tx.execute(
        """INSERT INTO rekening (gemeente, houder, iban, naam, voorgesteld_door, voorgesteld_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        gemeente,
        rekening.houder,
        rekening.iban,
        rekening.naam,
        door,
        nu,
    )


async def confirm_voorstel(tx: Tx, gemeente: str, rekening_id: int, door: str, nu: datetime) -> None:
    """The second person; the database refuses the same one as the first."""
    await tx.execute(
        """UPDATE rekening SET bevestigd_door = $3, bevestigd_at = $4
           WHERE gemeente = $1 AND rekening_id = $2 AND bevestigd_at IS NULL""",
        gemeente,
        rekening_id,
        door,
        nu,
    )


OPEN_TOTALEN = """SELECT d.bericht_id, d.aanbieder, d.declaratie_nummer, d.toegekend_cent FROM declaratie d
    WHERE d.gemeente = $1 AND d.status = 'afgehandeld' AND d.toegekend_cent <> 0
      AND coalesce(d.afgehandeld_at, d.ontvangen_at) < $2
      AND NOT EXISTS (SELECT FROM betaalde_declaratie b WHERE b.bericht_id = d.bericht_id)
    ORDER BY d.aanbieder, d.ontvangstnummer"""


async def load_open_totalen(tx: Tx, gemeente: str, voor: datetime) -> list[OpenTotaal]:
    """Judged declaraties that are in no payment."""
    return [OpenTotaal(**dict(r)) for r in await tx.fetch(OPEN_TOTALEN, gemeente, voor)]


async def add_betaalbestand(
    tx: Tx, gemeente: str, bestand_id: str, t_m: date, uitvoerdatum: date, nu: datetime, door: str, totaal_cent: int,
    xml: bytes, betalingen: Sequence[tuple[str, Betaling]],
) -> None:  # fmt: skip
    """The file with its payments; with this their totals are paid."""
    await tx.execute(
        """INSERT INTO betaalbestand (betaalbestand_id, gemeente, t_m, uitvoerdatum, gemaakt_at, gemaakt_door,
               totaal_cent, xml) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        bestand_id, gemeente, t_m, uitvoerdatum, nu, door, totaal_cent, xml,
    )  # fmt: skip
    rijen = [
        (betaling_id, b.rekening.houder, b.rekening.iban, b.rekening.naam, b.bedrag_cent)
        for betaling_id, b in betalingen
    ]
    await tx.execute(
        """INSERT INTO betaling (betaalbestand_id, gemeente, uitvoerdatum, betaling_id, aanbieder, iban, naam,
               bedrag_cent)
           SELECT $1, $2, $3, n.* FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[]) AS n""",
        bestand_id,
        gemeente,
        uitvoerdatum,
        *kolommen(rijen, 5),
    )
    regels = [
        (t.bericht_id, betaling_id, t.aanbieder, t.toegekend_cent) for betaling_id, b in betalingen for t in b.totalen
    ]
    await tx.execute(
        """INSERT INTO betaalde_declaratie (gemeente, bericht_id, betaling_id, aanbieder, toegekend_cent)
           SELECT $1, n.* FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) AS n""",
        gemeente,
        *kolommen(regels, 4),
    )


async def load_laatste(tx: Tx, gemeente: str, t_m: date) -> str | None:
    """The last file up to and including this day."""
    bestand_id: str | None = await tx.fetchval(
        "SELECT betaalbestand_id FROM betaalbestand WHERE gemeente = $1 AND t_m = $2 ORDER BY volgorde DESC LIMIT 1",
        gemeente,
        t_m,
    )
    return bestand_id


async def load_betaalbestand(tx: Tx, gemeente: str, bestand_id: str) -> Any | None:
    """None when it is not of this gemeente."""
    return await tx.fetchrow(
        """SELECT betaalbestand_id, t_m, uitvoerdatum, gemaakt_at, totaal_cent FROM betaalbestand
           WHERE gemeente = $1 AND betaalbestand_id = $2""",
        gemeente,
        bestand_id,
    )


async def load_xml(tx: Tx, gemeente: str, bestand_id: str) -> bytes:
    """The file as it was made."""
    xml: bytes = await tx.fetchval(
        "SELECT xml FROM betaalbestand WHERE gemeente = $1 AND betaalbestand_id = $2", gemeente, bestand_id
    )
    return xml


BETALINGEN = """SELECT b.betaling_id, b.betaalbestand_id, b.gemeente, b.aanbieder, b.iban, b.naam, b.uitvoerdatum,
        b.bedrag_cent
    FROM betaling b WHERE ($1::text IS NULL OR b.betaalbestand_id = $1) AND ($2::text IS NULL OR b.betaling_id < $2)
    ORDER BY b.betaling_id DESC LIMIT $3"""


async def load_betalingen(tx: Tx, bestand_id: str | None, na: str | None, limit: int | None) -> list[Any]:
    """The payments that the tenant of this transaction sees, the newest first; of one file, or all."""
    rijen: list[Any] = await tx.fetch(BETALINGEN, bestand_id, na, limit)
    return rijen


async def load_betaalde(tx: Tx, betaling_ids: Collection[str]) -> list[Any]:
    """The declaraties in these payments, with the 325 that holds their total."""
    rijen: list[Any] = await tx.fetch(
        """SELECT t.betaling_id, t.bericht_id AS declaratie_id, d.declaratie_nummer, d.identificatie,
                  d.periode_begin, d.antwoord_bericht_id AS antwoord, t.toegekend_cent
           FROM betaalde_declaratie t JOIN declaratie d USING (bericht_id)
           WHERE t.betaling_id = ANY($1::text[]) ORDER BY t.betaling_id, d.ontvangstnummer""",
        list(betaling_ids),
    )
    return rijen


async def load_jaaropgave(tx: Tx, gemeente: str, jaar: int, aanbieder: str | None) -> tuple[list[Any], list[Any]]:
    """For the accountant: per aanbieder and product what was awarded and credited over the year of care, and per
    aanbieder what of those declaraties was paid and is still open."""
    producten = await tx.fetch(
        """SELECT p.aanbieder, p.categorie, p.code, count(DISTINCT p.client_id)::int AS clienten,
                  coalesce(sum(g.bedrag_cent) FILTER (WHERE g.soort = 'toegekend'), 0)::bigint AS toegekend_cent,
                  coalesce(-sum(g.bedrag_cent) FILTER (WHERE g.soort = 'gecrediteerd'), 0)::bigint
                      AS gecrediteerd_cent,
                  sum(g.bedrag_cent)::bigint AS netto_cent
           FROM grootboek g JOIN prestatie p USING (bericht_id, deel, regel)
           WHERE g.gemeente = $1 AND g.maand BETWEEN $2 AND $3 AND ($4::text IS NULL OR p.aanbieder = $4)
           GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        gemeente,
        date(jaar, 1, 1),
        date(jaar, 12, 1),
        aanbieder,
    )
    betaald = await tx.fetch(
        """SELECT p.aanbieder,
                  coalesce(sum(g.bedrag_cent) FILTER (WHERE b.bericht_id IS NOT NULL), 0)::bigint AS betaald_cent,
                  coalesce(sum(g.bedrag_cent) FILTER (WHERE b.bericht_id IS NULL), 0)::bigint AS openstaand_cent
           FROM grootboek g JOIN prestatie p USING (bericht_id, deel, regel)
           LEFT JOIN betaalde_declaratie b USING (bericht_id)
           WHERE g.gemeente = $1 AND g.maand BETWEEN $2 AND $3 AND ($4::text IS NULL OR p.aanbieder = $4)
           GROUP BY 1 ORDER BY 1""",
        gemeente,
        date(jaar, 1, 1),
        date(jaar, 12, 1),
        aanbieder,
    )
    return producten, betaald
