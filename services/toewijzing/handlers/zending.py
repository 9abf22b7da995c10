"""Een 301 samenstellen en de versies erin vastleggen en publiceren."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Bevinding, Problem
from chassis.outbox import NewEvent
from services.toewijzing.contracts import BerichtAfgekeurd, BerichtOpgesteld, ToewijzingVastgelegd
from services.toewijzing.domain.toewijzing import Fout, Regel301, Versie, besluitmoment, inhoud_301
from services.toewijzing.store import opdracht as opdracht_store
from services.toewijzing.store import toewijzing as toewijzing_store

TOPIC = "toewijzing.v1"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
GEEN_FOUT, NIET_GECONTROLEERD = "0200", "0233"


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


def geweigerd(fouten: Sequence[Fout]) -> Problem:
    """422 met elke regel die een besluit verbiedt."""
    return Problem(
        422,
        "regel_verbiedt",
        "De standaard staat dit niet toe",
        "Pas de opdracht aan; bij elke bevinding staat hoe.",
        bevindingen(fouten),
    )


async def leg_versie_vast(tx: Tx, aanleiding: Aanleiding, versie: Versie) -> None:
    """Een nieuwe versie: opslaan en publiceren."""
    await toewijzing_store.add_versie(tx, aanleiding.gemeente, versie)
    await publiceer_versie(tx, aanleiding, versie)


async def leg_volgende_versie_vast(
    tx: Tx, aanleiding: Aanleiding, nieuw: Versie, hoogste: Versie, besluit_at: datetime | None = None
) -> None:
    """De versie na `hoogste` met deze inhoud, op het moment van het besluit (IV013)."""
    moment = besluit_at or max(clock.now(), hoogste.besluit_at)
    datum, tijd = besluitmoment(lokaal(moment), hoogste)
    versie = replace(
        nieuw,
        versie=hoogste.versie + 1,
        besluit_at=moment,
        toewijzingsdatum=datum,
        toewijzingstijd=tijd,
        status="verzonden",
        eigen_fout=False,
    )
    await leg_versie_vast(tx, aanleiding, versie)


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


def gebeurtenis(aanleiding: Aanleiding, type_: str, data: Any, aanbieder: str | None = None) -> NewEvent:
    """Een gebeurtenis over een client, op volgorde van die client."""
    return NewEvent(
        type=type_,
        key=aanleiding.client_id,
        gemeente=aanleiding.gemeente,
        aanbieder=aanbieder,
        client_id=aanleiding.client_id,
        oorzaak=aanleiding.oorzaak,
        keten=aanleiding.keten,
        data=data,
    )


async def publiceer(tx: Tx, aanleiding: Aanleiding, type_: str, data: Any, aanbieder: str | None = None) -> None:
    """Publiceert een `gebeurtenis`."""
    await outbox.add_many(tx, TOPIC, [gebeurtenis(aanleiding, type_, data, aanbieder)])


async def load_inhoud(tx: Tx, gemeente: str, client_id: str, aanbieder: str | None) -> list[Regel301]:
    """OP087: wat de volgende 301('s) van deze client zou(den) dragen."""
    versies = await toewijzing_store.load_versies(tx, gemeente, client_id, aanbieder)
    verzonden = await opdracht_store.load_verzonden(tx, gemeente, client_id)
    return inhoud_301(versies, verzonden, clock.today())


async def zend_301(
    tx: Tx,
    aanleiding: Aanleiding,
    aanbieder: str,
    referenties: Mapping[int, str] | None = None,
    *,
    client_na: int | None = None,
) -> str:
    """Maakt een 301 met de inhoud van OP087 en geeft haar opdracht_id.

    `referenties`: de ReferentieAanbieder per nummer dat rechtstreeks uit een verzoek komt (TR379, IV097).
    `client_na`: knooppunt gebruikt alleen clientgegevens die intake na dit volgnummer vastlegde.
    """
    regels = await load_inhoud(tx, aanleiding.gemeente, aanleiding.client_id, aanbieder)
    # OP286: een geweigerde 301 gold niet, dus haar besluiten gaan opnieuw, met hun referentie.
    geweigerd_ = await opdracht_store.load_geweigerde_referenties(tx, aanleiding.gemeente, aanleiding.client_id)
    bekend = referenties or {}
    regels = [
        replace(
            r,
            referentie_aanbieder=bekend.get(r.versie.nummer)
            or (geweigerd_.get((r.versie.nummer, r.versie.versie)) if r.gewijzigd else None),
        )
        for r in regels
    ]
    opdracht = opdracht_store.Opdracht(str(uuid4()), aanbieder, aanleiding.client_id, "verzonden", None)
    await opdracht_store.add_opdracht(
        tx,
        aanleiding.gemeente,
        opdracht,
        [(r.versie.nummer, r.versie.versie, r.referentie_aanbieder) for r in regels],
        clock.now(),
    )
    await _herleef_afgekeurde(tx, aanleiding, regels)
    data = BerichtOpgesteld(
        opdracht_id=opdracht.opdracht_id,
        toegewezen_producten=[toegewezen_product(r) for r in regels],
        client_na=client_na,
    )
    await publiceer(tx, aanleiding, "toewijzing.bericht_opgesteld", data, aanbieder)
    return opdracht.opdracht_id


async def zend_319(
    tx: Tx, aanleiding: Aanleiding, aanbieder: str, referentie: str, verzoek_antwoord: str, reden: str | None
) -> str:
    """Maakt een 319 over een referentie en geeft haar opdracht_id."""
    opdracht_id = str(uuid4())
    data = BerichtOpgesteld(
        opdracht_id=opdracht_id,
        soort="WMO319",
        antwoord={
            "referentie_aanbieder": referentie,
            "verzoek_antwoord": verzoek_antwoord,
            "reden_afwijzing_verzoek": reden,
        },
    )
    await publiceer(tx, aanleiding, "toewijzing.bericht_opgesteld", data, aanbieder)
    return opdracht_id


async def meld_afkeur(
    tx: Tx,
    aanleiding: Aanleiding,
    aanbieder: str,
    soort: Literal["WMO301", "WMO319"],
    opdracht_id: str,
    bericht_id: str,
    codes: Iterable[str],
    nummers: Iterable[int] = (),
) -> None:
    """toewijzing.bericht_afgekeurd: de aanbieder weigerde een 301 of 319."""
    alle = set(codes)
    fouten = sorted(alle - {GEEN_FOUT, NIET_GECONTROLEERD})
    data = BerichtAfgekeurd(
        opdracht_id=opdracht_id,
        bericht_id=bericht_id,
        soort=soort,
        retourcodes=fouten or sorted(alle),
        toewijzing_nummers=sorted(nummers),
    )
    await publiceer(tx, aanleiding, "toewijzing.bericht_afgekeurd", data, aanbieder)


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
