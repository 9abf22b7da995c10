"""intake: een indicatie aannemen, herhalen en haar uitkomst tonen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.db import Pool, transaction
from chassis.errors import Problem
from chassis.kafka import Event
from services.intake.contracts.indicatie import Indicatie
from services.intake.handlers import indicatie as handlers
from services.intake.store import indicatie as store
from tests.service.toewijzing.zaak import GOES, VAN_GOES, begeleiding

Klok = Callable[[str], None]


def een_indicatie(bsn: str = "999900018", **anders: Any) -> Indicatie:
    return Indicatie.model_validate(
        {
            "client": {
                "bsn": bsn,
                "geboortedatum": "1950-05-17",
                "geslacht": "2",
                "naam": {"achternaam": "Testduin"},
                "adres": {"huisnummer": 12, "postcode": "4461AB"},
            },
            "beschikking": {"nummer": "1", "ingangsdatum": "2026-01-01"},
            "producten": [begeleiding()],
        }
        | anders
    )


async def test_indicatie_aannemen_en_tonen(intake_pool: Pool, zet_klok: Klok) -> None:
    async with transaction(intake_pool, VAN_GOES) as tx:
        antwoord = await handlers.neem_indicatie_aan(tx, GOES, "jan", een_indicatie(), None)
        types = await tx.fetch("SELECT type, bericht FROM outbox WHERE sleutel = $1 ORDER BY id", antwoord["client_id"])
    assert [r["type"] for r in types][-3:] == [
        "intake.client_vastgelegd", "intake.indicatie_vastgesteld", "intake.toegang_vastgelegd"
    ]  # fmt: skip
    assert not any(b"999900018" in r["bericht"] or b"Testduin" in r["bericht"] for r in types)
    event = Event(
        event_id=str(uuid4()),
        type="toewijzing.indicatie_toegewezen",
        gemeente=GOES,
        gebeurd_at=datetime.now(UTC),
        data={"indicatie_id": antwoord["indicatie_id"], "toewijzing_nummers": [5]},
    )
    async with transaction(intake_pool, VAN_GOES) as tx:
        await handlers.indicatie_toegewezen(tx, event)
        gezien = await store.load_indicatie(tx, GOES, antwoord["indicatie_id"])
        assert await store.load_indicatie(tx, "0654", antwoord["indicatie_id"]) is None
    assert gezien is not None
    assert (gezien["status"], gezien["toewijzing_nummers"], gezien["bevindingen"]) == ("toegewezen", [5], [])


async def test_dezelfde_sleutel_geeft_hetzelfde_antwoord(intake_pool: Pool, zet_klok: Klok) -> None:
    sleutel = str(uuid4())
    antwoorden = []
    for _ in range(2):
        async with transaction(intake_pool, VAN_GOES) as tx:
            antwoorden.append(await handlers.neem_indicatie_aan(tx, GOES, "jan", een_indicatie(), sleutel))
    assert antwoorden[0] == antwoorden[1]
    with pytest.raises(Problem) as fout:
        async with transaction(intake_pool, VAN_GOES) as tx:
            await handlers.neem_indicatie_aan(tx, GOES, "jan", een_indicatie(producten=[]), sleutel)
    assert fout.value.status == 409


async def test_cs002_bsn_klopt_niet(intake_pool: Pool, zet_klok: Klok) -> None:
    with pytest.raises(Problem) as fout:
        async with transaction(intake_pool, VAN_GOES) as tx:
            await handlers.neem_indicatie_aan(tx, GOES, "jan", een_indicatie("999900019"), None)
    assert (fout.value.status, [b.regel for b in fout.value.bevindingen]) == (422, ["CS002"])


async def test_client_afgeschermd_en_inzage_gelogd(intake_pool: Pool, zet_klok: Klok) -> None:
    async with transaction(intake_pool, VAN_GOES) as tx:
        client_id = (await handlers.neem_indicatie_aan(tx, GOES, "jan", een_indicatie(), None))["client_id"]
    async with transaction(intake_pool, VAN_GOES) as tx:
        assert await handlers.zoek_client(tx, GOES, "piet", "999900018") == {"client_id": client_id}
        gezien = await handlers.toon_client(tx, GOES, "piet", client_id)
        log = await tx.fetch("SELECT handeling FROM toegang WHERE wie = 'piet' AND client_id = $1", client_id)
    assert gezien["bsn"] == "*****0018" and gezien["naam"]["achternaam"] == "Testduin"
    assert {r["handeling"] for r in log} == {"gezocht", "ingezien"}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(intake_pool, VAN_GOES) as tx:
            await tx.execute("DELETE FROM toegang")
