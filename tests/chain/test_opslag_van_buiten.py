"""lokaal runs the chain on a Kafka and a Postgres that somebody else started."""

import json

import pytest

from lokaal.postgres import start_postgres
from lokaal.proces import free_port
from lokaal.spel import gestarte_keten
from tests.chain.spel import CONTRACTEN, GOES, Zaak, begeleiding, lees


@pytest.fixture
def eigen_dsn(tijdelijke_map):
    """A server of its own: the chain puts its vault there, and the session's has one with other keys."""
    server = start_postgres(tijdelijke_map / "postgres-van-buiten", free_port())
    yield server.dsn
    server.stop()


@pytest.fixture
def keten_van_buiten(tijdelijke_map, eigen_dsn, kafka_bootstrap):
    opslag = {"ZORGKETEN_POSTGRES": eigen_dsn, "ZORGKETEN_KAFKA": kafka_bootstrap}
    with gestarte_keten(tijdelijke_map / "van-buiten", wacht_s=240, opslag=opslag) as spel:
        yield spel


def test_een_indicatie_wordt_een_301_op_opslag_van_buiten(keten_van_buiten, eigen_dsn, kafka_bootstrap):
    keten = keten_van_buiten
    keten.klok("2026-01-19T10:00:00+01:00")
    keten.zet_contracten(GOES, CONTRACTEN)
    zaak = Zaak(keten)
    (product,) = lees(zaak.ken_toe(begeleiding()))["toegewezen_producten"]
    assert product["toewijzing_nummer"] == zaak.nummers[0]

    processen = json.loads((keten.map / "processen.json").read_text())
    assert not {"kafka", "postgres"} & set(processen), "lokaal starts and stops only what is its own"
    assert (keten.urls["postgres"], keten.urls["kafka"]) == (eigen_dsn, kafka_bootstrap)
    assert not (keten.map / "postgres").exists() and not (keten.map / "kafka").exists()
