"""One W3C trace goes from a request over HTTP through outbox and Kafka to every service and back."""

import asyncio
import json
import secrets

from aiokafka import AIOKafkaConsumer

from beheer.topics import TOPICS
from lokaal.spel import wacht_tot
from schemas.iwmo import schrijf
from tests.chain.spel import GOES, Zaak, begeleiding, een_prestatie, maak_declaratie, nummer
from tests.chain.verzamelaar import Stuk, Verzamelaar


async def types_van(bootstrap: str, trace_id: str) -> set[str]:
    """The types of all events on Kafka whose header carries this trace."""
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        einden = await consumer.end_offsets(consumer.assignment())
        gevonden = set()
        while any([await consumer.position(tp) < eind for tp, eind in einden.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                koppen = [dict(record.headers) for record in records]
                gevonden |= {
                    k["type"].decode() for k in koppen if trace_id in k.get("traceparent", b"").decode("latin-1")
                }
        return gevonden
    finally:
        await consumer.stop()


def logregels(keten, dienst: str, trace_id: str) -> list[str]:
    """The events of the log lines of a service within this trace."""
    regels = (json.loads(r) for r in (keten.map / "log" / f"{dienst}.log").read_text().splitlines() if trace_id in r)
    return [regel["event"] for regel in regels if regel.get("trace_id") == trace_id]


def test_een_305_houdt_zijn_trace_tot_in_het_antwoord(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    start = {
        "toewijzing_nummer": zaak.nummers[0],
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-02-02",
        "begindatum": "2026-02-04",
        "status_aanlevering": "1",
    }
    xml = schrijf.start_305(
        afzender=zaak.agb, ontvanger=GOES, identificatie=nummer("S"), dagtekening=keten.vandaag(),
        client=zaak.client, start_producten=[start],
    )  # fmt: skip
    trace_id = secrets.token_hex(16)
    ontvangen = keten.vraag(
        "POST", "knooppunt", "/v1/berichten", zaak.agb, content=xml,
        headers={"Content-Type": "application/xml", "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"},
    )  # fmt: skip
    assert ontvangen.status_code == 202
    keten.wacht_op_antwoord(zaak.agb, ontvangen.json()["bericht_id"])

    op_kafka = asyncio.run(types_van(keten.urls["kafka"], trace_id))
    assert {"knooppunt.bericht_ontvangen", "toewijzing.bericht_beoordeeld"} <= op_kafka
    assert "verzoek" in logregels(keten, "knooppunt", trace_id)
    for dienst in ("toewijzing", "knooppunt", "backoffice"):
        wacht_tot(
            lambda d=dienst: "events_verwerkt" in logregels(keten, d, trace_id) or None, f"een logregel van {dienst}"
        )


def dien_in_met_spoor(keten, zaak: Zaak) -> tuple[str, str]:
    """Hand in a 323 of one line; gives its trace and its bericht_id."""
    trace_id = secrets.token_hex(16)
    ontvangen = keten.vraag(
        "POST", "knooppunt", "/v1/berichten", zaak.agb,
        content=maak_declaratie(keten, {zaak.bsn: [een_prestatie(zaak.nummers[0], nummer("R"), 12)]}, agb=zaak.agb),
        headers={"Content-Type": "application/xml", "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"},
    )  # fmt: skip
    assert ontvangen.status_code == 202
    return trace_id, ontvangen.json()["bericht_id"]


def keten_van(stukken: list[Stuk], laatste: Stuk) -> list[str]:
    """The services on the way from the request to this span, each span being the child of the one before."""
    per_id = {stuk.span.span_id: stuk for stuk in stukken}
    weg = [laatste]
    while (boven := per_id.get(weg[-1].span.parent_span_id)) is not None:
        weg.append(boven)
    return [stuk.dienst for stuk in reversed(weg)]


def test_een_323_is_een_spoor_door_drie_diensten_tot_zijn_325(keten, verzamelaar: Verzamelaar):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    trace_id, bericht_id = dien_in_met_spoor(keten, zaak)
    keten.wacht_op_antwoord(zaak.agb, bericht_id)
    # In a query anybody can put anything, and so in what cannot be read.
    assert keten.vraag("GET", "intake", f"/v1/meldingen?zoek={zaak.bsn}", GOES).status_code < 500
    assert keten.vraag("POST", "intake", "/v1/indicaties", GOES, json={"client": zaak.bsn}).status_code == 422
    assert keten.vraag("GET", "knooppunt", f"/v1/berichten/{zaak.bsn}", zaak.agb).status_code == 404

    def af() -> list[Stuk] | None:
        stukken = verzamelaar.spoor(trace_id)
        wegen = [keten_van(stukken, stuk) for stuk in stukken]
        # Each process sends its spans by itself, so the last may be there before the first.
        heel = any(weg[0] == weg[-1] == "knooppunt" and "declaratie" in weg for weg in wegen)
        return stukken if heel and "backoffice" in {stuk.dienst for stuk in stukken} else None

    stukken = wacht_tot(af, "de hele weg van de 323 naar zijn 325, en wie meeleest")
    assert stukken[0].span.name == "POST /v1/berichten"
    assert {stuk.span.name for stuk in stukken} >= {
        "knooppunt.declaratie_ontvangen",
        "knooppunt.declaratiedeel_ontvangen",
    }

    # G18: of what the chain told the collector nothing is of a person, and every attribute is one that we chose.
    bsn = zaak.bsn.encode()
    assert not any(vorm in stuk.span.SerializeToString() for stuk in verzamelaar.alles() for vorm in (bsn, bsn[::-1]))
    assert {een.key for stuk in verzamelaar.alles() for een in stuk.span.attributes} == {
        "http.request.method", "http.route", "http.response.status_code", "messaging.destination.name",
        "messaging.batch.message_count",
    }  # fmt: skip


def test_een_verzamelaar_die_zwijgt_houdt_niets_op(keten, verzamelaar: Verzamelaar):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    with verzamelaar.zwijgt():
        wacht_tot(lambda: verzamelaar.vastgehouden or None, "een dienst wacht op de verzamelaar")
        _, bericht_id = dien_in_met_spoor(keten, zaak)
        keten.wacht_op_antwoord(zaak.agb, bericht_id)
    trace_id, bericht_id = dien_in_met_spoor(keten, zaak)
    keten.wacht_op_antwoord(zaak.agb, bericht_id)
    wacht_tot(lambda: verzamelaar.spoor(trace_id) or None, "sporen komen weer", 60)


def test_een_meting_van_een_handler_wijst_naar_haar_spoor(keten):
    def gemeten() -> bool | None:
        tekst = keten._http.get(
            f"{keten.urls['declaratie']}/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}
        ).text
        regels = [regel for regel in tekst.splitlines() if regel.startswith("zorgketen_event_duur_seconden_bucket")]
        return any('# {trace_id="' in regel for regel in regels) or None

    wacht_tot(gemeten, "een handler die gemeten is")
