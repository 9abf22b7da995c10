"""SQL of prestaties, references and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from chassis.bulk import Staging
from chassis.db import Tx
from services.declaratie.domain.deel import Deel
from services.declaratie.domain.waarden import Prestatie, meet
from services.declaratie.store.deel import Beoordeeld


async def lock_totalen(tx: Tx, gemeente: str, nummers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Volume and cents per toewijzing, held until the commit: no volume is granted twice."""
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
    """TR321: awarded and not credited volume per toewijzing, of these months only."""
    rijen = await tx.fetch(
        """SELECT toewijzing_nummer, maand, sum(volume)::bigint AS volume FROM grootboek
           WHERE gemeente = $1 AND toewijzing_nummer = ANY($2::int[]) AND maand = ANY($3::date[]) GROUP BY 1, 2""",
        gemeente,
        list(nummers),
        list(maanden),
    )
    return {(r["toewijzing_nummer"], r["maand"]): r["volume"] for r in rijen}


_REFERENTIE = Staging("referentie_klaar", plek="int", aanbieder="text", referentie="text", bericht_id="text")


async def claim_referenties(tx: Tx, gemeente: str, delen: Sequence[Deel]) -> set[tuple[str, str]]:
    """TR314: record the references and give (aanbieder, reference) of those that were known already.

    Known in another message: within a message the part itself says which lines are double.
    """
    eerste: dict[tuple[str, str], str] = {}
    for deel in delen:
        for p in deel.prestaties:
            eerste.setdefault((deel.aanbieder, p.referentie_nummer), deel.bericht_id)
    # In a fixed order, for another one may record the same references at this moment.
    rijen = sorted((aanbieder, referentie, bericht_id) for (aanbieder, referentie), bericht_id in eerste.items())
    await _REFERENTIE.fill(tx, ((plek, *rij) for plek, rij in enumerate(rijen)))
    bekend = await tx.fetch(
        """WITH nieuw AS (
               INSERT INTO referentie (gemeente, aanbieder, referentie_nummer, bericht_id)
               SELECT $1, aanbieder, referentie, bericht_id FROM referentie_klaar ORDER BY plek
               ON CONFLICT DO NOTHING RETURNING aanbieder, referentie_nummer)
           SELECT aanbieder, referentie FROM referentie_klaar
           EXCEPT SELECT aanbieder, referentie_nummer FROM nieuw""",
        gemeente,
    )
    if not bekend:
        return set()
    # Few lines come here: a reference that this message holds already is no news.
    sleutels = [(r["aanbieder"], r["referentie"]) for r in bekend]
    andere = await tx.fetch(
        """SELECT r.aanbieder, r.referentie_nummer FROM referentie r
           JOIN unnest($2::text[], $3::text[], $4::text[]) AS n (aanbieder, referentie_nummer, bericht_id)
               USING (aanbieder, referentie_nummer)
           WHERE r.gemeente = $1 AND r.bericht_id <> n.bericht_id""",
        gemeente,
        [aanbieder for aanbieder, _ in sleutels],
        [referentie for _, referentie in sleutels],
        [eerste[sleutel] for sleutel in sleutels],
    )
    return {(r["aanbieder"], r["referentie_nummer"]) for r in andere}


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
    """Awarded debet lines that these lines have to do with, and which of them were credited."""
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
        list({p.toewijzing_nummer for p in prestaties}),
        list({p.begindatum for p in prestaties}),
        [p.vorig_referentie_nummer for p in prestaties if p.vorig_referentie_nummer],
    )
    debets = {r["referentie_nummer"]: _prestatie(r) for r in rijen}
    return debets, {r["referentie_nummer"] for r in rijen if r["gecrediteerd"]}


_REGEL = Staging(
    "regel_klaar", bericht_id="text", deel="int", aanbieder="text", client_id="text", regel="int", nummer="int",
    referentie="text", vorige="text", categorie="text", code="text", begin="date", eind="date", volume="bigint",
    eenheid="text", tarief="bigint", cent="bigint", debet_credit="text", codes="text", maand="date",
    boek_volume="bigint", boek_cent="bigint",
)  # fmt: skip


async def add_prestaties(tx: Tx, gemeente: str, oordelen: Sequence[Beoordeeld], nu: datetime) -> None:
    """Keep each line with its judgement and book what is awarded; a credit books negative.

    The database adds what is booked to its sum (grootboek_boekt).
    """
    await _REGEL.fill(tx, (_rij(deel, p, codes) for deel, oordeel in oordelen for p, codes in oordeel.regels))
    await tx.execute(
        """WITH regel AS (
               INSERT INTO prestatie (gemeente, bericht_id, deel, aanbieder, client_id, regel, toewijzing_nummer,
                   referentie_nummer, vorig_referentie_nummer, categorie, code, begindatum, einddatum, volume,
                   eenheid, tarief_cent, ingediend_cent, debet_credit, retourcodes)
               SELECT $1, bericht_id, deel, aanbieder, client_id, regel, nummer, referentie, vorige, categorie, code,
                      begin, eind, volume, eenheid, tarief, cent, debet_credit, string_to_array(codes, ',')
               FROM regel_klaar)
           INSERT INTO grootboek (gemeente, toewijzing_nummer, maand, bericht_id, deel, regel, soort, volume,
               bedrag_cent, geboekt_at)
           SELECT $1, nummer, maand, bericht_id, deel, regel,
                  CASE debet_credit WHEN 'C' THEN 'gecrediteerd' ELSE 'toegekend' END, boek_volume, boek_cent, $2
           FROM regel_klaar WHERE codes = ''""",
        gemeente,
        nu,
    )


def _rij(deel: Deel, p: Prestatie, codes: Sequence[str]) -> tuple[Any, ...]:
    volume = meet(p.volume, p.eenheid)
    return (
        deel.bericht_id, deel.deel, deel.aanbieder, deel.client_id, p.regel, p.toewijzing_nummer, p.referentie_nummer,
        p.vorig_referentie_nummer, p.categorie, p.code, p.begindatum, p.einddatum, p.volume, p.eenheid,
        p.tarief_cent, p.ingediend_cent, p.debet_credit, ",".join(codes), p.maand,
        -volume if p.is_credit else volume, p.bedrag_cent,
    )  # fmt: skip


def kolommen(rijen: Sequence[Sequence[Any]], aantal: int) -> list[list[Any]]:
    """Rows as columns, as unnest wants them."""
    return [[rij[n] for rij in rijen] for n in range(aantal)]
