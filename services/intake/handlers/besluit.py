"""What a decision brings about: an indicatie that goes into the chain, and one letter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chassis.bsn import seal, unseal
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.termijn import is_working_day
from services.intake.contracts.indicatie import Client, Indicatie
from services.intake.domain import brief
from services.intake.domain.afweging import kosten_per_jaar, naast_elkaar, vul_aan
from services.intake.domain.instellingen import Instellingen
from services.intake.domain.termijn import laatste_dag
from services.intake.domain.zaak import TOEKENNING
from services.intake.handlers.indicatie import client_onbekend, geweigerd, log, sleutel_van, stel_vast, toets
from services.intake.handlers.instellingen import load_instellingen, load_sociale_kaart
from services.intake.handlers.zaak import Dossier, Medewerker, melding_onbekend
from services.intake.store import indicatie as client_store
from services.intake.store import melding as store

NIET_IN_INDICATIE = ("doel", "wijze", "voorwaarden")
"""What a decision says of a product and a toewijzing does not know."""


async def geef_spoedvoorziening(tx: Tx, wie: Medewerker, dossier: Dossier, inhoud: dict[str, Any]) -> dict[str, Any]:
    """The temporary provision goes into the chain at once (Wmo 2.3.3)."""
    client = await _client(tx, wie.gemeente, dossier.kop.client_id)
    indicatie_id = await _indiceer(tx, wie, dossier, client, inhoud["beschikking"], inhoud["producten"])
    return {"indicatie_id": indicatie_id}


async def neem_besluit(tx: Tx, wie: Medewerker, dossier: Dossier, inhoud: dict[str, Any]) -> dict[str, Any]:
    """A new version of the decision: help in kind becomes an indicatie, and the resident gets one letter."""
    versie = len(dossier.zaak.besluiten) + 1
    client = await _client(tx, wie.gemeente, dossier.kop.client_id)
    erbij: dict[str, Any] = {"versie": versie}
    if inhoud["besluit"] == TOEKENNING and inhoud["leveringsvorm"] == "zin":
        beschikking = {veld: inhoud[veld] for veld in ("nummer", "ingangsdatum", "einddatum")}
        producten = [{v: w for v, w in rij.items() if v not in NIET_IN_INDICATIE} for rij in inhoud["producten"]]
        erbij["indicatie_id"] = await _indiceer(tx, wie, dossier, client, beschikking, producten)
    # The words of today, whatever held on the day of the melding.
    instellingen = await load_instellingen(tx, wie.gemeente, clock.today())
    bezwaar_tot = laatste_dag(clock.today(), dossier.instellingen.termijnen.bezwaar, is_working_day)
    tekst = _brief(client, inhoud, instellingen, bezwaar_tot)
    verzegeld = seal(await sleutel_van(dossier.kop.client_id), tekst.encode(), _plek(dossier.kop.melding_id, versie))
    await store.add_brief(tx, wie.gemeente, dossier.kop.melding_id, versie, instellingen.versie, verzegeld, clock.now())
    return erbij


async def weeg_af(tx: Tx, wie: Medewerker, dossier: Dossier, inhoud: dict[str, Any]) -> dict[str, Any]:
    """All rungs in their order, also those that nobody was asked about, each with its reason; and the options side by
    side, each with what it costs a year, those of the social map at the price of today."""
    kaart = {rij["code"]: rij for rij in await load_sociale_kaart(tx, wie.gemeente, clock.today())}
    prijzen = {code: rij.get("kosten") for code, rij in kaart.items()}
    opties = []
    for optie in inhoud.get("opties") or []:
        naam = optie.get("naam") or kaart[optie["voorziening"]]["naam"]
        opties.append(optie | {"naam": naam, "kosten_cent": kosten_per_jaar(optie, prijzen)})
    return {"treden": vul_aan(inhoud["treden"], dossier.zaak.netwerk), "opties": naast_elkaar(opties)}


async def toon_brief(tx: Tx, wie: Medewerker, melding_id: str, versie: int | None) -> tuple[str, datetime]:
    """The letter of a version of the decision, or of the last one: always the same HTML, and when it was made.

    The look is logged.
    """
    kop = await store.load_kop(tx, wie.gemeente, melding_id, wie.team)
    if kop is None:
        raise melding_onbekend()
    gevonden = await store.load_brief(tx, wie.gemeente, melding_id, versie)
    if gevonden is None:
        raise Problem(404, "brief_onbekend", "Deze brief is er niet", "Een brief komt er bij het besluit.")
    nummer, verzegeld, gemaakt_at = gevonden
    tekst = unseal(await sleutel_van(kop.client_id), verzegeld, _plek(melding_id, nummer)).decode()
    await log(tx, wie.gemeente, wie.sub, "brief_ingezien", kop.client_id)
    return tekst, gemaakt_at


async def _client(tx: Tx, gemeente: str, client_id: str) -> Client:
    verzegeld = await client_store.load_client(tx, gemeente, client_id)
    if verzegeld is None:
        raise client_onbekend()
    return Client.model_validate_json(unseal(await sleutel_van(client_id), verzegeld, client_id))


async def _indiceer(
    tx: Tx, wie: Medewerker, dossier: Dossier, client: Client, beschikking: dict[str, Any], producten: list[Any]
) -> str:
    """The same checks and the same event as POST /v1/indicaties."""
    indicatie = Indicatie.model_validate({"client": client, "beschikking": beschikking, "producten": producten})
    if fouten := toets(indicatie):
        raise geweigerd(fouten)
    return await stel_vast(tx, wie.gemeente, dossier.kop.client_id, indicatie, dossier.kop.melding_id)


def _brief(client: Client, inhoud: dict[str, Any], instellingen: Instellingen, bezwaar_tot: date) -> str:
    naam = client.naam
    ingang = brief.in_woorden(date.fromisoformat(inhoud["ingangsdatum"]))
    eind = inhoud.get("einddatum")
    velden = {
        "naam": " ".join(filter(None, (naam.voorletters, naam.voorvoegsel, naam.achternaam))),
        "gemeente": instellingen.gemeente_naam,
        "nummer": inhoud["nummer"],
        "datum": brief.in_woorden(clock.today()),
        "ingangsdatum": ingang,
        "einddatum": brief.in_woorden(date.fromisoformat(eind)) if eind else "",
        "motivering": inhoud.get("motivering") or "",
        "grond": inhoud["wettelijke_grond"],
        "bezwaar_tot": brief.in_woorden(bezwaar_tot),
    }
    besluit = inhoud["besluit"]
    sjabloon = instellingen.sjablonen.get(besluit) or brief.STANDAARD[besluit]
    slot = ""
    if inhoud.get("herziening_op"):
        dag = brief.in_woorden(date.fromisoformat(inhoud["herziening_op"]))
        slot = f"Op {dag} kijken wij samen of de hulp nog past."
    return brief.schrijf(sjabloon, velden, inhoud["producten"], slot)


def _plek(melding_id: str, versie: int) -> str:
    return f"{melding_id}:brief:{versie}"
