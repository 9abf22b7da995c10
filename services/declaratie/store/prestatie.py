"""SQL van prestaties, referenties en het grootboek."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from chassis.db import Tx
from services.declaratie.domain.deel import Deel
from services.declaratie.domain.waarden import Prestatie, meet
from services.declaratie.store.deel import Beoordeeld


async def lock_totalen(tx: Tx, gemeente: str, nummers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Volume en centen per toewijzing, vastgehouden tot de commit: geen volume wordt twee keer toegekend."""
    rijen = await tx.fetch(
        """SELECT nummer, volume, bedrag_cent FROM toewijzing_totaal
           WHERE gemeente = $1 AND nummer = ANY($2::int[]) ORDER BY nummer FOR UPDATE""",
        gemeente,
        list(nummers),
    )
    return {r["nummer"]: (r["volume"], r["bedrag_cent"]) for r in rijen}


async def load_maanden(
    tx: Tx, gemeente: str, nummers: Collection[int], maanden: Collection[date]
) -> dict[tuple[int, date], int]:
    """TR321: toegekend en niet gecrediteerd volume per toewijzing, alleen van deze maanden."""
    rijen = await tx.fetch(
        """SELECT toewijzing_nummer, maand, sum(volume)::bigint AS volume FROM grootboek
           WHERE gemeente = $1 AND toewijzing_nummer = ANY($2::int[]) AND maand = ANY($3::date[]) GROUP BY 1, 2""",
        gemeente,
        list(nummers),
        list(maanden),
    )
    return {(r["toewijzing_nummer"], r["maand"]): r["volume"] for r in rijen}


async def claim_referenties(tx: Tx, gemeente: str, delen: Sequence[Deel]) -> set[tuple[str, str]]:
    """TR314: legt de referenties vast en geeft (aanbieder, referentie) van die al bekend waren."""
    eerste: dict[tuple[str, str], str] = {}
    for deel in delen:
        for p in deel.prestaties:
            eerste.setdefault((deel.aanbieder, p.referentie_nummer), deel.bericht_id)
    # In vaste volgorde, want een ander kan dezelfde referenties op dit moment vastleggen.
    rijen = sorted((aanbieder, referentie, bericht_id) for (aanbieder, referentie), bericht_id in eerste.items())
    nieuw = await tx.fetch(
        """INSERT INTO referentie (gemeente, aanbieder, referentie_nummer, bericht_id)
           SELECT $1, aanbieder, referentie, bericht_id
           FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY
               AS n (aanbieder, referentie, bericht_id, plek) ORDER BY plek
           ON CONFLICT DO NOTHING RETURNING aanbieder, referentie_nummer""",
        gemeente,
        *kolommen(rijen, 3),
    )
    return eerste.keys() - {(r["aanbieder"], r["referentie_nummer"]) for r in nieuw}


def _prestatie(rij: Any) -> Prestatie:
    return Prestatie(
        regel=rij["regel"],
        referentie_nummer=rij["referentie_nummer"],
        toewijzing_nummer=rij["toewijzing_nummer"],
        categorie=rij["categorie"],
        code=rij["code"],
        begindatum=rij["begindatum"],
        einddatum=rij["einddatum"],
        volume=rij["volume"],
        eenheid=rij["eenheid"],
        tarief_cent=rij["tarief_cent"],
        ingediend_cent=rij["ingediend_cent"],
        debet_credit=rij["debet_credit"],
        vorig_referentie_nummer=rij["vorig_referentie_nummer"],
    )


async def load_debets(
    tx: Tx, gemeente: str, aanbieder: str, prestaties: Sequence[Prestatie]
) -> tuple[dict[str, Prestatie], set[str]]:
    """Toegekende debetregels waar deze regels mee te maken hebben, en welke al zijn gecrediteerd."""
    rijen = await tx.fetch(
        """SELECT p.*, EXISTS (SELECT 1 FROM prestatie c WHERE c.gemeente = p.gemeente
               AND c.aanbieder = p.aanbieder AND c.vorig_referentie_nummer = p.referentie_nummer
               AND c.debet_credit = 'C' AND c.retourcodes = '{}') AS gecrediteerd
           FROM prestatie p
           WHERE p.gemeente = $1 AND p.aanbieder = $2 AND p.debet_credit = 'D' AND p.retourcodes = '{}'
             AND ((p.toewijzing_nummer = ANY($3::int[]) AND p.begindatum = ANY($4::date[]))
                  OR p.referentie_nummer = ANY($5::text[]))""",
        gemeente,
        aanbieder,
        [p.toewijzing_nummer for p in prestaties],
        [p.begindatum for p in prestaties],
        [p.vorig_referentie_nummer for p in prestaties if p.vorig_referentie_nummer],
    )
    debets = {r["referentie_nummer"]: _prestatie(r) for r in rijen}
    return debets, {r["referentie_nummer"] for r in rijen if r["gecrediteerd"]}


