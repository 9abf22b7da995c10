"""`docker compose up --wait`: one indicatie becomes a 301 at the provider, and its mail catcher takes mail.

Part of `make test-containers`; it builds the image and takes free ports, so it may run beside anything.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from lokaal.plek import SERVICES
from lokaal.spel import Spel
from tests.chain.spel import CONTRACTEN, GOES, Zaak, begeleiding, lees
from tests.containers.opslag import KAFKA, POSTGRES

ROOT = Path(__file__).parents[2]


class Compose(Spel):
    """The chain in containers, seen from outside."""

    def __init__(self, project: str, map_: Path) -> None:
        self._basis = ["docker", "compose", "-p", project, "-f", str(ROOT / "docker-compose.yml")]
        self._basis += ["-f", str(self._vrije_poorten(map_))]

    def start(self, map_: Path) -> None:
        self.compose("up", "--build", "--wait", "--wait-timeout", "300", "-d", seconden=1200)
        adressen = {naam: self.compose("port", naam, "8000").strip() for naam in SERVICES}
        urls = {naam: f"http://{adres}" for naam, adres in adressen.items()}
        (map_ / "endpoints.json").write_text(json.dumps(urls))
        super().__init__(map_)

    def compose(self, *argumenten: str, seconden: int = 120) -> str:
        klaar = subprocess.run(
            [*self._basis, *argumenten], capture_output=True, text=True, timeout=seconden, check=False
        )
        if klaar.returncode != 0:
            raise RuntimeError(f"docker compose {argumenten[0]}: {klaar.stderr[-3000:]}")
        return klaar.stdout

    def token(self, *, agb: str | None = None, gemeente: str | None = None) -> str:
        wie = ["--agb", agb] if agb else ["--gemeente", str(gemeente)]
        if wie[1] not in self._tokens:
            opdracht = ["python", "-m", "lokaal.uitgever", "token", *wie]
            self._tokens[wie[1]] = self.compose("exec", "-T", "issuer", *opdracht).strip()
        return self._tokens[wie[1]]

    @staticmethod
    def _vrije_poorten(map_: Path) -> Path:
        # The engine picks the ports: 8100 may be in use by a chain of this machine's own.
        bestand = map_ / "poorten.yml"
        diensten = "".join(f'  {naam}:\n    ports: !override ["127.0.0.1::8000"]\n' for naam in SERVICES)
        bestand.write_text(f"services:\n{diensten}")
        return bestand


@pytest.fixture(scope="module")
def keten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    map_ = tmp_path_factory.mktemp("compose")
    compose = Compose(f"zorgketen-proef-{os.getpid()}", map_)
    try:
        compose.start(map_)
        yield compose
    finally:
        compose.compose("down", "--volumes", "--timeout", "20")


def test_een_indicatie_wordt_een_301_bij_de_aanbieder(keten: Compose) -> None:
    vandaag = dt.datetime.now(dt.UTC).date()
    keten.zet_contracten(GOES, CONTRACTEN)
    zaak = Zaak(keten)
    bericht = lees(
        zaak.ken_toe(
            begeleiding(
                ingangsdatum=(vandaag + dt.timedelta(days=7)).isoformat(),
                einddatum=(vandaag + dt.timedelta(days=90)).isoformat(),
            )
        )
    )
    (product,) = bericht["toegewezen_producten"]
    assert product["toewijzing_nummer"] == zaak.nummers[0]
    goedgekeurd = keten.wacht_op_toewijzing(
        GOES, zaak.nummers[0], lambda t: t["laatste_301"]["status"] == "goedgekeurd"
    )
    assert goedgekeurd["status"] == "toekomstig"


def test_geen_dienst_draait_als_root_of_schrijft_in_zijn_image(keten: Compose) -> None:
    for naam in SERVICES:
        assert keten.compose("exec", "-T", naam, "id", "-u").strip() == "10001"
        with pytest.raises(RuntimeError):
            keten.compose("exec", "-T", naam, "touch", "/app/x")


def test_de_postvanger_bewaart_een_mail(keten: Compose) -> None:
    stuur = "import smtplib; smtplib.SMTP('post', 1025).sendmail('a@x.example', 'b@x.example', 'Subject: proef\\n\\nx')"
    keten.compose("exec", "-T", "notifications", "python", "-c", stuur)
    assert "Subject: proef" in keten.compose("exec", "-T", "post", "sh", "-c", "cat /tmp/post/*.eml")


def test_de_images_zijn_die_van_de_tests() -> None:
    """What the service tests run against in containers is what compose starts."""
    diensten = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert (diensten["postgres"]["image"], diensten["kafka"]["image"]) == (POSTGRES, KAFKA)
