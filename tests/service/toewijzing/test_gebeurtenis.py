"""A person dies, moves, or gets another address or name: shown first, then every provider hears it in a 301."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.db import Pool, transaction
from chassis.kafka import Event
from services.intake.contracts.indicatie import AdresGewijzigd, Indicatie, NaamGewijzigd
from services.intake.handlers import indicatie as handlers
from services.intake.http import indicatie as http
from services.intake.store import indicatie as store
from services.toewijzing.domain.gebeurtenis import laatste_dag
from services.toewijzing.handlers.contract import vervang_contracten
from services.toewijzing.handlers.gebeurtenis import client_gewijzigd
from services.toewijzing.http import ROUTERS
from tests.service.toewijzing.test_http import browser
from tests.service.toewijzing.test_intake import een_indicatie
from tests.service.toewijzing.zaak import A1, GOES, VAN_GOES, Zaak, begeleiding, dagbesteding, een_contract, van

Klok = Callable[[str], None]
A2 = "75750202"
LATER = dagbesteding(aanbieder=A2, ingangsdatum="2026-07-06", einddatum="2026-12-31")


@pytest.fixture
async def toewijzing(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    async with browser("toewijzing", pool, *ROUTERS) as client:
        yield client


@pytest.fixture
async def zaak(pool: Pool, zet_klok: Klok) -> Zaak:
    """One toewijzing that runs, at one provider, and one that has yet to begin, at another."""
    zaak = Zaak(pool)
    async with transaction(pool, VAN_GOES) as tx:
        contracten = [een_contract("02A05", "04"), een_contract("07A12", "16") | {"aanbieder": A2}]
        await vervang_contracten(tx, GOES, contracten)
    await zaak.indiceer(begeleiding(), LATER)
    zet_klok("2026-06-08T10:00:00+02:00")
    return zaak


@pytest.mark.parametrize(
    ("soort", "datum", "einde", "reden"),
    [("overlijden", "2026-06-05", "2026-06-05", "02"), ("verhuizing", "2026-06-15", "2026-06-14", "07")],
)
async def test_s19_overlijden_en_verhuizing_tonen_eerst_en_schrijven_dan_elke_301(
    toewijzing: httpx.AsyncClient, zaak: Zaak, soort: str, datum: str, einde: str, reden: str
) -> None:
    pad, body = f"/v1/clienten/{zaak.client_id}/gebeurtenissen", {"soort": soort, "datum": datum}
    voor = await zaak.gebeurtenissen()
    proef = await toewijzing.post(pad, json=body, params={"proef": "true"})
    assert proef.status_code == 200, proef.text
    loopt, begint_nog = proef.json()["gevolgen"]
    assert (loopt["gevolg"], loopt["einddatum"], loopt["reden_wijziging"]) == ("eindigt", einde, reden)
    assert (begint_nog["gevolg"], begint_nog["aanbieder"], begint_nog["reden_wijziging"]) == ("vervalt", A2, "13")
    assert await zaak.gebeurtenissen() == voor, "a trial leaves nothing behind"

    echt = await toewijzing.post(pad, json=body)
    assert echt.status_code == 202 and echt.json()["gevolgen"] == proef.json()["gevolgen"]
    nieuw = (await zaak.gebeurtenissen())[len(voor) :]
    berichten = {g["aanbieder"]: g["data"] for g in nieuw if g["type"] == "toewijzing.bericht_opgesteld"}
    assert set(berichten) == {A1, A2}
    [product] = berichten[A1]["toegewezen_producten"]
    assert (product["einddatum"], product["reden_wijziging"]) == (einde, reden)
    assert [t["status"] for t in await zaak.toewijzingen()] == ["ingetrokken", "verwijderd"]
    assert (await toewijzing.post(pad, json=body)).json()["gevolgen"] == [], "nothing is left to end"


async def test_tr385_een_nummer_met_prestaties_vervalt_niet_en_dan_vertrekt_er_niets(
    toewijzing: httpx.AsyncClient, zaak: Zaak
) -> None:
    await zaak.declareer((await zaak.toewijzingen())[0]["toewijzing_nummer"], 70500)
    voor = await zaak.gebeurtenissen()
    pad, body = f"/v1/clienten/{zaak.client_id}/gebeurtenissen", {"soort": "overlijden", "datum": "2026-01-20"}
    proef = await toewijzing.post(pad, json=body, params={"proef": "true"})
    assert [[b["regel"] for b in g["bevindingen"]] for g in proef.json()["gevolgen"]] == [["TR385"], []]
    echt = await toewijzing.post(pad, json=body)
    assert echt.status_code == 422 and [b["regel"] for b in echt.json()["bevindingen"]] == ["TR385"]
    assert await zaak.gebeurtenissen() == voor


async def test_tr134_overlijden_in_de_toekomst_en_een_onbekende_client(
    toewijzing: httpx.AsyncClient, zaak: Zaak
) -> None:
    morgen = {"soort": "overlijden", "datum": "2026-06-09"}
    antwoord = await toewijzing.post(f"/v1/clienten/{zaak.client_id}/gebeurtenissen", json=morgen)
    assert [b["regel"] for b in antwoord.json()["bevindingen"]] == ["TR134"]
    assert (await toewijzing.post(f"/v1/clienten/{'A' * 26}/gebeurtenissen", json=morgen)).status_code == 404


def test_laatste_dag() -> None:
    assert laatste_dag("overlijden", date(2026, 3, 1)) == date(2026, 3, 1)
    assert laatste_dag("verhuizing", date(2026, 3, 1)) == date(2026, 2, 28)


async def test_een_ander_adres_gaat_naar_elke_aanbieder_met_een_geldige_toewijzing(pool: Pool, zaak: Zaak) -> None:
    event = Event(
        event_id=str(uuid4()), type="intake.client_gewijzigd", gemeente=GOES, client_id=zaak.client_id, volgnummer=7,
        gebeurd_at=datetime.now(UTC), data={"soort": "adres"},
    )  # fmt: skip
    voor = len(await zaak.gebeurtenissen())
    async with transaction(pool, VAN_GOES) as tx:
        await client_gewijzigd(tx, event)
    berichten = van((await zaak.gebeurtenissen())[voor:], "bericht_opgesteld")
    assert [b["client_na"] for b in berichten] == [7, 7], "knooppunt waits for the block that comes after it"
    assert all(p["reden_wijziging"] is None for b in berichten for p in b["toegewezen_producten"]), "IV013"


async def vastgelegd(intake_pool: Pool, bsn: str) -> str:
    async with transaction(intake_pool, VAN_GOES) as tx:
        indicatie: Indicatie = een_indicatie(bsn)
        client_id: str = (await handlers.neem_indicatie_aan(tx, GOES, "jan", indicatie, None))["client_id"]
    data = {
        "toewijzing_nummer": int(bsn[-5:]), "versie": 1, "aanbieder": A1, "ingangsdatum": "2026-02-02",
        "einddatum": "2026-07-31", "reden_wijziging": None, "status": "verzonden",
    }  # fmt: skip
    for anders in ({}, {"versie": 2, "einddatum": "2026-03-01"}, {"versie": 2, "status": "afgekeurd"}):
        event = Event(
            event_id=str(uuid4()), type="toewijzing.toewijzing_vastgelegd", gemeente=GOES, client_id=client_id,
            gebeurd_at=datetime.now(UTC), data=data | anders,
        )  # fmt: skip
        async with transaction(intake_pool, VAN_GOES) as tx:
            await handlers.toewijzing_vastgelegd(tx, event)
    return client_id


async def test_adres_wijzigen_toont_velden_zonder_waarden_en_legt_het_blok_na_de_melding_vast(
    intake_pool: Pool, zet_klok: Klok
) -> None:
    client_id = await vastgelegd(intake_pool, "999900055")
    zet_klok("2026-06-08T10:00:00+02:00")
    adres = {"soort": "adres", "adres": {"huisnummer": 12, "postcode": "4463ZZ", "plaats": "Goes"}}
    pad = f"/v1/clienten/{client_id}/gebeurtenissen"
    async with browser("intake", intake_pool, http.router) as client:
        proef = await client.post(pad, json=adres, params={"proef": "true"})
        assert proef.status_code == 200, proef.text
        assert proef.json()["velden"] == ["/adres/plaats", "/adres/postcode"] and "4463ZZ" not in proef.text
        assert proef.json()["gevolgen"] == [
            {"toewijzing_nummer": 55, "aanbieder": A1, "gevolg": "gaat_opnieuw_in_een_301"}
        ]
        sleutel = {"Idempotency-Key": str(uuid4())}
        for _ in range(2):
            assert (await client.post(pad, json=adres, headers=sleutel)).status_code == 202
        opnieuw = await client.post(pad, json=adres)
        assert opnieuw.json()["velden"] == opnieuw.json()["gevolgen"] == []
    async with transaction(intake_pool, VAN_GOES) as tx:
        rijen = await tx.fetch("SELECT type, bericht FROM outbox WHERE sleutel = $1 ORDER BY id", client_id)
    types = [rij["type"] for rij in rijen if not rij["type"].endswith("toegang_vastgelegd")]
    assert types[2:] == ["intake.client_gewijzigd", "intake.client_vastgelegd"], "the block comes after, and once"
    volgnummers: list[Any] = [json.loads(rij["bericht"])["volgnummer"] for rij in rijen]
    assert volgnummers == sorted(volgnummers)


async def test_naam_wijzigen_laat_het_overige_staan(intake_pool: Pool, zet_klok: Klok) -> None:
    client_id = await vastgelegd(intake_pool, "999900067")
    naam = NaamGewijzigd.model_validate({"soort": "naam", "naam": {"achternaam": "Proefzand"}})
    adres = AdresGewijzigd.model_validate({"soort": "adres", "adres": {"huisnummer": 3, "postcode": "4461AB"}})
    for gebeurtenis, velden in ((naam, ["/naam/achternaam"]), (adres, ["/adres/huisnummer"])):
        async with transaction(intake_pool, VAN_GOES) as tx:
            antwoord = await handlers.verwerk_gebeurtenis(tx, GOES, "jan", client_id, gebeurtenis, proef=False)
        assert antwoord["velden"] == velden
    async with transaction(intake_pool, VAN_GOES) as tx:
        assert (await handlers.toon_client(tx, GOES, "jan", client_id))["naam"] == {"achternaam": "Proefzand"}
        assert await store.load_client(tx, "0654", client_id) is None
