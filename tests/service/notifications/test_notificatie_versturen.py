"""A person hears of it by e-mail: once, in plain text, without personal data, also after an outage."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import email.policy
import uuid
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import asyncpg

from chassis.clock import clock
from chassis.db import OVERAL, Pool, Tx, init_connection, transaction
from chassis.kafka import Event
from services.notifications import verzending
from services.notifications.handlers import melden
from services.notifications.store import notificatie, ontvanger

BACKOFFICE = "http://127.0.0.1:8100"
Stap = Callable[[Any], Awaitable[None]]


class Doe:
    """Does something in a transaction of its own, or sends what is due."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def __call__(self, werk: Callable[[Tx], Awaitable[Any]]) -> Any:
        async with transaction(self.pool, OVERAL) as tx:
            return await werk(tx)

    async def verzend(self, smtp: str) -> None:
        await verzending.verzend_wachtende(self.pool, smtp=smtp, door="proef")


def een_event(type_: str, data: dict[str, Any], **anders: Any) -> Event:
    return Event.model_validate(
        {
            "event_id": str(uuid.uuid4()),
            "type": type_,
            "versie": 1,
            "gemeente": "0664",
            "aanbieder": "75750101",
            "client_id": "A" * 26,
            "volgnummer": 1,
            "gebeurd_at": dt.datetime.now(dt.UTC),
            "oorzaak": None,
            "keten": None,
            "data": data,
        }
        | anders
    )


def een_termijn(bericht_id: str) -> Event:
    data = {"bericht_id": bericht_id, "soort": "WMO301", "wacht_op": "WMO302", "uiterlijk": "2026-02-05"}
    return een_event("knooppunt.termijn_verstreken", data | {"partij": "75750101"})


def in_database(dsn: str, stap: Stap) -> None:
    async def loop() -> None:
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=2,
            init=init_connection,
            server_settings={"search_path": "notifications"},
        )

        await stap(Doe(pool))
        await pool.close()

    asyncio.run(loop())


def gelezen(map_: Path) -> list[EmailMessage]:
    berichten = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in map_.glob("*.eml")]
    return [b for b in berichten if isinstance(b, EmailMessage)]


