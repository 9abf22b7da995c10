"""Who hears of it, by which channel and when: terms of a case, preferences, quiet hours, a digest, the list."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.clock import clock
from chassis.db import OVERAL, Pool, transaction
from chassis.kafka import Event
from services.notifications import verzending
from services.notifications.handlers import melden
from services.notifications.handlers.verzamelen import verzamel
from tests.service.notifications.test_notificatie_versturen import (
    BACKOFFICE,
    een_event,
    een_gemelde_termijn,
    een_termijn,
    gelezen,
)  # fmt: skip

CLIENT = "A" * 26
AGB = {"Authorization": "Bearer 75750101"}


def een_termijn_van_melding(type_: str, soort: str, wie: str, **anders: Any) -> Event:
    data = {"termijn_id": str(uuid.uuid4()), "soort": soort, "wie": wie, "team": "west", "melding_id": "m-1",
            "uiterlijk": f"{clock.today() + dt.timedelta(days=7)}"} | anders  # fmt: skip
    return een_event(f"intake.{type_}", data, aanbieder=None)


def een_stap(naam: str, **anders: Any) -> Event:
    data = {"melding_id": "m-1", "volgnummer": 1, "stap": naam, "status": "ontvangen", "team": "west", "spoed": False,
            "open_risico": False} | anders  # fmt: skip
    return een_event(f"intake.{naam}", data, aanbieder=None)


async def verwerk(pool: Pool, handler: Any, *events: Event, **anders: Any) -> None:
    for event in (*events, *events):
        async with transaction(pool, event.tenant) as tx:
            await handler(tx, event, **anders)


async def lijst(api: httpx.AsyncClient, vraag: str = "", **koppen: Any) -> list[dict[str, Any]]:
    antwoord = await api.get(f"/v1/notificaties?limit=500{vraag}", **koppen)
    assert antwoord.status_code == 200, antwoord.text
    return list(antwoord.json()["notificaties"])


async def verstuur(pool: Pool, smtp: str) -> None:
    async with transaction(pool, OVERAL) as tx:
        await verzamel(tx)
    await verzending.verzend_wachtende(pool, smtp=smtp, door="proef")


async def test_voor_en_na_elke_termijn_van_een_melding_hoort_de_juiste_het_eenmaal(
    pool: Pool, api: httpx.AsyncClient, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak
    vroeger = f"{clock.today() - dt.timedelta(days=3)}"
    id_ = str(uuid.uuid4())
    await verwerk(
        pool, melden.meld_termijn_van_melding,
        een_termijn_van_melding("termijn_nadert", "onderzoek", "gemeente", termijn_id=id_),
        een_termijn_van_melding("termijn_verstreken", "onderzoek", "gemeente", termijn_id=id_, uiterlijk=vroeger),
        een_termijn_van_melding("termijn_nadert", "signaal", "team", melding_id=None, signaal_id="s-1"),
        een_termijn_van_melding("termijn_nadert", "bezwaar", "inwoner"),
        een_termijn_van_melding("termijn_verstreken", "reactie", "inwoner", uiterlijk=vroeger),
        # A warning after the day itself helps nobody.
        een_termijn_van_melding("termijn_nadert", "besluit", "gemeente", uiterlijk=vroeger),
    )  # fmt: skip
    await verwerk(
        pool, melden.meld_stap,
        een_stap("melding_ontvangen"),
        een_stap("melding_ontvangen", melding_id="m-2", spoed=True),
        een_stap("outreach_gevraagd", volgnummer=4),
        een_stap("beschikking_vastgesteld", volgnummer=5),
        een_stap("afweging_vastgelegd", volgnummer=6, respijt="geboden"),
        een_stap("afweging_vastgelegd", volgnummer=7, respijt="geboden"),
        een_stap("afweging_vastgelegd", volgnummer=8, melding_id="m-3", respijt="niet_nodig"),
    )  # fmt: skip
    rijen = await lijst(api)
    assert sorted((r["ontvanger_soort"], r["aanleiding"], r["kanaal"]) for r in rijen) == [
        ("helper", "respijt_geboden", "in_app"),
        ("inwoner", "beschikking_vastgesteld", "in_app"),
        ("inwoner", "melding_ontvangen", "in_app"),
        ("inwoner", "melding_ontvangen", "in_app"),
        ("inwoner", "termijn_nadert", "in_app"),
        ("wijkteam", "melding_ontvangen", "email"),
        ("wijkteam", "outreach_gevraagd", "email"),
        ("wijkteam", "termijn_nadert", "email"),
        ("wijkteam", "termijn_nadert", "email"),
        ("wijkteam", "termijn_verstreken", "email"),
        ("wijkteam", "termijn_verstreken", "email"),
    ]
    assert {r["ontvanger"] for r in rijen if r["ontvanger_soort"] == "wijkteam"} == {"west"}
    # A portal shows a resident his own, and nothing of his team's.
    eigen = await lijst(api, f"&client_id={CLIENT}&ontvanger_soort=inwoner")
    assert {r["onderwerp"] for r in eigen} == {
        "Wij hebben uw vraag om hulp", "Er is een besluit over uw hulp", "U kunt nog bezwaar maken",
    }  # fmt: skip
    assert all(r["status"] == "verzonden" and "Vragen mag" in r["inhoud"] for r in eigen)
    await verstuur(pool, smtp)
    mails = gelezen(map_)
    assert len(mails) == 6 and all(CLIENT not in mail.as_string() for mail in mails), "G18"
    assert {mail["To"] for mail in mails} == {"backoffice@gemeente-0664.example"}, "the team chose no address"


async def test_een_termijn_van_een_aanbieder_ziet_de_aanbieder_ook_maar_niet_wat_de_gemeente_hoort(
    pool: Pool, api: httpx.AsyncClient, postvak: tuple[str, Path]
) -> None:
    later = clock.today() + dt.timedelta(days=9)
    event = een_gemelde_termijn("termijn_nadert", "start", later, toewijzing_nummer=610001)
    await verwerk(pool, melden.meld_gemelde_termijn, event, backoffice=BACKOFFICE)
    (van_aanbieder,) = await lijst(api, headers=AGB)
    assert (van_aanbieder["ontvanger"], van_aanbieder["kanaal"], van_aanbieder["status"]) == (
        "75750101",
        "in_app",
        "verzonden",
    )
    assert "610001" in van_aanbieder["inhoud"] and BACKOFFICE not in van_aanbieder["inhoud"]
    assert await lijst(api, headers={"Authorization": "Bearer 75750202"}) == []
    assert {r["ontvanger_soort"] for r in await lijst(api)} == {"gemeente", "aanbieder"}, "what was told to whom"
    assert {r["betreft"] for r in await lijst(api)} == {event.data["termijn_id"]}

    # With an address of its own it gets e-mail, whatever municipality it is about.
    antwoord = await api.put("/v1/voorkeuren", json={"email": "planning@zorg.example"}, headers=AGB)
    assert antwoord.json() == {"email": "planning@zorg.example"}
    event = een_gemelde_termijn("termijn_verstreken", "start", later, toewijzing_nummer=610001)
    await verwerk(pool, melden.meld_gemelde_termijn, event, backoffice=BACKOFFICE)
    await verstuur(pool, postvak[0])
    naar = sorted(mail["To"] for mail in gelezen(postvak[1]))
    assert naar == ["backoffice@gemeente-0664.example"] * 2 + ["planning@zorg.example"]


async def test_stille_uren_houden_een_mail_op_tot_hun_einde(
    pool: Pool, api: httpx.AsyncClient, postvak: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    nu = [dt.datetime(2026, 2, 5, 22, 30, tzinfo=dt.UTC)]
    monkeypatch.setattr(clock, "now", lambda: nu[0])
    stil = {"email": "wmo@goes.example", "stil": {"van": "22:00", "tot": "07:00"}}
    assert (await api.put("/v1/voorkeuren", json=stil)).status_code == 200
    await verwerk(pool, melden.meld_termijn, een_termijn(str(uuid.uuid4())), backoffice=BACKOFFICE)
    await verstuur(pool, postvak[0])
    (rij,) = await lijst(api)
    assert (rij["status"], rij["niet_voor_at"]) == ("wacht", "2026-02-06T06:00:00Z") and gelezen(postvak[1]) == []
    nu[0] = dt.datetime(2026, 2, 6, 6, 0, tzinfo=dt.UTC)
    await verstuur(pool, postvak[0])
    assert [mail["To"] for mail in gelezen(postvak[1])] == ["wmo@goes.example"]


async def test_verzamelen_geeft_een_mail_per_dag_en_ook_die_is_bij_herhaling_dezelfde(
    pool: Pool, api: httpx.AsyncClient, postvak: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    nu = [dt.datetime(2026, 2, 5, 9, 0, tzinfo=dt.UTC)]
    monkeypatch.setattr(clock, "now", lambda: nu[0])
    for keuze in (
        {"email": "wmo@goes.example"},
        {"team": "west", "email": "west@goes.example", "verzamelen_om": "16:00"},
    ):
        assert (await api.put("/v1/voorkeuren", json=keuze)).status_code == 200
    gekozen = (await api.get("/v1/voorkeuren")).json()["voorkeuren"]
    assert [(v["team"], v["email"], v["verzamelen_om"]) for v in gekozen] == [
        (None, "wmo@goes.example", None), ("west", "west@goes.example", "16:00"),
    ]  # fmt: skip
    events = [
        een_termijn_van_melding("termijn_nadert", soort, "team", uiterlijk="2026-02-20")
        for soort in ("opvolging", "outreach", "signaal")
    ]
    await verwerk(pool, melden.meld_termijn_van_melding, *events)
    await verstuur(pool, postvak[0])
    assert gelezen(postvak[1]) == []
    nu[0] = dt.datetime(2026, 2, 5, 15, 0, tzinfo=dt.UTC)
    await verstuur(pool, "127.0.0.1:9")
    async with transaction(pool, OVERAL) as tx:
        await tx.execute("UPDATE notificatie SET volgende_poging_at = clock_timestamp()")
    await verstuur(pool, postvak[0])
    await verstuur(pool, postvak[0])
    (mail,) = gelezen(postvak[1])
    assert (mail["To"], mail["Subject"]) == ("west@goes.example", "Uw berichten van vandaag: 3")
    assert mail.get_content().count("Wat kunt u doen") == 3
    (bundel,) = await lijst(api, "&status=verzonden")
    delen = await lijst(api, "&status=verzameld")
    assert {deel["bundel_id"] for deel in delen} == {bundel["notificatie_id"]} and len(delen) == 3
    assert bundel["notificatie_id"] in mail["Message-ID"] and all(deel["verzonden_at"] for deel in delen)

    # One of them again goes by itself, and at once.
    await api.post(f"/v1/notificaties/{delen[0]['notificatie_id']}/opnieuw")
    await verstuur(pool, postvak[0])
    assert sorted(mail["Subject"] for mail in gelezen(postvak[1])) == sorted(
        ["Uw berichten van vandaag: 3", delen[0]["onderwerp"]]
    )


@pytest.mark.parametrize(
    "body",
    [
        {}, {"kanaal": "email"}, {"kanaal": "brief"}, {"email": "geen adres"}, {"email": "a@b.nl\r\nBcc: x@y.nl"},
        {"kanaal": "in_app", "verzamelen_om": "16:00"}, {"email": "a@b.nl", "stil": {"van": "22:00"}},
        {"email": "a@b.nl", "stil": {"van": "25:00", "tot": "07:00"}}, {"email": "a@b.nl", "onbekend": 1},
        {"kanaal": "brief", "adres": ["Postbus 1", "  "]},
    ],
)  # fmt: skip
async def test_een_voorkeur_waarmee_niemand_iets_hoort_wordt_geweigerd(api: httpx.AsyncClient, body: Any) -> None:
    antwoord = await api.put("/v1/voorkeuren", json=body)
    assert antwoord.status_code == 422 and "a@b.nl" not in antwoord.text


async def test_een_aanbieder_heeft_geen_teams(api: httpx.AsyncClient) -> None:
    antwoord = await api.put("/v1/voorkeuren", json={"team": "west", "email": "a@b.nl"}, headers=AGB)
    assert (antwoord.status_code, antwoord.json()["code"]) == (422, "geen_team")


async def test_brieven_gaan_als_een_stapel_naar_de_post_en_de_stapel_blijft_dezelfde(
    pool: Pool, api: httpx.AsyncClient
) -> None:
    adres = ["Wijkteam west", "t.a.v. mevrouw Şahin", "Markt 1", "4461 AA Goes"]
    assert (
        await api.put("/v1/voorkeuren", json={"team": "west", "kanaal": "brief", "adres": adres})
    ).status_code == 200
    events = [een_termijn_van_melding("termijn_nadert", soort, "team") for soort in ("opvolging", "outreach")]
    await verwerk(pool, melden.meld_termijn_van_melding, *events)
    assert {(r["kanaal"], r["status"]) for r in await lijst(api)} == {("brief", "wacht")}
    eerste = (await api.post("/v1/brieven", headers={"Idempotency-Key": "vandaag"})).json()
    assert eerste["aantal"] == 2
    assert (await api.post("/v1/brieven", headers={"Idempotency-Key": "vandaag"})).json() == eerste
    assert (await api.post("/v1/brieven")).json() == {"aantal": 0, "batch_id": None}
    papier = [await api.get(f"/v1/brieven/{eerste['batch_id']}") for _ in range(2)]
    assert papier[0].headers["content-type"] == "application/pdf" and papier[0].content[:5] == b"%PDF-"
    assert papier[0].content == papier[1].content and papier[0].content.count(b"/Type /Page\n") == 2
    # Sent again it lies ready for the next batch.
    (een, _) = await lijst(api)
    assert (await api.post(f"/v1/notificaties/{een['notificatie_id']}/opnieuw")).json()["status"] == "wacht"
    weer = (await api.post("/v1/brieven")).json()
    assert weer["aantal"] == 1 and weer["batch_id"] != eerste["batch_id"]
    assert (await api.get(f"/v1/brieven/{eerste['batch_id']}")).content == papier[0].content
