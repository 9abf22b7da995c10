"""The provider's client is killed with -9 in the middle of its work: nothing is lost, nothing goes twice."""

import json

import pytest

from lokaal.spel import wacht_tot
from tests.chain.client import Client
from tests.chain.spel import GOES, MET_CLIENT, begeleiding, een_bsn, een_client

AANTAL = 12
AGB = MET_CLIENT[0]


@pytest.fixture(scope="module")
def client(keten, tmp_path_factory):
    """A provider with twelve unread 301s."""
    keten.klok("2026-01-19T10:00:00+01:00")
    client = Client(keten, AGB, tmp_path_factory.mktemp("aanbieder"))
    client.nummers = [
        nummer
        for _ in range(AANTAL)
        for nummer in keten.indicatie(GOES, een_client(een_bsn()), [begeleiding(aanbieder=AGB)])["toewijzing_nummers"]
    ]  # fmt: skip
    wacht_tot(lambda: True if len(keten.postbus(AGB)) == AANTAL else None, "alle 301's liggen klaar")
    return client


def verzonden(keten, soort):
    lijst = keten.vraag("GET", "knooppunt", f"/v1/berichten?richting=verzonden&soort={soort}&limit=500", AGB)
    return [b for b in lijst.json()["berichten"] if b["soort"] == soort]


def test_g01_g02_synchroniseer_overleeft_kill_9_zonder_verlies_en_zonder_dubbel_antwoord(keten, client):
    halverwege = 0
    for waar, genoeg in (
        ("richting = 'in'", 3),
        ("richting = 'in'", 8),
        ("status = 'verstuurd'", 1),
        ("status = 'verstuurd'", 5),
    ):
        code, toen = client.dood_bij(waar, genoeg, "synchroniseer")
        halverwege += code == -9 and 0 < toen < AANTAL
    assert halverwege >= 2, "the kills hit in the middle of the work"

    code, _ = client.doe("synchroniseer")
    assert code == 0
    assert keten.postbus(AGB) == [], "every message is confirmed"
    assert client.aantal("richting = 'in'") == AANTAL
    assert client.aantal("soort = 'WMO302' AND status = 'verstuurd'") == AANTAL
    assert len(verzonden(keten, "WMO302")) == AANTAL, "no 301 was answered twice"
    for nummer in client.nummers:
        keten.wacht_op_toewijzing(GOES, nummer, lambda t: t["laatste_301"]["status"] == "goedgekeurd")


def test_g01_g02_declareer_overleeft_kill_9_en_declareert_een_keer(keten, client, tmp_path):
    client.doe("synchroniseer")
    keten.klok("2026-03-03T10:00:00+01:00")
    csv = tmp_path / "februari.csv"
    csv.write_text("toewijzing_nummer,volume,tarief_cent\n" + "".join(f"{n},12,5875\n" for n in client.nummers))
    opdracht = ("declareer", csv, "--periode", "2026-02")
    code, _ = client.dood_bij("soort = 'WMO323'", 1, *opdracht)
    assert code in (-9, 0)
    codes = [client.doe(*opdracht, "--json") for _ in range(2)]
    assert [code for code, _ in codes] == [0, 0]
    assert codes[0][1] == codes[1][1], "the same bericht_id"
    assert len(verzonden(keten, "WMO323")) == 1

    def beantwoord():
        client.doe("synchroniseer")
        rijen = json.loads(client.doe("berichten", "--json")[1])
        return next((r for r in rijen if r["soort"] == "WMO323" and r["status"] == "beantwoord"), None)

    assert wacht_tot(beantwoord, "de 325 is verwerkt", 120)["retourcodes"] == []
