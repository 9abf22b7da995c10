"""Where the local stack keeps its things, on which ports it listens, and what its secrets are."""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

from lokaal.proces import port_open

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("backoffice", "knooppunt", "intake", "toewijzing", "declaratie", "notifications")
"""In the order of their ports: the first one listens on the base itself."""
POORT_BASIS = 8100
KAFKA, ISSUER, SMTP, KAFKA_CONTROLLER, STUF, POSTGRES = 20, 21, 22, 23, 24, 32


@dataclass(frozen=True)
class Plek:
    """The state folder of one local stack."""

    map: Path

    @classmethod
    def van_deze_checkout(cls) -> Plek:
        """ZORGKETEN_LOKAAL_MAP, else `.lokaal` in the checkout."""
        elders = os.environ.get("ZORGKETEN_LOKAAL_MAP")
        return cls(Path(elders).resolve() if elders else ROOT / ".lokaal")

    @property
    def klok(self) -> Path:
        return self.map / "klok.json"

    @property
    def endpoints(self) -> Path:
        return self.map / "endpoints.json"

    @property
    def processen(self) -> Path:
        return self.map / "processen.json"

    @property
    def stand(self) -> Path:
        """{"pid": of the supervisor, "poort_basis": n, "kopieen": {service: n}} of the last start."""
        return self.map / "stand.json"

    @property
    def slot(self) -> Path:
        """Locked as long as a supervisor runs in this folder."""
        return self.map / "toezicht.slot"

    def log(self, naam: str) -> Path:
        return self.map / "log" / f"{naam}.log"

    def leeg(self) -> None:
        """Forget everything but the lock and what others log in this folder."""
        for pad in self.map.iterdir():
            if pad.is_dir():
                shutil.rmtree(pad)
            elif pad != self.slot and pad.suffix != ".log":
                pad.unlink()

    def geheimen(self) -> dict[str, str]:
        """Keys and passwords of this stack, made once: what was sealed stays readable after a restart."""
        pad = self.map / "geheimen.json"
        bewaard = lees_json(pad)
        gemaakt = {naam: maak() for naam, maak in _GEHEIMEN.items() if naam not in bewaard}
        if gemaakt:
            schrijf_json(pad, bewaard | gemaakt, mode=0o600)
        return bewaard | gemaakt


def _sleutel() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _ondertekening() -> str:
    sleutel = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": secrets.token_hex(8)})
    return json.dumps(sleutel.as_dict(private=True))


_GEHEIMEN: dict[str, Callable[[], str]] = {
    "pseudoniem": _sleutel,
    "gegevens": _sleutel,
    "kluis": lambda: f"1:{_sleutel()}",
    "webhooks": _sleutel,
    "rolwachtwoord": lambda: secrets.token_urlsafe(24),
    "kluiswachtwoord": lambda: secrets.token_urlsafe(24),
    "ondertekening": _ondertekening,
}


def lees_json(pad: Path) -> dict[str, Any]:
    """What stands in the file; empty when it is not there."""
    try:
        return dict(json.loads(pad.read_text()))
    except FileNotFoundError:
        return {}


def schrijf_json(pad: Path, inhoud: object, mode: int = 0o644) -> None:
    """Replace the file in one step: a reader sees the old or the new text, never half of it."""
    nieuw = pad.with_name(f".{pad.name}.{os.getpid()}")
    nieuw.touch(mode=mode)
    nieuw.write_text(json.dumps(inhoud, indent=2) + "\n")
    nieuw.replace(pad)


def bestaande_services() -> list[str]:
    """The services of this checkout that can be started."""
    return [naam for naam in SERVICES if (ROOT / "services" / naam / "__main__.py").exists()]


def instanties(naam: str, aantal: int) -> list[str]:
    """The names of the processes of one service: `declaratie`, or `declaratie-1` and `declaratie-2`."""
    return [naam] if aantal == 1 else [f"{naam}-{nummer}" for nummer in range(1, aantal + 1)]


def poorten(basis: int) -> list[int]:
    """Every port that a local stack on this base listens on."""
    return [basis + n for n in (*range(len(SERVICES)), KAFKA, ISSUER, SMTP, KAFKA_CONTROLLER, STUF, POSTGRES)]


def vrije_poort_basis() -> int:
    """A random base whose ports are all free now, so that several stacks run beside each other."""
    while True:
        # Below the ports that the kernel hands out for outgoing connections.
        basis = 10_000 + 40 * secrets.randbelow(500)
        if not any(port_open(poort) for poort in poorten(basis)):
            return basis


def url(naam: str, basis: int) -> str:
    return f"http://127.0.0.1:{basis + SERVICES.index(naam)}"


def issuer_url(basis: int) -> str:
    return f"http://127.0.0.1:{basis + ISSUER}"
