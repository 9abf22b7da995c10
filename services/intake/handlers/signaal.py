"""A signal: somebody near a resident worries. It becomes a melding, or it is closed with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from chassis import outbox
from chassis.audit import Toegang, log_toegang
from chassis.bsn import pseudonym, seal, unseal
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.herhaling import once
from chassis.inbox import lock_keys
from services.intake.contracts.gebeurtenis import SignaalOntvangen
from services.intake.contracts.signaal import MeldingUitSignaal, SignaalIn
from services.intake.contracts.stap import MelderIn, MeldingIn
from services.intake.domain.fout import Fout
from services.intake.domain.route import Vraag, kies_team
from services.intake.handlers.indicatie import TOPIC, geweigerd, sleutel_van
from services.intake.handlers.instellingen import load_instellingen
from services.intake.handlers.melding import neem_melding_aan
from services.intake.handlers.termijn import loopt, toon_lopend
from services.intake.handlers.zaak import Medewerker
from services.intake.store import melding as melding_store
from services.intake.store import signaal as store
from services.intake.store import termijn as termijn_store
from services.intake.store.signaal import Signaal
from services.intake.store.termijn import Onderwerp

NIEUW, MELDING, AFGESLOTEN = "nieuw", "melding", "afgesloten"


async def neem_signaal_aan(tx: Tx, wie: Medewerker, signaal: SignaalIn, sleutel: str | None) -> dict[str, Any]:
    """Records a signal with a team. 422 without the resident's consent and without a reason for that."""
    if signaal.toestemming != "gegeven" and not signaal.reden_zonder_toestemming:
        raise geweigerd(
            [
                Fout("TOESTEMMING", "/reden_zonder_toestemming", "De inwoner gaf geen toestemming.",
                     "Vraag om toestemming, of leg uit waarom het zonder moet.")
            ]
        )  # fmt: skip

    async def doe() -> dict[str, Any]:
        vandaag = clock.today()
        instellingen = await load_instellingen(tx, wie.gemeente, vandaag)
        drukte = await melding_store.load_drukte(tx, wie.gemeente, vandaag)
        vraag = Vraag(signaal.over.postcode, melder="signaal")
        team = kies_team(vraag, instellingen, {naam: rij["open"] for naam, rij in drukte.items()})
        signaal_id = str(uuid4())
        await lock_keys(tx, (signaal_id,))
        houder = f"signaal:{signaal_id}"
        inhoud = signaal.model_dump(mode="json", include={"over", "melder", "zorg", "reden_zonder_toestemming"})
        nieuw = Signaal(
            signaal_id, team, NIEUW, signaal.toestemming, signaal.anoniem, None, clock.now(), houder,
            await _verzegel(houder, signaal_id, inhoud),
        )  # fmt: skip
        await store.add_signaal(tx, wie.gemeente, nieuw)
        uiterlijk = vandaag + timedelta(days=instellingen.termijnen.signaal)
        over = Onderwerp(signaal_id, None, team)
        await termijn_store.open_termijnen(tx, wie.gemeente, over, [loopt("signaal", 1, uiterlijk)], clock.now())
        await _publiceer(tx, wie.gemeente, "signaal_ontvangen", nieuw)
        await _log(tx, wie, "signaal_vastgelegd", nieuw)
        verwacht = await toon_lopend(tx, wie.gemeente, signaal_id, team)
        return {"signaal_id": signaal_id, "status": NIEUW, "team": team, "verwacht": verwacht}

    return await once(tx, wie.gemeente, sleutel, {"soort": "signaal", **signaal.model_dump(mode="json")}, doe)


async def maak_melding(
    tx: Tx, wie: Medewerker, signaal_id: str, body: MeldingUitSignaal, sleutel: str | None
) -> dict[str, Any]:
    """The signal becomes a melding. Who gave it stays out of the case when that person wants so."""
    client_id = pseudonym(wie.gemeente, body.client.bsn)
    opdracht = {"soort": "melding_uit_signaal", "signaal_id": signaal_id, **body.model_dump(mode="json")}
    opdracht["client"]["bsn"] = client_id

    async def doe() -> dict[str, Any]:
        # Both at once, in the fixed order: the clock locks signals and clients too.
        await lock_keys(tx, (signaal_id, client_id))
        signaal, inhoud = await _lees(tx, wie, signaal_id)
        _eis_nieuw(signaal)
        melder = MelderIn(soort="signaal")
        if not signaal.anoniem:
            melder = MelderIn(soort="signaal", **{v: inhoud["melder"].get(v) for v in ("naam", "bereikbaar")})
        # What a neighbour said may tell who it was.
        hulpvraag = body.hulpvraag or ("Signaal uit de omgeving." if signaal.anoniem else inhoud["zorg"])
        melding = MeldingIn(
            **body.model_dump(exclude={"hulpvraag", "client"}), client=body.client, melder=melder, hulpvraag=hulpvraag
        )
        antwoord = await neem_melding_aan(tx, wie, melding, None, signaal_id=signaal_id)
        # From now on it is part of what is known of this client, and is forgotten with him.
        klaar = replace(
            signaal, status=MELDING, melding_id=antwoord["melding_id"], houder=client_id,
            verzegeld=await _verzegel(client_id, signaal_id, inhoud),
        )  # fmt: skip
        await _rond_af(tx, wie, klaar)
        return antwoord

    return await once(tx, wie.gemeente, sleutel, opdracht, doe)


