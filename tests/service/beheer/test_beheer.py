"""`python -m beheer` on a real Postgres, vault and Kafka: every change is tried first, then done, and done once."""

from __future__ import annotations

import asyncio
import base64
import json
import tarfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from beheer import bundel
from beheer.__main__ import maak_parser, main
from chassis import kluis as kluizen
from chassis.audit import Toegang, log_toegang
from chassis.db import Tenant, act_for, connection_options
from chassis.migrate import services
from chassis.outbox import add
from tests.conftest import ROL_WACHTWOORD

GOES = "0664"
BSN = "999990019"
GISTEREN, STRAKS = (datetime.now(UTC) + timedelta(days=n) for n in (-1, 1))


@pytest.fixture(scope="module")
def dsn(postgres_dsn: str, kluis_dsn: str, kafka_bootstrap: str) -> Iterator[str]:
    """A fresh database, with what `beheer` is told of it in the environment; nothing is migrated yet."""
    naam = f"beheer_{uuid.uuid4().hex[:12]}"
    asyncio.run(_sql(postgres_dsn, f"create database {naam}"))
    dsn = f"{postgres_dsn.rpartition('/')[0]}/{naam}"
    with pytest.MonkeyPatch.context() as patch:
        for sleutel, waarde in {
            "DSN_BEHEER": dsn, "WACHTWOORD_ROL": ROL_WACHTWOORD, "KAFKA": kafka_bootstrap, "KLUIS_BEHEER": postgres_dsn,
            "SLEUTEL_KLUIS": f"1:{base64.b64encode(b'k' * 32).decode()}",
        }.items():  # fmt: skip
            patch.setenv(f"ZORGKETEN_{sleutel}", waarde)
        yield dsn


async def _sql(dsn: str, *opdrachten: str) -> Any:
    verbinding = await asyncpg.connect(dsn)
    try:
        for opdracht in opdrachten:
            rijen = await verbinding.fetch(opdracht)
        return rijen
    finally:
        await verbinding.close()


async def _in_schema(dsn: str, service: str, doe: Any) -> Any:
    verbinding = await asyncpg.connect(dsn, server_settings=connection_options(service, "proef"))
    try:
        async with verbinding.transaction():
            return await doe(verbinding)
    finally:
        await verbinding.close()


def beheer(capsys: pytest.CaptureFixture[str], *woorden: str, code: int = 0) -> str:
    """The command; asserts its exit code and gives what it printed."""
    uitkomst = main(woorden)
    gezegd = capsys.readouterr()
    assert uitkomst == code, gezegd.out + gezegd.err
    return gezegd.out + gezegd.err


