"""SQL van prestaties, referenties en het grootboek."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from chassis.db import Tx
from services.declaratie.domain.waarden import Prestatie, meet


async def lock_totalen(tx: Tx, gemeente: str, nummers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Volume en centen per toewijzing, vastgehouden tot de commit: geen volume wordt twee keer toegekend."""
    rijen = await tx.fetch(
        """SELECT nummer, volume, bedrag_cent FROM toewijzing_totaal
           WHERE gemeente = $1 AND nummer = ANY($2::int[]) ORDER BY nummer FOR UPDATE""",
        gemeente,
        list(nummers),
    )
    return {r["nummer"]: (r["volume"], r["bedrag_cent"]) for r in rijen}


async def load_maanden(tx: Tx, gemeente: str, nummers: Collection[int]) -> dict[tuple[int, date], int]:
    """TR321: toegekend en niet gecrediteerd volume per toewijzing en maand."""
    rijen = await tx.fetch(
        """SELECT toewijzing_nummer, maand, sum(volume)::bigint AS volume FROM grootboek
           WHERE gemeente = $1 AND toewijzing_nummer = ANY($2::int[]) GROUP BY 1, 2""",
        gemeente,
        list(nummers),
    )
    return {(r["toewijzing_nummer"], r["maand"]): r["volume"] for r in rijen}


async def claim_referenties(
    tx: Tx, gemeente: str, aanbieder: str, bericht_id: str, referenties: Collection[str]
) -> set[str]:
    """TR314: legt de referenties vast en geeft die terug die al bekend waren."""
    nieuw = await tx.fetch(
        """INSERT INTO referentie (gemeente, aanbieder, referentie_nummer, bericht_id)
           SELECT $1, $2, r, $3 FROM unnest($4::text[]) AS r ORDER BY r
           ON CONFLICT DO NOTHING RETURNING referentie_nummer""",
        gemeente,
        aanbieder,
        bericht_id,
        sorted(set(referenties)),
    )
    return set(referenties) - {r["referentie_nummer"] for r in nieuw}


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


async def add_prestaties(
    tx: Tx,
    gemeente: str,
    aanbieder: str,
    client_id: str,
    bericht_id: str,
    deel: int,
    regels: Sequence[tuple[Prestatie, Sequence[str]]],
) -> None:
    """Bewaart elke regel met haar oordeel."""
    await tx.executemany(
        """INSERT INTO prestatie (bericht_id, deel, regel, gemeente, aanbieder, client_id, toewijzing_nummer,
               referentie_nummer, vorig_referentie_nummer, categorie, code, begindatum, einddatum, volume,
               eenheid, tarief_cent, ingediend_cent, debet_credit, retourcodes)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)""",
        [
            (
                bericht_id,
                deel,
                p.regel,
                gemeente,
                aanbieder,
                client_id,
                p.toewijzing_nummer,
                p.referentie_nummer,
                p.vorig_referentie_nummer,
                p.categorie,
                p.code,
                p.begindatum,
                p.einddatum,
                p.volume,
                p.eenheid,
                p.tarief_cent,
                p.ingediend_cent,
                p.debet_credit,
                list(codes),
            )
            for p, codes in regels
        ],
    )


async def add_boekingen(tx: Tx, gemeente: str, bericht_id: str, deel: int, toegekend: Sequence[Prestatie]) -> None:
    """Boekt toegekende regels en werkt de lopende som bij; een credit boekt negatief."""
    rijen = [
        (
            gemeente,
            p.toewijzing_nummer,
            p.maand,
            bericht_id,
            deel,
            p.regel,
            "gecrediteerd" if p.is_credit else "toegekend",
            (-1 if p.is_credit else 1) * meet(p.volume, p.eenheid),
            p.bedrag_cent,
        )
        for p in toegekend
    ]
    await tx.executemany(
        """INSERT INTO grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume,
               bedrag_cent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        rijen,
    )
    await tx.executemany(
        """UPDATE toewijzing_totaal SET volume = volume + $3, bedrag_cent = bedrag_cent + $4
           WHERE gemeente = $1 AND nummer = $2""",
        [(gemeente, nummer, volume, cent) for _, nummer, _, _, _, _, _, volume, cent in rijen],
    )
