"""Wat intake doet: een indicatie aannemen, haar uitkomst bijhouden, een client tonen."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from chassis import outbox
from chassis.audit import Toegang, log_toegang
from chassis.bsn import mask, pseudonym, seal, unseal
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData, Bevinding, Problem
from chassis.herhaling import once
from chassis.inbox import lock_client, lock_keys
from chassis.kafka import Event
from chassis.kluis import Vergeten, kluis
from services.intake.contracts.indicatie import (
    AdresGewijzigd,
    ClientGewijzigd,
    ClientVastgelegd,
    Indicatie,
    IndicatieGeweigerd,
    IndicatieToegewezen,
    IndicatieVastgesteld,
    NaamGewijzigd,
    ToewijzingVastgelegd,
)
from services.intake.domain.fout import Fout
from services.intake.domain.persoon import adresregels, gewijzigde_velden, toets_bsn, toets_geboortedatum, toets_periode
from services.intake.store import indicatie as store

TOPIC = "intake.v1"


def toets(indicatie: Indicatie) -> list[Fout]:
    """Alles wat aanname verbiedt, in een keer: CS002, TR002, TR134, CS003."""
    client = indicatie.client
    fouten = toets_bsn(client.bsn, "/client/bsn")
    fouten += toets_geboortedatum(client.geboortedatum, client.datum_gebruik, clock.today())
    beschikking = indicatie.beschikking
    fouten += toets_periode(beschikking.ingangsdatum, beschikking.einddatum, "/beschikking/einddatum")
    return fouten


async def neem_indicatie_aan(
    tx: Tx, gemeente: str, wie: str, indicatie: Indicatie, sleutel: str | None
) -> dict[str, Any]:
    """Legt client en indicatie vast en publiceert beide; 422 met elke regel die het verbiedt."""
    fouten = toets(indicatie)
    if fouten:
        raise geweigerd(fouten)
    client_id = pseudonym(gemeente, indicatie.client.bsn)
    # With the pseudonym in place of the BSN: a hash of a BSN without a key can be reversed.
    opdracht = indicatie.model_dump(mode="json")
    opdracht["client"]["bsn"] = client_id
    return await once(tx, gemeente, sleutel, opdracht, lambda: _leg_vast(tx, gemeente, wie, client_id, indicatie))


async def _leg_vast(tx: Tx, gemeente: str, wie: str, client_id: str, indicatie: Indicatie) -> dict[str, Any]:
    # Eerst de client afsluiten: zo staan zijn gebeurtenissen in de volgorde van de commits.
    await lock_client(tx, gemeente, client_id)
    indicatie_id = await stel_vast(tx, gemeente, client_id, indicatie)
    await log(tx, gemeente, wie, "vastgelegd", client_id)
    return {"indicatie_id": indicatie_id, "client_id": client_id}


async def stel_vast(tx: Tx, gemeente: str, client_id: str, indicatie: Indicatie, melding_id: str | None = None) -> str:
    """Legt client en indicatie vast en publiceert beide; geeft het indicatie_id. De client is al afgesloten.

    `melding_id`: de zaak waar zij uit komt; geen als een ander systeem besloot.
    """
    indicatie_id = str(uuid4())
    blok = indicatie.client.model_dump_json(exclude_none=True).encode()
    await _bewaar_client(tx, gemeente, client_id, blok, indicatie_id)
    data = indicatie.model_dump(mode="json")
    beschikking, producten = data["beschikking"], data["producten"]
    await store.add_indicatie(tx, gemeente, client_id, indicatie_id, melding_id, beschikking, producten, clock.now())
    vastgesteld = IndicatieVastgesteld(indicatie_id=indicatie_id, beschikking=beschikking, producten=producten)
    await publiceer(tx, gemeente, client_id, "intake.indicatie_vastgesteld", vastgesteld, indicatie_id)
    return indicatie_id


async def indicatie_toegewezen(tx: Tx, event: Event) -> None:
    """toewijzing.indicatie_toegewezen."""
    try:
        data = IndicatieToegewezen.model_validate(event.data)
    except ValidationError:
        raise BadData("indicatie_toegewezen heeft niet de vorm van haar contract") from None
    await store.set_toegewezen(tx, event.gemeente, data.indicatie_id, data.toewijzing_nummers)


async def indicatie_geweigerd(tx: Tx, event: Event) -> None:
    """toewijzing.indicatie_geweigerd."""
    try:
        data = IndicatieGeweigerd.model_validate(event.data)
    except ValidationError:
        raise BadData("indicatie_geweigerd heeft niet de vorm van haar contract") from None
    await store.set_geweigerd(tx, event.gemeente, data.indicatie_id, data.bevindingen)


async def zoek_client(tx: Tx, gemeente: str, wie: str, bsn: str) -> dict[str, Any]:
    """Het pseudoniem van een bekende client; 404 als de gemeente hem niet kent. De vraag wordt gelogd."""
    fouten = toets_bsn(bsn, "/bsn")
    if fouten:
        raise geweigerd(fouten)
    client_id = pseudonym(gemeente, bsn)
    if await store.load_client(tx, gemeente, client_id) is None:
        raise client_onbekend()
    await log(tx, gemeente, wie, "gezocht", client_id)
    return {"client_id": client_id}


async def toon_client(tx: Tx, gemeente: str, wie: str, client_id: str) -> dict[str, Any]:
    """Naam en afgeschermd BSN; de inzage wordt in dezelfde transactie gelogd."""
    verzegeld = await store.load_client(tx, gemeente, client_id)
    if verzegeld is None:
        raise client_onbekend()
    client = json.loads(unseal(await sleutel_van(client_id), verzegeld, client_id))
    await log(tx, gemeente, wie, "ingezien", client_id)
    return {"client_id": client_id, "bsn": mask(client["bsn"]), "naam": client["naam"]}


async def toon_adressen(tx: Tx, gemeente: str, wie: str, client_ids: Sequence[str]) -> dict[str, list[str]]:
    """Naam en adres in regels, voor een brief; wie niet (meer) bekend is ontbreekt. Elke inzage wordt gelogd."""
    # In one fixed order before the log, as everywhere.
    await lock_keys(tx, client_ids)
    adressen = {}
    for client_id in sorted(set(client_ids)):
        verzegeld = await store.load_client(tx, gemeente, client_id)
        if verzegeld is None:
            continue
        try:
            client = json.loads(unseal(await kluis.sleutel(client_id), verzegeld, client_id))
        except Vergeten:
            continue
        adressen[client_id] = adresregels(client)
        await log(tx, gemeente, wie, "adres_voor_brief", client_id)
    return adressen


async def toewijzing_vastgelegd(tx: Tx, event: Event) -> None:
    """toewijzing.toewijzing_vastgelegd: wie een 301 krijgt als de persoon verandert."""
    try:
        data = ToewijzingVastgelegd.model_validate(event.data)
    except ValidationError:
        raise BadData("toewijzing_vastgelegd heeft niet de vorm van haar contract") from None
    if event.client_id is None:
        raise BadData("toewijzing_vastgelegd zonder client_id")
    await store.save_toewijzing(
        tx,
        event.gemeente,
        event.client_id,
        data.toewijzing_nummer,
        data.versie,
        data.aanbieder,
        data.einddatum,
        data.status,
        # OP087: reden 13 met einddatum = ingangsdatum is als nooit verzonden.
        verwijderd=data.reden_wijziging == "13" and data.einddatum == data.ingangsdatum,
    )


async def verwerk_gebeurtenis(
    tx: Tx, gemeente: str, wie: str, client_id: str, gebeurtenis: AdresGewijzigd | NaamGewijzigd, *, proef: bool
) -> dict[str, Any]:
    """Legt een ander adres of een andere naam vast; elke aanbieder krijgt daarna een 301. `proef` toont het alleen.

    Geeft welke velden veranderen, zonder waarden, en welke toewijzingen opnieuw in een 301 gaan.
    """
    await lock_client(tx, gemeente, client_id)
    verzegeld = await store.load_client(tx, gemeente, client_id)
    if verzegeld is None:
        raise client_onbekend()
    sleutel = await sleutel_van(client_id)
    oud = json.loads(unseal(sleutel, verzegeld, client_id))
    anders = gebeurtenis.model_dump(mode="json", exclude={"soort"}, exclude_unset=True)
    nieuw = {veld: waarde for veld, waarde in (oud | anders).items() if waarde is not None}
    velden = gewijzigde_velden(oud, nieuw)
    actueel = await store.load_actueel(tx, gemeente, client_id, clock.today()) if velden else []
    await log(tx, gemeente, wie, "ingezien" if proef else "gewijzigd", client_id)
    if velden and not proef:
        # Eerst dat er iets verandert, dan het blok: knooppunt schrijft geen 301 met een blok van daarvoor.
        await publiceer(tx, gemeente, client_id, "intake.client_gewijzigd", ClientGewijzigd(soort=gebeurtenis.soort))
        await _bewaar_client(tx, gemeente, client_id, json.dumps(nieuw).encode(), None)
    return {
        "soort": gebeurtenis.soort,
        "proef": proef,
        "velden": velden,
        "gevolgen": [rij | {"gevolg": "gaat_opnieuw_in_een_301"} for rij in actueel],
    }


async def _bewaar_client(tx: Tx, gemeente: str, client_id: str, blok: bytes, keten: str | None) -> None:
    """Verzegelt het blok, bewaart het, en geeft het door aan knooppunt."""
    verzegeld = seal(await sleutel_van(client_id), blok, client_id)
    await store.save_client(tx, gemeente, client_id, verzegeld, clock.now())
    data = ClientVastgelegd(verzegeld=base64.b64encode(verzegeld).decode())
    await publiceer(tx, gemeente, client_id, "intake.client_vastgelegd", data, keten)


async def publiceer(
    tx: Tx, gemeente: str, client_id: str, type_: str, data: BaseModel, keten: str | None = None
) -> None:
    """Een gebeurtenis over deze client."""
    await outbox.add(
        tx, topic=TOPIC, type=type_, key=client_id, gemeente=gemeente, client_id=client_id, keten=keten, data=data
    )


async def log(tx: Tx, gemeente: str, wie: str, handeling: str, client_id: str) -> None:
    """Wie wat met deze client deed; het laatste voor de commit."""
    await log_toegang(tx, Toegang(gemeente, wie, gemeente, handeling, client_id), topic=TOPIC)


async def log_weigering(tx: Tx, toegang: Toegang) -> None:
    """Een geweigerde inzage, ook voor het logboek in de back office."""
    await log_toegang(tx, toegang, topic=TOPIC)


async def sleutel_van(client_id: str) -> bytes:
    """De sleutel van deze client; 410 als zij is vernietigd."""
    try:
        return await kluis.sleutel(client_id)
    except Vergeten:
        raise Problem(
            410,
            "client_vergeten",
            "De gegevens van deze client zijn vernietigd",
            "Overleg met de beheerder voordat u opnieuw gegevens van deze persoon vastlegt.",
        ) from None


def client_onbekend() -> Problem:
    """404, ook voor een client van een andere gemeente."""
    return Problem(404, "client_onbekend", "Deze client is niet bekend", "Controleer het BSN of het pseudoniem.")


def geweigerd(fouten: Sequence[Fout], *, nu_niet: bool = False) -> Problem:
    """422 met alles wat mist; 409 als het `nu_niet` kan."""
    status, code, titel, stap = (
        (409, "stap_kan_niet", "Deze stap kan nu niet", "Kies een stap die nu kan; de bevinding noemt ze.")
        if nu_niet
        else (422, "invoer_onjuist", "De invoer klopt niet", "Pas de invoer aan; bij elke bevinding staat hoe.")
    )
    bevindingen = [
        Bevinding(regel=f.regel, pad=f.pad, melding=f.melding, volgende_stap=f.volgende_stap) for f in fouten
    ]
    return Problem(status, code, titel, stap, bevindingen)
