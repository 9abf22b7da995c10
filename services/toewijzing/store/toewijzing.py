"""SQL van toewijzingen, hun versies en de nummerreeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chassis.db import Tx
from services.toewijzing.domain.toewijzing import Omvang, Product, Versie

_EERSTE_NUMMER = 100_001


def versie_uit_rij(rij: Any) -> Versie:
    """Een rij van toewijzing_versie met haar aanbieder."""
    product = rij["product_categorie"]
    return Versie(
        nummer=rij["nummer"],
        versie=rij["versie"],
        aanbieder=rij["aanbieder"],
        product=None if product is None else Product(product, rij["product_code"]),
        omvang=None if rij["volume"] is None else Omvang(rij["volume"], rij["eenheid"], rij["frequentie"]),
        budget_cent=rij["budget_cent"],
        ingangsdatum=rij["ingangsdatum"],
        einddatum=rij["einddatum"],
        besluit_at=rij["besluit_at"],
        toewijzingsdatum=rij["toewijzingsdatum"],
        toewijzingstijd=rij["toewijzingstijd"],
        variant=rij["variant"],
        reden_wijziging=rij["reden_wijziging"],
        commentaar=rij["commentaar"],
        status=rij["status"],
        eigen_fout=rij["eigen_fout"],
        ingetrokken=rij["ingetrokken"],
        ontvangen_at=rij["ontvangen_at"],
    )


async def next_nummers(tx: Tx, gemeente: str, aantal: int) -> list[int]:
    """TR332: nieuwe nummers, uniek binnen de gemeente."""
    laatste: int = await tx.fetchval(
        """INSERT INTO nummer_reeks (gemeente, laatste) VALUES ($1, $2)
           ON CONFLICT (gemeente) DO UPDATE SET laatste = nummer_reeks.laatste + $3
           RETURNING laatste""",
        gemeente,
        _EERSTE_NUMMER + aantal - 1,
        aantal,
    )
    return list(range(laatste - aantal + 1, laatste + 1))


async def add_indicatie(
    tx: Tx,
    gemeente: str,
    client_id: str,
    indicatie_id: str,
    *,
    beschikking_nummer: str,
    ingangsdatum: date,
    einddatum: date | None,
    geweigerd: bool,
) -> bool:
    """False als de indicatie al verwerkt was."""
    return (
        await tx.fetchval(
            """INSERT INTO indicatie (gemeente, indicatie_id, client_id, beschikking_nummer, ingangsdatum,
                                      einddatum, geweigerd)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1""",
            gemeente,
            indicatie_id,
            client_id,
            beschikking_nummer,
            ingangsdatum,
            einddatum,
            geweigerd,
        )
        is not None
    )


async def add_toewijzing(
    tx: Tx, gemeente: str, client_id: str, nummer: int, aanbieder: str, indicatie_id: str | None
) -> None:
    """Een nieuw nummer, nog zonder versie."""
    await tx.execute(
        "INSERT INTO toewijzing (gemeente, nummer, client_id, aanbieder, indicatie_id) VALUES ($1, $2, $3, $4, $5)",
        gemeente,
        nummer,
        client_id,
        aanbieder,
        indicatie_id,
    )


async def add_versie(tx: Tx, gemeente: str, v: Versie) -> None:
    """Een nieuwe versie; een bestaande wordt nooit overschreven."""
    await tx.execute(
        """INSERT INTO toewijzing_versie (gemeente, nummer, versie, product_categorie, product_code, volume,
               eenheid, frequentie, budget_cent, ingangsdatum, einddatum, besluit_at, toewijzingsdatum,
               toewijzingstijd, variant, reden_wijziging, commentaar, status, eigen_fout, ingetrokken)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
               $20)""",
        gemeente,
        v.nummer,
        v.versie,
        v.product.categorie if v.product else None,
        v.product.code if v.product else None,
        v.omvang.volume if v.omvang else None,
        v.omvang.eenheid if v.omvang else None,
        v.omvang.frequentie if v.omvang else None,
        v.budget_cent,
        v.ingangsdatum,
        v.einddatum,
        v.besluit_at,
        v.toewijzingsdatum,
        v.toewijzingstijd,
        v.variant,
        v.reden_wijziging,
        v.commentaar,
        v.status,
        v.eigen_fout,
        v.ingetrokken,
    )


async def load_versies(tx: Tx, gemeente: str, client_id: str, aanbieder: str | None = None) -> dict[int, list[Versie]]:
    """Alle versies per nummer van een client, oplopend; zonder aanbieder die van allemaal."""
    rijen = await tx.fetch(
        """SELECT t.aanbieder, v.* FROM toewijzing t JOIN toewijzing_versie v USING (gemeente, nummer)
           WHERE t.gemeente = $1 AND t.client_id = $2 AND ($3::text IS NULL OR t.aanbieder = $3)
           ORDER BY v.nummer, v.versie""",
        gemeente,
        client_id,
        aanbieder,
    )
    versies: dict[int, list[Versie]] = {}
    for rij in rijen:
        versies.setdefault(rij["nummer"], []).append(versie_uit_rij(rij))
    return versies


async def load_actuele(tx: Tx, gemeente: str, aanbieders: Sequence[str], vandaag: date) -> list[tuple[str, Versie]]:
    """(client_id, versie) van wat bij deze aanbieders vandaag of later geldt en niet verwijderd is, op nummer."""
    rijen = await tx.fetch(
        """SELECT * FROM (
               SELECT DISTINCT ON (v.nummer) t.client_id, t.aanbieder, v.*
               FROM toewijzing t JOIN toewijzing_versie v USING (gemeente, nummer)
               WHERE t.gemeente = $1 AND t.aanbieder = ANY($2::text[]) AND v.status <> 'afgekeurd'
               ORDER BY v.nummer, v.versie DESC) laatste
           WHERE einddatum IS NULL OR einddatum >= $3 ORDER BY nummer""",
        gemeente,
        list(aanbieders),
        vandaag,
    )
    versies = [(rij["client_id"], versie_uit_rij(rij)) for rij in rijen]
    return [(client_id, versie) for client_id, versie in versies if not versie.verwijderd]


async def load_client_id(tx: Tx, gemeente: str, nummer: int) -> str | None:
    """De client van een nummer van deze gemeente."""
    client_id: str | None = await tx.fetchval(
        "SELECT client_id FROM toewijzing WHERE gemeente = $1 AND nummer = $2", gemeente, nummer
    )
    return client_id


async def set_versie_status(tx: Tx, gemeente: str, nummer: int, versie: int, status: str, eigen_fout: bool) -> None:
    """De status na een 302, of na het opnieuw verzenden van een afgekeurd besluit."""
    await tx.execute(
        """UPDATE toewijzing_versie SET status = $4, eigen_fout = $5
           WHERE gemeente = $1 AND nummer = $2 AND versie = $3""",
        gemeente,
        nummer,
        versie,
        status,
        eigen_fout,
    )


async def load_goedgekeurde_prestaties(tx: Tx, gemeente: str, nummer: int) -> int:
    """TR385: aantal goedgekeurde prestaties dat niet gecrediteerd is."""
    aantal: int = await tx.fetchval(
        "SELECT goedgekeurde_prestaties FROM toewijzing WHERE gemeente = $1 AND nummer = $2", gemeente, nummer
    )
    return aantal


async def load_met_prestaties(tx: Tx, gemeente: str, client_id: str) -> frozenset[int]:
    """TR385: de nummers van een client met goedgekeurde prestaties die niet gecrediteerd zijn."""
    rijen = await tx.fetch(
        "SELECT nummer FROM toewijzing WHERE gemeente = $1 AND client_id = $2 AND goedgekeurde_prestaties > 0",
        gemeente,
        client_id,
    )
    return frozenset(rij["nummer"] for rij in rijen)


async def add_goedgekeurde_prestaties(tx: Tx, gemeente: str, aantallen: Mapping[int, int]) -> None:
    """Telt per nummer goedgekeurde debetregels op en credits af."""
    await tx.execute(
        """UPDATE toewijzing SET goedgekeurde_prestaties = goedgekeurde_prestaties + n.aantal
           FROM unnest($2::int[], $3::int[]) AS n (nummer, aantal)
           WHERE gemeente = $1 AND toewijzing.nummer = n.nummer""",
        gemeente,
        list(aantallen),
        list(aantallen.values()),
    )


async def load_pagina(
    tx: Tx, gemeente: str, client_id: str | None, aanbieder: str | None, na: int, limit: int
) -> list[tuple[str, list[Versie], dict[str, Any] | None]]:
    """Nummers na `na`, elk als (client_id, versies, laatste opdracht)."""
    rijen = await tx.fetch(
        """SELECT t.client_id, t.nummer, o.bericht_id, o.status AS opdracht_status, o.te_laat, o.referentie_aanbieder
           FROM toewijzing t
           LEFT JOIN LATERAL (
               SELECT o.*, r.referentie_aanbieder FROM opdracht_regel r JOIN opdracht o USING (opdracht_id)
               WHERE r.gemeente = t.gemeente AND r.nummer = t.nummer
               ORDER BY o.volgorde DESC LIMIT 1) o ON true
           WHERE t.gemeente = $1 AND t.nummer > $2 AND ($3::text IS NULL OR t.client_id = $3)
             AND ($4::text IS NULL OR t.aanbieder = $4)
           ORDER BY t.nummer LIMIT $5""",
        gemeente,
        na,
        client_id,
        aanbieder,
        limit,
    )
    versies = await tx.fetch(
        """SELECT t.aanbieder, v.* FROM toewijzing t JOIN toewijzing_versie v USING (gemeente, nummer)
           WHERE v.gemeente = $1 AND v.nummer = ANY($2::int[]) ORDER BY v.nummer, v.versie""",
        gemeente,
        [r["nummer"] for r in rijen],
    )
    per_nummer: dict[int, list[Versie]] = {}
    for rij in versies:
        per_nummer.setdefault(rij["nummer"], []).append(versie_uit_rij(rij))
    return [(r["client_id"], per_nummer[r["nummer"]], dict(r) if r["opdracht_status"] else None) for r in rijen]
