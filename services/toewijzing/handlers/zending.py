"""Een 301 samenstellen en de versies erin vastleggen en publiceren."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Bevinding
from services.toewijzing.contracts import BerichtOpgesteld, ToewijzingVastgelegd
from services.toewijzing.domain.toewijzing import Fout, Regel301, Versie, inhoud_301
from services.toewijzing.store import opdracht as opdracht_store
from services.toewijzing.store import toewijzing as toewijzing_store

TOPIC = "toewijzing.v1"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Aanleiding:
    """Over wie het gaat, en welke gebeurtenis (oorzaak) en keten er toe leidden."""

    gemeente: str
    client_id: str
    oorzaak: str | None = None
    keten: str | None = None


def lokaal(moment: datetime) -> datetime:
    """De wandklok in Amsterdam (IV013)."""
    return moment.astimezone(AMSTERDAM)


def bevindingen(fouten: Iterable[Fout]) -> list[Bevinding]:
    """Regels als bevindingen, zonder waarden uit de invoer."""
    return [Bevinding(regel=f.regel, pad=f.pad, melding=f.melding, volgende_stap=f.volgende_stap) for f in fouten]


async def leg_versie_vast(tx: Tx, aanleiding: Aanleiding, versie: Versie) -> None:
    """Een nieuwe versie: opslaan en publiceren."""
    await toewijzing_store.add_versie(tx, aanleiding.gemeente, versie)
    await publiceer_versie(tx, aanleiding, versie)


async def publiceer_versie(tx: Tx, aanleiding: Aanleiding, versie: Versie) -> None:
    """toewijzing.toewijzing_vastgelegd."""
    data = ToewijzingVastgelegd(
        toewijzing_nummer=versie.nummer,
        versie=versie.versie,
        aanbieder=versie.aanbieder,
        product=product_veld(versie),
        omvang=omvang_veld(versie),
        budget_cent=versie.budget_cent,
        ingangsdatum=versie.ingangsdatum.isoformat(),
        einddatum=versie.einddatum.isoformat() if versie.einddatum else None,
        toewijzingsdatum=versie.toewijzingsdatum.isoformat(),
        toewijzingstijd=versie.toewijzingstijd.isoformat(),
        reden_wijziging=versie.reden_wijziging,
        variant=versie.variant,  # type: ignore[arg-type]
        status=versie.status,  # type: ignore[arg-type]
    )
    await publiceer(tx, aanleiding, "toewijzing.toewijzing_vastgelegd", data, versie.aanbieder)


async def publiceer(tx: Tx, aanleiding: Aanleiding, type_: str, data: Any, aanbieder: str | None = None) -> None:
    """Een gebeurtenis over een client, op volgorde van die client."""
    await outbox.add(
        tx,
        topic=TOPIC,
        type=type_,
        key=aanleiding.client_id,
        gemeente=aanleiding.gemeente,
        aanbieder=aanbieder,
        client_id=aanleiding.client_id,
        oorzaak=aanleiding.oorzaak,
        keten=aanleiding.keten,
        data=data,
    )


async def load_inhoud(tx: Tx, gemeente: str, client_id: str, aanbieder: str | None) -> list[Regel301]:
    """OP087: wat de volgende 301('s) van deze client zou(den) dragen."""
    versies = await toewijzing_store.load_versies(tx, gemeente, client_id, aanbieder)
    verzonden = await opdracht_store.load_verzonden(tx, gemeente, client_id)
    return inhoud_301(versies, verzonden, clock.today())


async def zend_301(tx: Tx, aanleiding: Aanleiding, aanbieder: str) -> str:
    """Maakt een 301 met de inhoud van OP087 en geeft haar opdracht_id."""
    regels = await load_inhoud(tx, aanleiding.gemeente, aanleiding.client_id, aanbieder)
    opdracht = opdracht_store.Opdracht(str(uuid4()), aanbieder, aanleiding.client_id, "verzonden", None)
    await opdracht_store.add_opdracht(
        tx,
        aanleiding.gemeente,
        opdracht,
        [(r.versie.nummer, r.versie.versie) for r in regels],
        clock.now(),
    )
    await _herleef_afgekeurde(tx, aanleiding, regels)
    data = BerichtOpgesteld(
        opdracht_id=opdracht.opdracht_id, toegewezen_producten=[toegewezen_product(r) for r in regels]
    )
    await publiceer(tx, aanleiding, "toewijzing.bericht_opgesteld", data, aanbieder)
    return opdracht.opdracht_id


async def _herleef_afgekeurde(tx: Tx, aanleiding: Aanleiding, regels: Sequence[Regel301]) -> None:
    """Een besluit dat met een heel bericht werd afgekeurd gaat opnieuw mee en is weer verzonden."""
    for versie in (r.versie for r in regels if r.versie.status == "afgekeurd"):
        await toewijzing_store.set_versie_status(
            tx, aanleiding.gemeente, versie.nummer, versie.versie, "verzonden", False
        )
        await publiceer_versie(tx, aanleiding, replace(versie, status="verzonden"))


def toegewezen_product(regel: Regel301) -> dict[str, Any]:
    """IV099: de reden alleen als er iets wijzigde; IV013: moment van besluit, ook bij herhaling gelijk."""
    v = regel.versie
    return {
        "toewijzing_nummer": v.nummer,
        "referentie_aanbieder": regel.referentie_aanbieder,
        "product": product_veld(v),
        "toewijzingsdatum": v.toewijzingsdatum.isoformat(),
        "toewijzingstijd": v.toewijzingstijd.isoformat(),
        "ingangsdatum": v.ingangsdatum.isoformat(),
        "einddatum": v.einddatum.isoformat() if v.einddatum else None,
        "reden_wijziging": v.reden_wijziging if regel.gewijzigd else None,
        "omvang": omvang_veld(v),
        "budget_cent": v.budget_cent,
        "commentaar": v.commentaar,
    }


def product_veld(v: Versie) -> dict[str, Any] | None:
    """Product als JSON, of None bij generiek."""
    return None if v.product is None else {"categorie": v.product.categorie, "code": v.product.code}


def omvang_veld(v: Versie) -> dict[str, Any] | None:
    """Omvang als JSON, of None."""
    o = v.omvang
    return None if o is None else {"volume": o.volume, "eenheid": o.eenheid, "frequentie": o.frequentie}