async def add_prestaties(tx: Tx, gemeente: str, oordelen: Sequence[Beoordeeld]) -> None:
    """Bewaart elke regel met haar oordeel."""
    rijen = [
        (
            d.bericht_id, d.deel, d.aanbieder, d.client_id, p.regel, p.toewijzing_nummer, p.referentie_nummer,
            p.vorig_referentie_nummer, p.categorie, p.code, p.begindatum, p.einddatum, p.volume, p.eenheid,
            p.tarief_cent, p.ingediend_cent, p.debet_credit, ",".join(codes),
        )
        for d, oordeel in oordelen
        for p, codes in oordeel.regels
    ]  # fmt: skip
    await tx.execute(
        """INSERT INTO prestatie (gemeente, bericht_id, deel, aanbieder, client_id, regel, toewijzing_nummer,
               referentie_nummer, vorig_referentie_nummer, categorie, code, begindatum, einddatum, volume,
               eenheid, tarief_cent, ingediend_cent, debet_credit, retourcodes)
           SELECT $1, bericht_id, deel, aanbieder, client_id, regel, nummer, referentie, vorige, categorie, code,
                  begin, eind, volume, eenheid, tarief, cent, debet_credit, string_to_array(codes, ',')
           FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[],
                       $10::text[], $11::text[], $12::date[], $13::date[], $14::bigint[], $15::text[],
                       $16::bigint[], $17::bigint[], $18::text[], $19::text[])
               AS n (bericht_id, deel, aanbieder, client_id, regel, nummer, referentie, vorige, categorie, code,
                     begin, eind, volume, eenheid, tarief, cent, debet_credit, codes)""",
        gemeente,
        *kolommen(rijen, 18),
    )


async def add_boekingen(tx: Tx, gemeente: str, oordelen: Sequence[Beoordeeld], nu: datetime) -> None:
    """Boekt toegekende regels en hun som; een credit boekt negatief.

    In een opdracht, want na elke opdracht is de som van een toewijzing gelijk aan haar regels (grootboek_is_som).
    """
    rijen = [
        (
            p.toewijzing_nummer, p.maand, d.bericht_id, d.deel, p.regel,
            "gecrediteerd" if p.is_credit else "toegekend",
            (-1 if p.is_credit else 1) * meet(p.volume, p.eenheid), p.bedrag_cent,
        )
        for d, oordeel in oordelen
        for p in oordeel.toegekend
    ]  # fmt: skip
    if not rijen:
        return
    await tx.execute(
        """WITH boeking AS (
               INSERT INTO grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume,
                   bedrag_cent, geboekt_at)
               SELECT $1, n.*, $10 FROM unnest($2::int[], $3::date[], $4::text[], $5::int[], $6::int[], $7::text[],
                                               $8::bigint[], $9::bigint[]) AS n
               RETURNING toewijzing_nummer, volume, bedrag_cent),
           som AS (
               SELECT toewijzing_nummer, sum(volume)::bigint AS volume, sum(bedrag_cent)::bigint AS cent
               FROM boeking GROUP BY toewijzing_nummer)
           UPDATE toewijzing_totaal t SET volume = t.volume + som.volume, bedrag_cent = t.bedrag_cent + som.cent
           FROM som WHERE t.gemeente = $1 AND t.nummer = som.toewijzing_nummer""",
        gemeente,
        *kolommen(rijen, 8),
        nu,
    )


def kolommen(rijen: Sequence[Sequence[Any]], aantal: int) -> list[list[Any]]:
    """Rijen als kolommen, zoals unnest ze wil hebben."""
    return [[rij[n] for rij in rijen] for n in range(aantal)]
