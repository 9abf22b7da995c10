"""Plays the outside of the chain: a gemeente and a provider, over HTTP and XML only.

Used by the chain tests, the fault runs and the bench; it knows nothing of what is inside.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx

from lokaal.plek import vrije_poort_basis
from schemas.iwmo import codec
from schemas.iwmo.retour import retour

T = TypeVar("T")

WACHT_S = 30.0
"""How long an expected answer may take before the wait fails."""


class Verlopen(AssertionError):
    """What was waited for did not come before its deadline."""


def wacht_tot(vraag: Callable[[], T | None], wat: str, seconden: float = WACHT_S) -> T:
    """Ask again until there is an answer other than None.

    Raises Verlopen, naming `wat`, after `seconden`.
    """
    tot = time.monotonic() + seconden
    while True:
        antwoord = vraag()
        if antwoord is not None:
            return antwoord
        if time.monotonic() > tot:
            raise Verlopen(f"niet gekomen binnen {seconden:.0f} s: {wat}")
        threading.Event().wait(0.005)


class Spel:
    """A running chain seen from outside; `map` is its state folder."""

    def __init__(self, map_: Path) -> None:
        self.map = map_
        self.urls: dict[str, str] = json.loads((map_ / "endpoints.json").read_text())
        self._omgeving = {**os.environ, "ZORGKETEN_LOKAAL_MAP": str(map_)}
        self._tokens: dict[str, str] = {}
        self._http = httpx.Client(timeout=30, limits=httpx.Limits(max_connections=32))
        self._nu: dt.date = dt.datetime.now(dt.UTC).date()

    # -- who and when ---------------------------------------------------------------------------------

    def token(self, *, agb: str | None = None, gemeente: str | None = None) -> str:
        wie = ["--agb", agb] if agb else ["--gemeente", str(gemeente)]
        sleutel = wie[1]
        if sleutel not in self._tokens:
            self._tokens[sleutel] = self._lokaal("token", *wie).strip()
        return self._tokens[sleutel]

    def klok(self, moment: str) -> None:
        """Set the test clock of all services."""
        self._lokaal("klok", moment)
        self._nu = dt.datetime.fromisoformat(moment).date()

    def vandaag(self) -> dt.date:
        return self._nu

    def _lokaal(self, *argumenten: str) -> str:
        klaar = subprocess.run(
            [sys.executable, "-m", "lokaal", *argumenten],
            env=self._omgeving, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if klaar.returncode != 0:
            raise RuntimeError(f"python -m lokaal {argumenten[0]}: {klaar.stderr[-500:]}")
        return klaar.stdout

    def vraag(self, methode: str, dienst: str, pad: str, wie: str, **verder: Any) -> httpx.Response:
        """One call, with the token of `wie`: an AGB (8 digits) or a gemeente (4)."""
        token = self.token(agb=wie) if len(wie) == 8 else self.token(gemeente=wie)
        koppen = {"Authorization": f"Bearer {token}", **verder.pop("headers", {})}
        return self._http.request(methode, self.urls[dienst] + pad, headers=koppen, **verder)

    def _json(self, methode: str, dienst: str, pad: str, wie: str, **verder: Any) -> Any:
        antwoord = self.vraag(methode, dienst, pad, wie, **verder)
        if antwoord.is_error:
            raise AssertionError(f"{methode} {dienst}{pad}: {antwoord.status_code} {antwoord.text}")
        return antwoord.json()

    # -- the gemeente -----------------------------------------------------------------------------------

    def zet_contracten(self, gemeente: str, contracten: list[dict[str, Any]]) -> None:
        antwoord = self.vraag("PUT", "toewijzing", "/v1/contracten", gemeente, json=contracten)
        if antwoord.is_error:
            raise AssertionError(antwoord.text)

    def indicatie(self, gemeente: str, client: dict[str, Any], producten: list[dict[str, Any]]) -> dict[str, Any]:
        """Record an indicatie; wait until it became toewijzingen. Raises AssertionError when it is refused."""
        return self.wacht_op_indicatie(gemeente, self.geef_indicatie(gemeente, client, producten))

    def geef_indicatie(self, gemeente: str, client: dict[str, Any], producten: list[dict[str, Any]]) -> str:
        """Record an indicatie; gives its indicatie_id."""
        opdracht = {
            "client": client,
            "beschikking": {"nummer": "1001", "ingangsdatum": producten[0]["ingangsdatum"]},
            "producten": producten,
        }
        indicatie_id: str = self._json("POST", "intake", "/v1/indicaties", gemeente, json=opdracht)["indicatie_id"]
        return indicatie_id

    def wacht_op_indicatie(self, gemeente: str, indicatie_id: str) -> dict[str, Any]:
        """What became of an indicatie, once it is a toewijzing. Raises AssertionError when it is refused."""

        def verwerkt() -> dict[str, Any] | None:
            stand = self._json("GET", "intake", f"/v1/indicaties/{indicatie_id}", gemeente)
            return dict(stand) if stand["status"] != "ontvangen" else None

        stand = wacht_tot(verwerkt, "de indicatie wordt een toewijzing")
        assert stand["status"] == "toegewezen", stand["bevindingen"]
        return stand

    def toewijzing(self, gemeente: str, nummer: int) -> dict[str, Any]:
        na = ""
        while True:
            lijst = self._json("GET", "toewijzing", f"/v1/toewijzingen?limit=500{na}", gemeente)
            for rij in lijst["toewijzingen"]:
                if rij["toewijzing_nummer"] == nummer:
                    return dict(rij)
            if lijst.get("volgende") is None:
                raise AssertionError("unknown toewijzing")
            na = f"&na={lijst['volgende']}"

    def wacht_op_toewijzing(
        self, gemeente: str, nummer: int, is_zo: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        def zo() -> dict[str, Any] | None:
            rij = self.toewijzing(gemeente, nummer)
            return rij if is_zo(rij) else None

        return wacht_tot(zo, "de toewijzing krijgt de verwachte stand")

    # -- the provider -----------------------------------------------------------------------------------

    def post_xml(self, agb: str, xml: bytes, **verder: Any) -> httpx.Response:
        return self.vraag(
            "POST",
            "knooppunt",
            "/v1/berichten",
            agb,
            content=xml,
            headers={"Content-Type": "application/xml"},
            **verder,
        )

    def postbus(self, agb: str, status: str = "nieuw") -> list[dict[str, Any]]:
        """The whole mailbox, oldest first."""
        rijen: list[dict[str, Any]] = []
        na = ""
        while True:
            bladzijde = self._json("GET", "knooppunt", f"/v1/postbus?status={status}&limit=500{na}", agb)
            rijen += bladzijde["berichten"]
            if bladzijde.get("volgende") is None:
                return rijen
            na = f"&na={bladzijde['volgende']}"

    def haal_op(self, agb: str, bericht_id: str) -> bytes:
        antwoord = self.vraag("GET", "knooppunt", f"/v1/postbus/{bericht_id}", agb)
        antwoord.raise_for_status()
        return antwoord.content

    def bevestig(self, agb: str, bericht_id: str) -> None:
        self.vraag("POST", "knooppunt", f"/v1/postbus/{bericht_id}/bevestiging", agb).raise_for_status()

    def wissel(self, agb: str, xml: bytes) -> dict[str, Any]:
        """Hand in a message; give the content of its answer, which is confirmed."""
        ontvangen = self.post_xml(agb, xml)
        if ontvangen.status_code != 202:
            raise AssertionError(f"{ontvangen.status_code} {ontvangen.text}")
        op = ontvangen.json()["bericht_id"]

        antwoord = self.wacht_op_antwoord(agb, op)
        inhoud = codec.parse(self.haal_op(agb, antwoord)).inhoud()
        self.bevestig(agb, antwoord)
        return inhoud

    def wacht_op_antwoord(self, agb: str, bericht_id: str, seconden: float = WACHT_S) -> str:
        """The bericht_id of the answer to a message that was handed in."""

        def antwoord() -> str | None:
            gevonden: str | None = self._json("GET", "knooppunt", f"/v1/berichten/{bericht_id}", agb)["antwoord"]
            return gevonden

        return wacht_tot(antwoord, "het antwoord op een bericht", seconden)

    def wacht_op_301(self, agb: str, nummers: Collection[int]) -> bytes:
        """The unconfirmed 301 that holds all these numbers."""

        def zoek() -> bytes | None:
            for rij in self.postbus(agb):
                if rij["soort"] == "WMO301":
                    xml = self.haal_op(agb, rij["bericht_id"])
                    producten = codec.parse(xml).inhoud()["toegewezen_producten"]
                    if set(nummers) <= {p["toewijzing_nummer"] for p in producten}:
                        self.bevestig(agb, rij["bericht_id"])
                        return xml
            return None

        return wacht_tot(zoek, "de 301")

    def keur_goed(self, agb: str, xml: bytes) -> None:
        """Answer a 301 with an approving 302."""
        antwoord = retour(xml, identificatie=os.urandom(6).hex(), dagtekening=self._nu)
        ontvangen = self.post_xml(agb, antwoord)
        if ontvangen.status_code != 202:
            raise AssertionError(f"{ontvangen.status_code} {ontvangen.text}")


def _zonder_opslag() -> dict[str, str]:
    """The environment without a Postgres or Kafka of somebody else: a chain of its own starts its own."""
    vreemd = ("ZORGKETEN_POSTGRES", "ZORGKETEN_KAFKA")
    return {naam: waarde for naam, waarde in os.environ.items() if naam not in vreemd}


@contextlib.contextmanager
def gestarte_keten(
    map_: Path,
    wacht_s: float = 120,
    *,
    kopieen: Mapping[str, int] | None = None,
    opslag: Mapping[str, str] | None = None,
    omgeving: Mapping[str, str] | None = None,
) -> Iterator[Spel]:
    """A chain of its own in a folder and on ports of its own, from empty; what it started is stopped again.

    `kopieen`: how many processes of a service, one where it is not named. `opslag`: `ZORGKETEN_POSTGRES` and
    `ZORGKETEN_KAFKA` of servers from outside; without them it starts its own. `omgeving`: variables that every
    process gets besides.
    """
    map_.mkdir(parents=True, exist_ok=True)
    poort_basis = vrije_poort_basis()
    with (map_ / "start.log").open("wb") as uitvoer:
        proces = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lokaal",
                "start",
                "--zonder-demo",
                *([] if opslag else ["--schoon"]),
                "--poort-basis",
                str(poort_basis),
                *(f"--kopieen={naam}={aantal}" for naam, aantal in (kopieen or {}).items()),
            ],
            env=_zonder_opslag() | {"ZORGKETEN_LOKAAL_MAP": str(map_)} | dict(omgeving or {}) | dict(opslag or {}),
            stdout=uitvoer,
            stderr=uitvoer,
        )
    try:

        def klaar() -> bool | None:
            if proces.poll() is not None:
                raise RuntimeError(f"lokaal stopped: {(map_ / 'start.log').read_text()[-2000:]}")
            return True if (map_ / "endpoints.json").exists() else None

        wacht_tot(klaar, "de keten is klaar", wacht_s)
        yield Spel(map_)
    finally:
        proces.send_signal(signal.SIGTERM)
        proces.wait(timeout=60)
