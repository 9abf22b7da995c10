"""The provider's client is killed with -9 in the middle of its work: nothing is lost, nothing goes twice."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time

import pytest

from lokaal.plek import ROOT
from lokaal.spel import wacht_tot
from tests.chain.spel import GOES, MET_CLIENT, begeleiding, een_bsn, een_client

AANTAL = 12


class Client:
    """`python -m aanbieder` of one provider, as processes that may die."""

    def __init__(self, keten, agb, map_):
        self.agb, self.staat = agb, map_ / "staat"
        token = map_ / "token.txt"
        token.write_text(keten.token(agb=agb))
        self._vast = ["--staat", str(self.staat), "--token-bestand", str(token)]
        self._omgeving = {
            **os.environ, "ZORGKETEN_LOKAAL_MAP": str(keten.map), "ZORGKETEN_KNOOPPUNT": keten.urls["knooppunt"],
        }  # fmt: skip

    def start(self, *opdracht):
        return subprocess.Popen(
            [sys.executable, "-m", "aanbieder", *self._vast, *map(str, opdracht)],
            cwd=ROOT, env=self._omgeving, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def doe(self, *opdracht):
        """(exit code, stdout) of a command that is left alone."""
        proces = self.start(*opdracht)
        uit, fout = proces.communicate(timeout=120)
        assert "Traceback" not in fout
        return proces.returncode, uit

    def aantal(self, waar):
        with contextlib.suppress(sqlite3.Error), contextlib.closing(
            sqlite3.connect(f"file:{self.staat / 'aanbieder.sqlite'}?mode=ro", uri=True)
        ) as db:  # fmt: skip
            return db.execute(f"SELECT count(*) FROM berichten WHERE {waar}").fetchone()[0]
        return 0

    def dood_bij(self, waar, genoeg, *opdracht):
        """Start a command and kill it as soon as so many messages stand so; give how many there were then."""
        proces = self.start(*opdracht)
        tot = time.monotonic() + 60
        while self.aantal(waar) < genoeg and proces.poll() is None:
            assert time.monotonic() < tot
        proces.kill()
        proces.wait(timeout=10)
        proces.communicate()
        return proces.returncode, self.aantal(waar)


@pytest.fixture(scope="module")
def client(keten, tmp_path_factory):
    """A provider with twelve unread 301s."""
    keten.klok("2026-01-19T10:00:00+01:00")
    client = Client(keten, MET_CLIENT, tmp_path_factory.mktemp("aanbieder"))
    client.nummers = [
        nummer
        for _ in range(AANTAL)
        for nummer in keten.indicatie(GOES, een_client(een_bsn()), [begeleiding(aanbieder=MET_CLIENT)])["toewijzing_nummers"]
    ]  # fmt: skip
    wacht_tot(lambda: True if len(keten.postbus(MET_CLIENT)) == AANTAL else None, "alle 301's liggen klaar")
    return client


def verzonden(keten, soort):
    lijst = keten.vraag("GET", "knooppunt", f"/v1/berichten?richting=verzonden&soort={soort}&limit=500", MET_CLIENT)
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
    assert keten.postbus(MET_CLIENT) == [], "every message is confirmed"
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