def test_migrate_toont_eerst_wat_ontbreekt_en_doet_het_dan_eenmaal(
    dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    zou = beheer(capsys, "migrate", "--fase", "alle", "--dry-run")
    assert "toewijzing/0001_pre_begin.sql" in zou
    assert asyncio.run(_sql(dsn, "select from information_schema.schemata where schema_name = 'toewijzing'")) == []
    gedaan = beheer(capsys, "migrate", "--fase", "alle")
    for service in services():
        [aantal] = [regel.split()[1] for regel in zou.splitlines() if regel.startswith(f"{service}:")]
        assert int(aantal) > 0 and f"{service}: {aantal} migraties toegepast" in gedaan
    assert "intake: 0 migraties" in beheer(capsys, "migrate", "--fase", "alle", "--dry-run")


def test_topics_worden_gemaakt_en_een_tweede_keer_niet(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    # Another test of this broker may have made them already.
    beheer(capsys, "topics")
    assert "declaratie.v1                 12 partities" in beheer(capsys, "topics", "--dry-run")
    assert "ontbreekt" not in beheer(capsys, "topics")


def test_republish_telt_eerst_en_zet_dan_alleen_die_periode_terug(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def schrijf(tx: Any) -> None:
        for _ in range(3):
            await add(tx, topic="intake.v1", type="intake.proef", key="k", gemeente=GOES, data={})
        await tx.execute("update outbox set verzonden_at = now()")
        await tx.execute(
            "update outbox set gemaakt_at = '2026-01-01T00:00:00Z' where id = (select min(id) from outbox)"
        )

    asyncio.run(_in_schema(dsn, "intake", schrijf))
    vanaf = ("republish", "--van", "2026-02-01T00:00:00+00:00", "intake")
    assert beheer(capsys, *vanaf, "--dry-run") == "intake: 2 events zouden opnieuw gaan\n"
    assert asyncio.run(_sql(dsn, "select from intake.outbox where verzonden_at is null")) == []
    assert beheer(capsys, *vanaf) == "intake: 2 events gaan opnieuw\n"
    assert len(asyncio.run(_sql(dsn, "select from intake.outbox where verzonden_at is null"))) == 2


def test_prune_laat_staan_wat_jonger_is_of_nog_moet(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def schrijf(tx: Any) -> None:
        for _ in range(4):
            await add(tx, topic="toewijzing.v1", type="toewijzing.proef", key="k", gemeente=GOES, data={})
        await tx.execute("update outbox set gemaakt_at = now() - interval '20 days'")
        await tx.execute("update outbox set verzonden_at = now() - interval '15 days' where id % 2 = 0")

    asyncio.run(_in_schema(dsn, "toewijzing", schrijf))
    assert "2 verzonden events zouden weggaan" in beheer(capsys, "prune", "toewijzing", "--dry-run")
    assert "2 verzonden events weg" in beheer(capsys, "prune", "toewijzing")
    assert "0 verzonden events weg" in beheer(capsys, "prune", "toewijzing")
    assert len(asyncio.run(_sql(dsn, "select from toewijzing.outbox where verzonden_at is null"))) == 2


def test_status_noemt_wat_wacht_en_wat_geparkeerd_staat(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    park = """insert into declaratie.geparkeerd (topic, partitie, positie, type, reden, sleutel, ruw, geparkeerd_at)
              values ('toewijzing.v1', 0, 1, 'toewijzing.proef', 'onbruikbaar', '', convert_to('{}', 'UTF8'),
                      now() - interval '3 hours')"""
    asyncio.run(_sql(dsn, park.format(BSN)))
    [regel] = [r for r in beheer(capsys, "status", code=1).splitlines() if r.startswith("declaratie")]
    assert regel.split()[2:] == ["0", "-", "1", "3", "u", "0"]
    asyncio.run(_sql(dsn, "update declaratie.geparkeerd set opgelost_at = now()"))
    beheer(capsys, "status")


def test_de_achterstand_boven_de_grens_is_niet_in_orde(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

    groep = f"beheer-proef-{uuid.uuid4().hex[:8]}"

    async def loop_achter() -> None:
        import os

        bootstrap = os.environ["ZORGKETEN_KAFKA"]
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
        lezer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=groep, enable_auto_commit=False)
        await producer.start()
        await lezer.start()
        plek = TopicPartition("notifications.v1", 0)
        lezer.assign([plek])
        hier = (await lezer.end_offsets([plek]))[plek]
        await lezer.commit({plek: hier})
        for _ in range(3):
            await producer.send_and_wait("notifications.v1", b"{}", partition=0)
        await producer.stop()
        await lezer.stop()

    asyncio.run(loop_achter())
    [regel] = [r for r in beheer(capsys, "lag", "--grens", "2", code=1).splitlines() if r.startswith(groep)]
    assert regel.split() == [groep, "3"]


def test_sleutels_worden_opnieuw_verpakt_en_een_client_vergeten(
    dsn: str, kluis_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client_id, ander = (uuid.uuid4().hex[:26].upper() for _ in range(2))

    async def sleutels() -> dict[str, bytes]:
        kluis = kluizen.Kluis()
        await kluis.open(kluis_dsn, "proef")
        try:
            return await kluis.sleutels([client_id, ander])
        finally:
            await kluis.close()

    eerst = asyncio.run(sleutels())
    oud, nieuw = (base64.b64encode(c * 32).decode() for c in (b"k", b"n"))
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"7:{nieuw},1:{oud},2:{base64.b64encode(b'2' * 32).decode()}")
    aantal = int(beheer(capsys, "rotate-keys", "--dry-run").split()[0])
    assert aantal >= 2
    assert beheer(capsys, "rotate-keys") == f"{aantal} sleutels opnieuw verpakt\n"
    assert beheer(capsys, "rotate-keys") == "0 sleutels opnieuw verpakt\n"
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"7:{nieuw}")
    assert asyncio.run(sleutels()) == eerst, "the old key is not needed any more"
    # The vault is shared by the tests of this session: back to its own key.
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"1:{oud},7:{nieuw}")
    beheer(capsys, "rotate-keys")
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"1:{oud}")

    beheer(capsys, "forget-client", client_id, "--dry-run")
    assert "niet terug te draaien" in beheer(capsys, "forget-client", client_id, code=2)
    assert asyncio.run(sleutels()) == eerst
    lijst = tmp_path / "vernietigd.jsonl"
    beheer(capsys, "forget-client", client_id, "--door", "proef", "--lijst", str(lijst), "--onomkeerbaar")
    with pytest.raises(kluizen.Vergeten):
        asyncio.run(sleutels())
    assert client_id in lijst.read_text() and ander not in lijst.read_text()
    # A restored vault has the key again; the list destroys it once more.
    versie, verpakt = kluizen._wrap(client_id, eerst[client_id])
    kluis_beheer = kluizen.kluis_dsn(__import__("os").environ["ZORGKETEN_KLUIS_BEHEER"])
    terug = f"insert into kluis.sleutel values ('{client_id}', {versie}, '\\x{verpakt.hex()}')"
    asyncio.run(_sql(kluis_beheer, terug))
    assert "1 van " in beheer(capsys, "forget-again", str(lijst), "--dry-run")
    assert "1 van " in beheer(capsys, "forget-again", str(lijst))
    assert "van deze client is geen sleutel" in beheer(capsys, "forget-client", client_id, "--dry-run", code=1)


def test_het_logboek_gaat_eruit_met_zijn_ketens_en_vindt_wat_veranderd_is(
    dsn: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def kijk(tx: Any) -> None:
        await act_for(tx, Tenant(GOES))
        for n in range(3):
            await log_toegang(tx, Toegang(GOES, "consulent", GOES, "zaak_bekeken", None, f"zaak-{n}"))

    asyncio.run(_in_schema(dsn, "intake", kijk))
    naar = tmp_path / "logboek.jsonl"
    wat = ("audit-export", "--gemeente", GOES, "--van", GISTEREN.isoformat(), "--tot", STRAKS.isoformat(),
           "--naar", str(naar), "--door", "auditor")  # fmt: skip
    assert '"regels": 3' in beheer(capsys, *wat, "--dry-run") and not naar.exists()
    beheer(capsys, *wat)
    regels = [json.loads(regel) for regel in naar.read_text().splitlines()]
    assert [r["onderwerp"] for r in regels if r["service"] == "intake"] == ["zaak-0", "zaak-1", "zaak-2"]
    # Who looked at the log is in the log.
    beheer(capsys, *wat, "--dry-run")
    wie = asyncio.run(_sql(dsn, "select wie from intake.toegang where handeling = 'logboek_uitgevoerd'"))
    assert [rij["wie"] for rij in wie] == ["auditor"]
    anders = "update intake.toegang set wie = 'niemand' where onderwerp = 'zaak-1'"
    asyncio.run(_sql(dsn, "set session_replication_role = replica", anders))
    assert "gebroken keten: intake" in beheer(capsys, *wat, "--dry-run", code=1)


def test_de_bundel_bevat_geen_persoon_en_geen_geheim(
    dsn: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    park = f"""insert into toewijzing.geparkeerd (topic, partitie, positie, type, reden, sleutel, ruw)
               values ('intake.v1', 0, 9, 'intake.{BSN}', 'onbruikbaar', '{BSN}', convert_to('{{"bsn":"{BSN}"}}', 'UTF8'))"""
    asyncio.run(_sql(dsn, park))
    monkeypatch.setenv("ZORGKETEN_URL_INTAKE", "http://127.0.0.1:1")
    naar = tmp_path / "bundel.tar.gz"
    beheer(capsys, "support-bundle", "--naar", str(naar), "--dry-run")
    assert not naar.exists()
    beheer(capsys, "support-bundle", "--naar", str(naar))
    with tarfile.open(naar) as inhoud:
        delen = {deel.name: inhoud.extractfile(deel).read().decode() for deel in inhoud}  # type: ignore[union-attr]
    alles = "\n".join(delen.values())
    assert BSN not in alles and dsn not in alles
    assert json.loads(delen["geparkeerd.json"])["toewijzing"][0]["reden"] == "onbruikbaar"
    assert json.loads(delen["migraties.json"]) == {service: [] for service in services()}
    assert json.loads(delen["metingen-intake.txt"]) == {"niet_gelukt": "ConnectError"}
    assert "ZORGKETEN_DSN_BEHEER" in json.loads(delen["instellingen.json"])
    assert json.loads(delen["postgres.json"])["tabellen"]


def test_een_getal_dat_een_bsn_kan_zijn_is_ook_gemaskeerd_nog_json() -> None:
    tekst = bundel.schoon(json.dumps(bundel._leesbaar({"tabellen": [{"bytes": int(BSN), "rijen": 12, "leeg": True}]})))
    assert json.loads(tekst) == {"tabellen": [{"bytes": "*", "rijen": 12, "leeg": True}]}


def test_wat_iets_verandert_kan_eerst_op_proef() -> None:
    [acties] = [a for a in maak_parser()._actions if a.dest == "commando"]
    alleen_kijken = {"status", "lag", "forgotten"}
    for naam, parser in acties.choices.items():  # type: ignore[union-attr]
        opties = {optie for actie in parser._actions for optie in actie.option_strings}
        assert ("--dry-run" in opties) != (naam in alleen_kijken), naam


def test_een_fout_is_een_zin_zonder_waarde(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ZORGKETEN_DSN_BEHEER", "postgresql://geheim:wachtwoord@127.0.0.1:1/niets")
    gezegd = beheer(capsys, "status", code=1)
    assert "wachtwoord" not in gezegd and gezegd.count("\n") == 1
    monkeypatch.delenv("ZORGKETEN_DSN_BEHEER")
    assert "ZORGKETEN_DSN_BEHEER ontbreekt" in beheer(capsys, "status", code=1)