def test_g02_termijn_verstreken_geeft_een_mail_hoe_vaak_het_event_ook_komt(
    notifications_dsn: str, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak
    bericht_id = str(uuid.uuid4())

    async def stap(doe: Any) -> None:
        for _ in range(3):
            await doe(lambda tx: melden.meld_termijn(tx, een_termijn(bericht_id), backoffice=BACKOFFICE))
            await doe.verzend(smtp)
        events = await doe(lambda tx: tx.fetch("SELECT type, topic FROM outbox"))
        assert [tuple(e) for e in events] == [("notifications.notificatie_verzonden", "notifications.v1")]

    in_database(notifications_dsn, stap)
    (mail,) = gelezen(map_)
    inhoud = mail.get_content()
    assert mail["To"] == "backoffice@gemeente-0664.example"
    assert mail.get_content_type() == "text/plain"
    assert bericht_id in inhoud and "5 februari 2026" in inhoud and "75750101" in inhoud


def test_g18_afkeuring_van_301_noemt_de_reden_en_geen_client(notifications_dsn: str, postvak: tuple[str, Path]) -> None:
    smtp, map_ = postvak
    data = {"opdracht_id": str(uuid.uuid4()), "bericht_id": str(uuid.uuid4()), "retourcodes": ["9019"]}

    async def stap(doe: Any) -> None:
        await doe(
            lambda tx: ontvanger.save_ontvanger(
                tx, gemeente="0664", aanbieder=None, soort="gemeente", wie="0664", kanaal="email",
                email="wmo@goes.example", adres=None, stil_van=None, stil_tot=None, verzamelen_om=None,
                gewijzigd_at=dt.datetime.now(dt.UTC),
            )
        )  # fmt: skip
        event = een_event("toewijzing.bericht_afgekeurd", data)
        await doe(lambda tx: melden.meld_afkeuring(tx, event, backoffice=BACKOFFICE))
        await doe.verzend(smtp)

    in_database(notifications_dsn, stap)
    (mail,) = gelezen(map_)
    assert mail["To"] == "wmo@goes.example"
    assert "9019" in mail.get_content() and "A" * 26 not in mail.as_string()


def test_afkeuring_van_319_gaat_over_een_antwoord_op_een_verzoek(
    notifications_dsn: str, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak
    data = {"opdracht_id": str(uuid.uuid4()), "bericht_id": str(uuid.uuid4()), "soort": "WMO319", "retourcodes": []}

    async def stap(doe: Any) -> None:
        event = een_event("toewijzing.bericht_afgekeurd", data)
        await doe(lambda tx: melden.meld_afkeuring(tx, event, backoffice=BACKOFFICE))
        await doe.verzend(smtp)

    in_database(notifications_dsn, stap)
    (mail,) = gelezen(map_)
    assert "antwoord op een verzoek" in mail["Subject"]
    assert "antwoord op een verzoek (319)" in mail.get_content() and "geen zorg" not in mail.get_content()


def test_g02_een_budget_dat_een_drempel_haalt_geeft_een_mail_per_drempel(
    notifications_dsn: str, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak
    data = {"jaar": 2026, "product_categorie": "02", "plafond_cent": 100_000_000, "verplicht_cent": 120_000_000,
            "gerealiseerd_cent": 40_000_000, "prognose_cent": 95_512_345}  # fmt: skip

    async def stap(doe: Any) -> None:
        for procent in (80, 95, 95):
            event = een_event("declaratie.budget_bereikt", data | {"procent": procent}, client_id=None, aanbieder=None)
            await doe(lambda tx, event=event: melden.meld_budget(tx, event))
        await doe.verzend(smtp)

    in_database(notifications_dsn, stap)
    mails = {mail["Subject"]: mail.get_content() for mail in gelezen(map_)}
    assert sorted(mails) == [f"Budget 2026 voor categorie 02 komt op {procent} procent" for procent in (80, 95)]
    assert "Verwacht tot het eind van het jaar: € 955.123,45" in mails[max(mails)]


def test_mail_wacht_tot_de_server_er_is_en_houdt_zijn_kenmerk(
    notifications_dsn: str, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak

    async def stap(doe: Any) -> None:
        await doe(lambda tx: melden.meld_termijn(tx, een_termijn(str(uuid.uuid4())), backoffice=BACKOFFICE))
        await doe.verzend("127.0.0.1:9")
        assert gelezen(map_) == []
        await doe(lambda tx: tx.execute("UPDATE notificatie SET volgende_poging_at = clock_timestamp()"))
        await doe.verzend(smtp)
        (rij,) = await doe(lambda tx: tx.fetch("SELECT * FROM notificatie"))
        assert rij["status"] == "verzonden"
        await doe(lambda tx: notificatie.reset_poging(tx, str(rij["notificatie_id"])))
        await doe.verzend(smtp)

    in_database(notifications_dsn, stap)
    een, twee = gelezen(map_)
    assert een["Message-ID"] == twee["Message-ID"]


def een_gemelde_termijn(type_: str, soort: str, uiterlijk: dt.date, **anders: Any) -> Event:
    data = {"termijn_id": str(uuid.uuid4()), "soort": soort, "wie": "aanbieder", "partij": "75750101",
            "uiterlijk": uiterlijk.isoformat(), "toewijzing_nummer": None, "bericht_id": None} | anders  # fmt: skip
    return een_event(f"toewijzing.{type_}", data)


def test_g02_een_termijn_geeft_een_mail_per_aanleiding_en_geen_waarschuwing_achteraf(
    notifications_dsn: str, postvak: tuple[str, Path]
) -> None:
    smtp, map_ = postvak
    vandaag = clock.today()
    later, vroeger = vandaag + dt.timedelta(days=9), vandaag - dt.timedelta(days=9)
    bericht_id = str(uuid.uuid4())
    events = [
        een_gemelde_termijn("termijn_nadert", "antwoord_301", later, bericht_id=bericht_id),
        een_gemelde_termijn("termijn_nadert", "start", vroeger, toewijzing_nummer=100001),
        een_gemelde_termijn("termijn_verstreken", "start", vroeger, toewijzing_nummer=100001),
        een_gemelde_termijn("termijn_verstreken", "besluit_verzoek", vroeger, partij="0664", wie="gemeente"),
        een_gemelde_termijn(
            "termijn_nadert", "antwoord_declaratie", later, partij="0664", wie="gemeente", bericht_id=bericht_id
        ),
        een_gemelde_termijn("einde_nadert", "vervolg", later, partij="0664", toewijzing_nummer=100002),
    ]

    async def stap(doe: Any) -> None:
        for event in (*events, *events):
            await doe(lambda tx, e=event: melden.meld_gemelde_termijn(tx, e, backoffice=BACKOFFICE))
        await doe.verzend(smtp)

    in_database(notifications_dsn, stap)
    mails = {mail["Subject"]: mail.get_content() for mail in gelezen(map_)}
    assert len(gelezen(map_)) == 5
    declaratie = mails["Termijn bijna voorbij: het antwoord op een declaratie (325)"]
    assert "laat nagaan waarom zij stilstaat" in declaratie and "Open het verzoek" not in declaratie
    assert set(mails) == {
        "Termijn bijna voorbij: het antwoord op een declaratie (325)",
        "Termijn bijna voorbij: het antwoord op een toewijzing (302)",
        "Termijn voorbij: het bericht dat de hulp is begonnen (305)",
        "Termijn voorbij: het besluit over een verzoek van de aanbieder",
        "Een toewijzing eindigt binnenkort",
    }
    assert bericht_id in mails["Termijn bijna voorbij: het antwoord op een toewijzing (302)"]
    start = mails["Termijn voorbij: het bericht dat de hulp is begonnen (305)"]
    assert "Toewijzing: 100001" in start and "Aanbieder 75750101" in start
    assert "Uw gemeente" in mails["Termijn voorbij: het besluit over een verzoek van de aanbieder"]
    assert "100002" in mails["Een toewijzing eindigt binnenkort"]
    assert all("A" * 26 not in tekst for tekst in mails.values()), "no client_id (G18)"
