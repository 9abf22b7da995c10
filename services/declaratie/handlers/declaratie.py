"""Een 323: de kop wordt aangenomen of geweigerd, delen worden beoordeeld, het laatste deel sluit af."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from chassis import outbox
from chassis.db import Tx
from chassis.errors import BadData, Retry, Wacht
from chassis.kafka import Event
from services.declaratie.contracts import (
    DeclaratieAfgehandeld,
    DeclaratiedeelBeoordeeld,
    DeclaratieOntvangen,
    DeelOntvangen,
    PrestatieVeld,
    RegelOordeel,
    lees,
)
from services.declaratie.domain.deel import Stand, judge_deel, missing_facts
from services.declaratie.domain.kop import judge_kop
from services.declaratie.domain.waarden import Prestatie
from services.declaratie.store import beeld, declaratie, prestatie

TOPIC = "declaratie.v1"


async def declaratie_ontvangen(tx: Tx, event: Event) -> None:
    """De kop van een 323: TR333 (9333) en TR318 (8214); daarna de delen die al klaarlagen."""
    kop = lees(DeclaratieOntvangen, event.data)
    gemeente, aanbieder = event.gemeente, event.aanbieder
    if aanbieder is None:
        raise BadData("declaratie zonder aanbieder")
    await declaratie.lock_aanbieder(tx, gemeente, aanbieder)
    if await declaratie.load_status(tx, kop.bericht_id) is not None:
        return
    await declaratie.lock_bericht(tx, kop.bericht_id)
    codes = await _judge_kop(tx, event, aanbieder, kop)
    await declaratie.add_declaratie(tx, gemeente, aanbieder, kop, codes)
    clienten = await declaratie.load_clienten(tx, kop.bericht_id)
    await declaratie.lock_clienten(tx, clienten)
    if codes:
        await declaratie.delete_delen(tx, kop.bericht_id)
        await _publish_einde(
            tx, event, aanbieder, kop.bericht_id, kop.declaratie_nummer, kop.declaratie_periode.begindatum,
            kop.totaal_ingediend_cent, declaratie_codes=codes,
        )  # fmt: skip
    await _judge_delen(tx, event, clienten)
    if not codes and kop.delen == 0:
        await _close(tx, event, {kop.bericht_id: (0, 0)})


async def _judge_kop(tx: Tx, event: Event, aanbieder: str, kop: DeclaratieOntvangen) -> list[str]:
    gemeente = event.gemeente
    codes = judge_kop(
        nummer_bekend=await declaratie.nummer_bekend(tx, gemeente, aanbieder, kop.declaratie_nummer),
        vorige_periode=await declaratie.load_vorige_periode(tx, gemeente, aanbieder, kop.ontvangstnummer),
        periode=kop.declaratie_periode.begindatum,
        leveringen=await beeld.load_leveringen(tx, gemeente, aanbieder),
        aansluitend_verplicht=await beeld.load_instelling(tx, gemeente, "aansluitende_periode_verplicht", True),
    )
    if "8214" in codes and not event.wacht_voorbij:
        # De declaratie van de tussenliggende maand kan eerder ontvangen zijn en later bezorgd worden.
        raise Wacht
    return codes


async def declaratiedeel_ontvangen(tx: Tx, event: Event) -> None:
    """De regels van een client; zonder kop blijven zij klaarliggen."""
    deel = lees(DeelOntvangen, event.data)
    if event.client_id is None or event.aanbieder is None:
        raise BadData("declaratiedeel zonder client of aanbieder")
    await declaratie.lock_clienten(tx, [event.client_id])
    if not await declaratie.try_share_bericht(tx, deel.bericht_id):
        raise Retry
    if await declaratie.load_status(tx, deel.bericht_id) == "afgekeurd":
        return
    inhoud = deel.model_dump(mode="json", include={"prestaties"})
    if await declaratie.add_deel(
        tx, event.gemeente, event.aanbieder, event.client_id, deel.bericht_id, deel.deel,
        deel.ontvangstnummer, inhoud,
    ):  # fmt: skip
        await _judge_delen(tx, event, [event.client_id])


async def _judge_delen(tx: Tx, event: Event, clienten: Collection[str]) -> None:
    """Beoordeelt van deze clienten alles wat aan de beurt is; hun slot is al genomen."""
    per_bericht: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for rij in await declaratie.load_rijpe_delen(tx, event.gemeente, clienten):
        toegekend_cent = await _judge_deel(tx, event, rij)
        aantal, cent = per_bericht[rij["bericht_id"]]
        per_bericht[rij["bericht_id"]] = (aantal + 1, cent + toegekend_cent)
    await _close(tx, event, per_bericht)


async def _judge_deel(tx: Tx, event: Event, rij: Any) -> int:
    gemeente, aanbieder, client_id = event.gemeente, rij["aanbieder"], rij["client_id"]
    bericht_id, deel = rij["bericht_id"], rij["deel"]
    prestaties = [_prestatie(PrestatieVeld.model_validate(p)) for p in rij["inhoud"]["prestaties"]]
    stand = await _load_stand(tx, gemeente, aanbieder, rij["periode_eind"], prestaties)
    if not event.wacht_voorbij and missing_facts(prestaties, stand):
        raise Wacht
    stand.referenties_bekend = await prestatie.claim_referenties(
        tx, gemeente, aanbieder, bericht_id, [p.referentie_nummer for p in prestaties]
    )
    oordeel = judge_deel(client_id, prestaties, stand)
    await prestatie.add_prestaties(tx, gemeente, aanbieder, client_id, bericht_id, deel, oordeel.regels)
    await prestatie.add_boekingen(tx, gemeente, bericht_id, deel, oordeel.toegekend)
    await declaratie.save_deel_oordeel(tx, bericht_id, deel, list(oordeel.client_codes))
    await outbox.add(
        tx,
        topic=TOPIC,
        type="declaratie.declaratiedeel_beoordeeld",
        key=client_id,
        gemeente=gemeente,
        aanbieder=aanbieder,
        client_id=client_id,
        oorzaak=event.event_id,
        keten=bericht_id,
        data=DeclaratiedeelBeoordeeld(
            bericht_id=bericht_id,
            deel=deel,
            client_codes=list(oordeel.client_codes),
            prestaties=[
                RegelOordeel(
                    regel=p.regel,
                    toewijzing_nummer=p.toewijzing_nummer,
                    ingediend_cent=p.bedrag_cent,
                    retourcodes=list(codes),
                )
                for p, codes in oordeel.regels
            ],
            toegekend_cent=oordeel.toegekend_cent,
        ),
    )
    return oordeel.toegekend_cent


async def _load_stand(tx: Tx, gemeente: str, aanbieder: str, periode_eind: date, prestaties: list[Prestatie]) -> Stand:
    """Alle feiten van een deel in een keer, onder het slot van de lopende som per toewijzing."""
    nummers = {p.toewijzing_nummer for p in prestaties}
    totalen = await prestatie.lock_totalen(tx, gemeente, nummers)
    toewijzingen = await beeld.load_toewijzingen(tx, gemeente, nummers)
    debets, gecrediteerd = await prestatie.load_debets(tx, gemeente, aanbieder, prestaties)
    return Stand(
        # TR338: een nummer van een andere aanbieder bestaat hier niet.
        toewijzingen={n: t for n, t in toewijzingen.items() if t.aanbieder == aanbieder},
        contracten=await beeld.load_contracten(tx, gemeente, aanbieder, {p.code for p in prestaties}),
        declaratie_periode_eind=periode_eind,
        debets=debets,
        gecrediteerd=gecrediteerd,
        maand=await prestatie.load_maanden(tx, gemeente, nummers),
        totaal={n: volume for n, (volume, _) in totalen.items()},
        cent={n: cent for n, (_, cent) in totalen.items()},
    )


def _prestatie(veld: PrestatieVeld) -> Prestatie:
    return Prestatie(
        regel=veld.regel,
        referentie_nummer=veld.referentie_nummer,
        toewijzing_nummer=veld.toewijzing_nummer,
        categorie=veld.product_categorie,
        code=veld.product_code,
        begindatum=veld.begindatum,
        einddatum=veld.einddatum,
        volume=veld.geleverd_volume,
        eenheid=veld.eenheid,
        tarief_cent=veld.product_tarief_cent,
        ingediend_cent=veld.ingediend_cent,
        debet_credit=veld.debet_credit,
        vorig_referentie_nummer=veld.vorig_referentie_nummer,
    )


async def _close(tx: Tx, event: Event, per_bericht: dict[str, tuple[int, int]]) -> None:
    """Telt de delen; wie het aantal volmaakt, meldt het einde. Vaste volgorde tegen kringen van sloten."""
    for bericht_id, (aantal, cent) in sorted(per_bericht.items()):
        rij = await declaratie.count_delen(tx, bericht_id, aantal, cent)
        if rij is None or rij["compleet"] is None:
            continue
        await _publish_einde(
            tx, event, rij["aanbieder"], bericht_id, rij["declaratie_nummer"], rij["periode_begin"],
            rij["ingediend_cent"], toegekend_cent=rij["toegekend_cent"], delen=rij["delen"],
            afgekeurd=await declaratie.load_afgekeurd(tx, bericht_id),
        )  # fmt: skip


async def _publish_einde(
    tx: Tx,
    event: Event,
    aanbieder: str,
    bericht_id: str,
    declaratie_nummer: str,
    periode: date,
    ingediend_cent: int,
    *,
    declaratie_codes: list[str] | None = None,
    toegekend_cent: int = 0,
    delen: int = 0,
    afgekeurd: dict[str, int] | None = None,
) -> None:
    await outbox.add(
        tx,
        topic=TOPIC,
        type="declaratie.declaratie_afgehandeld",
        key=bericht_id,
        gemeente=event.gemeente,
        aanbieder=aanbieder,
        oorzaak=event.event_id,
        keten=bericht_id,
        data=DeclaratieAfgehandeld(
            bericht_id=bericht_id,
            declaratie_nummer=declaratie_nummer,
            periode=f"{periode:%Y-%m}",
            declaratie_codes=declaratie_codes or [],
            ingediend_cent=ingediend_cent,
            toegekend_cent=toegekend_cent,
            delen=delen,
            afgekeurd=afgekeurd or {},
        ),
    )
