"""A message is handed in: refused at the door, answered at once, or passed on to its judge."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis import bsn, outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Bevinding, Problem
from chassis.kluis import Vergeten, kluis
from chassis.termijn import add_working_days
from schemas.iwmo import rules
from services.knooppunt import domain
from services.knooppunt.domain import Partij
from services.knooppunt.handlers import bewaren, doorgeven, retouren
from services.knooppunt.handlers.lezen import Gelezen
from services.knooppunt.handlers.lezen import bevindingen as bevindingen_van
from services.knooppunt.handlers.toegang import eis_open, geen_mandaat
from services.knooppunt.handlers.uitgaand import als_json
from services.knooppunt.instellingen import rand
from services.knooppunt.store import berichten
from services.knooppunt.store.berichten import NieuwBericht


@dataclass(frozen=True)
class Bewijs:
    """The receipt of a message; `eerder` when these bytes were there already."""

    bericht_id: str
    soort: str
    identificatie: str
    ontvangen_at: datetime
    antwoord_uiterlijk: date | None
    eerder: bool


async def eerder_ontvangen(tx: Tx, partij: Partij, sha256: bytes) -> Bewijs | None:
    """The first answer again, when this sender handed in the same bytes before."""
    rij = await berichten.op_bytes(tx, partij.aanbieders, sha256)
    if rij is None:
        return None
    eis_open(partij, rij["gemeente"], rij["aanbieder"])
    return Bewijs(
        rij["bericht_id"],
        rij["soort"],
        rij["identificatie"],
        rij["gemaakt_at"],
        rij["uiterlijk"],
        eerder=True,
    )


def toets_afzender(partij: Partij, gelezen: Gelezen) -> None:
    """Only a kind that a provider sends, only in a name the caller may use, only to who did not shut it out."""
    soort, header = gelezen.bericht.soort.code, gelezen.bericht.header
    if soort not in domain.HEENBERICHTEN and soort not in domain.RETOURBERICHTEN:
        raise Problem(
            422,
            "berichtsoort_niet_toegestaan",
            "Dit soort bericht kan een aanbieder hier niet insturen.",
            "Stuur een 302, 305, 307, 315, 317, 320 of 323.",
            [_weigering("BerichtCode", "Dit soort bericht wordt hier niet aangenomen.")],
        )
    gemeente, aanbieder = domain.partijen(soort, header.afzender, header.ontvanger)
    if rand().gescheiden(gemeente, aanbieder):
        raise Problem(
            403,
            "proef_en_echt",
            "Een proefpartij wisselt alleen berichten uit met een andere proefpartij.",
            "Stuur proefberichten naar een proefgemeente, en echte berichten naar een echte gemeente.",
        )
    if aanbieder in partij.zonder_mandaat:
        raise geen_mandaat()
    if aanbieder not in partij.aanbieders:
        veld = "Ontvanger" if soort in domain.RETOURBERICHTEN else "Afzender"
        raise Problem(
            403,
            "andere_partij",
            f"De {veld} in de header is niet de partij van uw toegangsbewijs.",
            "Stuur alleen berichten van uw eigen organisatie, met uw eigen AGB-code.",
        )
    eis_open(partij, gemeente, aanbieder)


async def ontvang(tx: Tx, partij: Partij, gelezen: Gelezen) -> Bewijs:
    """Record a message that passed level 1, with its answer or its events, in one transaction."""
    header = gelezen.bericht.header
    code = gelezen.bericht.soort.berichtcode
    await berichten.houd_identificatie_vast(tx, header.afzender, code, header.identificatie)
    eerder = await eerder_ontvangen(tx, partij, gelezen.sha256)
    if eerder is not None:
        return eerder
    if gelezen.bericht.soort.code in domain.RETOURBERICHTEN:
        return await _ontvang_retour(tx, gelezen)
    return await _ontvang_heen(tx, gelezen)


async def _ontvang_heen(tx: Tx, gelezen: Gelezen) -> Bewijs:
    bericht, header = gelezen.bericht, gelezen.bericht.header
    bekend = await berichten.identificatie_bekend(tx, header.afzender, bericht.soort.berichtcode, header.identificatie)
    # A header is judged only when the message itself is right: level 2 answers 0001 alone.
    bevindingen = gelezen.niveau2 or bevindingen_van(rules.check_header(bericht, clock.today(), bekend))
    plicht = domain.HEENBERICHTEN[bericht.soort.code]
    client = gelezen.inhoud.get("client") or {}
    rij = _rij(
        gelezen,
        uiterlijk=add_working_days(clock.today(), plicht.werkdagen),
        client_id=bsn.pseudonym(header.ontvanger, client["bsn"]) if client else None,
        status="afgekeurd" if bevindingen else "in_behandeling",
        bevindingen=als_json(bevindingen),
        geweigerd=bool(bevindingen),
    )
    vorig = None
    if rij.soort == "WMO323" and not bevindingen:
        vorig = await berichten.vorige_declaratie(tx, rij.gemeente, rij.aanbieder)
    ontvangstnummer = await berichten.voeg_toe(tx, "in", rij)
    client_ids = await _bewaar(tx, rij, gelezen)
    if bevindingen:
        await retouren.weiger(tx, rij, bericht, bevindingen)
    elif bericht.soort.code == "WMO323":
        try:
            await doorgeven.declaratie(tx, rij, ontvangstnummer or 0, vorig, gelezen.inhoud, client_ids)
        except outbox.EventTooLarge:
            raise Problem(
                413,
                "client_te_groot",
                "De declaratie bevat te veel prestaties voor een client.",
                "Verdeel de prestaties van deze client over meer declaraties.",
            ) from None
    else:
        await doorgeven.bericht(tx, rij, ontvangstnummer or 0, zonder_persoon(gelezen.inhoud))
    return _bewijs(rij)


async def _ontvang_retour(tx: Tx, gelezen: Gelezen) -> Bewijs:
    """A 302 closes its 301, a 320 its 319. Nothing answers a retour, so what is wrong with it is told at the door."""
    soort, header = gelezen.bericht.soort.code, gelezen.bericht.header
    if gelezen.niveau2:
        raise Problem(
            422, "retour_onjuist", "Het retourbericht klopt inhoudelijk niet.",
            "Herstel de genoemde punten en stuur het retourbericht opnieuw.", gelezen.niveau2,
        )  # fmt: skip
    gemeente, aanbieder = domain.partijen(soort, header.afzender, header.ontvanger)
    heen = await berichten.verzonden_op_slot(
        tx, domain.RETOURBERICHTEN[soort], gemeente, aanbieder, header.identificatie
    )
    if heen is None:
        raise Problem(
            422, "bericht_onbekend", "Het bericht waarop u antwoordt is hier niet bekend.",
            "Neem Afzender, Ontvanger en BerichtIdentificatie over uit het bericht in uw postbus.",
            [_weigering("BerichtIdentificatie", "Bij deze header hoort geen verzonden bericht.")],
        )  # fmt: skip
    if heen["antwoord"] is not None:
        raise Problem(
            422, "al_beantwoord", "Op dit bericht is al een retourbericht ontvangen.",
            "U hoeft niets te doen; het eerste retourbericht geldt.",
            [_weigering("BerichtIdentificatie", "Het bericht is al beantwoord.")],
        )  # fmt: skip
    klasse = gelezen.inhoud.get("client") or gelezen.inhoud.get("antwoord") or {}
    regels = gelezen.inhoud.get("toegewezen_producten") or []
    header_codes = list(gelezen.inhoud.get("retourcodes") or [])
    codes = header_codes + list(klasse.get("retourcodes") or [])
    codes += [code for regel in regels for code in regel.get("retourcodes") or []]
    rij = _rij(
        gelezen,
        status="gecontroleerd",
        client_id=heen["client_id"],
        opdracht_id=heen["opdracht_id"],
        op_bericht=heen["bericht_id"],
        retourcodes=sorted(set(codes)),
    )
    ontvangstnummer = await berichten.voeg_toe(tx, "in", rij)
    await _bewaar(tx, rij, gelezen)
    afgekeurd = bool(header_codes) or domain.is_afgekeurd(codes)
    await berichten.beantwoord(
        tx, heen["bericht_id"], rij.bericht_id, "afgekeurd" if afgekeurd else "beantwoord", clock.now()
    )
    samenvatting: dict[str, Any] = {"retourcodes": header_codes}
    if soort == "WMO320":
        samenvatting["antwoord_retourcodes"] = list(klasse.get("retourcodes") or [])
    else:
        samenvatting["toegewezen_producten"] = [
            {"toewijzing_nummer": regel["toewijzing_nummer"], "retourcodes": regel.get("retourcodes") or []}
            for regel in regels
        ]
    await doorgeven.bericht(tx, rij, ontvangstnummer or 0, samenvatting)
    return _bewijs(rij)


async def _bewaar(tx: Tx, rij: NieuwBericht, gelezen: Gelezen) -> list[str]:
    """Seal the bytes; gives the clients of a declaratie, in the order of the file."""
    clienten = await _client_ids(rij.gemeente, gelezen.inhoud)
    try:
        await bewaren.bewaar(tx, rij, gelezen.raw, clienten)
        return clienten
    except Vergeten:
        vergeten = await kluis.vergeten(set(clienten))
        raise Problem(
            422,
            "client_vergeten",
            "De gegevens van een client in dit bericht zijn vernietigd. Zij worden niet opnieuw vastgelegd.",
            "Haal deze client uit het bericht, of neem contact op met de gemeente.",
            [
                _weigering(f"Declaratie/Clienten/Client[{plaats}]", "De gegevens van deze client zijn vernietigd.")
                for plaats, client_id in enumerate(clienten, 1)
                if client_id in vergeten
            ],
        ) from None


async def _client_ids(gemeente: str, inhoud: dict[str, Any]) -> list[str]:
    delen = inhoud.get("delen")
    if not delen:
        return []
    return await asyncio.to_thread(lambda: [bsn.pseudonym(gemeente, nummer) for nummer, _ in delen])


def _rij(gelezen: Gelezen, **anders: Any) -> NieuwBericht:
    bericht, header = gelezen.bericht, gelezen.bericht.header
    gemeente, aanbieder = domain.partijen(bericht.soort.code, header.afzender, header.ontvanger)
    return NieuwBericht(
        bericht_id=outbox.uuid7(),
        soort=bericht.soort.code,
        berichtcode=bericht.soort.berichtcode,
        gemeente=gemeente,
        aanbieder=aanbieder,
        afzender=header.afzender,
        identificatie=header.identificatie,
        dagtekening=header.dagtekening,
        gemaakt_at=clock.now(),
        sha256=gelezen.sha256,
        **anders,
    )


def zonder_persoon(inhoud: dict[str, Any]) -> dict[str, Any]:
    """What the judge of a message needs: its lines, never the person, who refers, or free text."""
    if (inhoud.get("client") or {}).get("verzoek"):
        return {"verzoek": inhoud["client"]["verzoek"]}
    lijsten = ("start_producten", "stop_producten", "aangevraagde_producten")
    return {
        naam: [{k: v for k, v in regel.items() if k not in ("verwijzer", "commentaar")} for regel in inhoud[naam]]
        for naam in lijsten
        if naam in inhoud
    }


def _bewijs(rij: NieuwBericht) -> Bewijs:
    return Bewijs(rij.bericht_id, rij.soort, rij.identificatie, rij.gemaakt_at, rij.uiterlijk, eerder=False)


def _weigering(pad: str, melding: str) -> Bevinding:
    return Bevinding(regel="knooppunt", pad=pad, melding=melding, volgende_stap="Controleer de header van het bericht.")