async def sluit_af(tx: Tx, wie: Medewerker, signaal_id: str, reden: str, sleutel: str | None) -> dict[str, Any]:
    """No melding comes of it; the reason stays with the signal."""

    async def doe() -> dict[str, Any]:
        await lock_keys(tx, (signaal_id,))
        signaal, inhoud = await _lees(tx, wie, signaal_id)
        _eis_nieuw(signaal)
        verzegeld = await _verzegel(signaal.houder, signaal_id, inhoud | {"reden_afsluiting": reden})
        await _rond_af(tx, wie, replace(signaal, status=AFGESLOTEN, verzegeld=verzegeld))
        return {"signaal_id": signaal_id, "status": AFGESLOTEN, "team": signaal.team, "verwacht": []}

    return await once(tx, wie.gemeente, sleutel, {"soort": "afsluiting", "id": signaal_id, "reden": reden}, doe)


async def toon_signaal(tx: Tx, wie: Medewerker, signaal_id: str) -> dict[str, Any]:
    """What was said and by whom; the look is logged."""
    signaal, inhoud = await _lees(tx, wie, signaal_id)
    verwacht = await toon_lopend(tx, wie.gemeente, signaal_id, signaal.team)
    await _log(tx, wie, "signaal_ingezien", signaal)
    velden = ("signaal_id", "team", "status", "toestemming", "anoniem", "melding_id", "ontvangen_at")
    return {**{veld: getattr(signaal, veld) for veld in velden}, **inhoud, "verwacht": verwacht}


async def list_signalen(tx: Tx, wie: Medewerker, status: str | None, *, na: int, limit: int) -> dict[str, Any]:
    """A page of signals, oldest first."""
    rijen = await store.load_pagina(tx, wie.gemeente, status, wie.team, na, limit + 1)
    volgende = str(rijen[limit - 1]["volgorde"]) if len(rijen) > limit else None
    return {"signalen": [{v: w for v, w in r.items() if v != "volgorde"} for r in rijen[:limit]], "volgende": volgende}


async def _lees(tx: Tx, wie: Medewerker, signaal_id: str) -> tuple[Signaal, dict[str, Any]]:
    signaal = await store.load_signaal(tx, wie.gemeente, signaal_id, wie.team)
    if signaal is None:
        raise Problem(404, "signaal_onbekend", "Dit signaal is er niet", "Controleer het id.")
    inhoud: dict[str, Any] = json.loads(unseal(await sleutel_van(signaal.houder), signaal.verzegeld, signaal_id))
    return signaal, inhoud


def _eis_nieuw(signaal: Signaal) -> None:
    if signaal.status != NIEUW:
        raise geweigerd(
            [Fout("STAP", "", "Dit signaal is al afgehandeld.", "Bekijk de melding die er bij hoort.")], nu_niet=True
        )


async def _rond_af(tx: Tx, wie: Medewerker, signaal: Signaal) -> None:
    await store.set_signaal(tx, wie.gemeente, signaal)
    klaar = [("signaal", 1, "gehaald")]
    await termijn_store.close_termijnen(tx, wie.gemeente, signaal.signaal_id, klaar, clock.now())
    await _publiceer(tx, wie.gemeente, "signaal_afgehandeld", signaal)
    await _log(tx, wie, "signaal_afgehandeld", signaal)


async def _verzegel(houder: str, signaal_id: str, inhoud: dict[str, Any]) -> bytes:
    return seal(await sleutel_van(houder), json.dumps(inhoud).encode(), signaal_id)


async def _publiceer(tx: Tx, gemeente: str, type_: str, signaal: Signaal) -> None:
    data = SignaalOntvangen(
        signaal_id=signaal.signaal_id, status=signaal.status, team=signaal.team, melding_id=signaal.melding_id
    )
    await outbox.add(tx, topic=TOPIC, type=f"intake.{type_}", key=signaal.signaal_id, gemeente=gemeente, data=data)


async def _log(tx: Tx, wie: Medewerker, handeling: str, signaal: Signaal) -> None:
    client_id = None if signaal.houder.startswith("signaal:") else signaal.houder
    toegang = Toegang(wie.gemeente, wie.sub, wie.gemeente, handeling, client_id, signaal.signaal_id)
    await log_toegang(tx, toegang, topic=TOPIC)
