"""Where the operator's commands find things: the same variables as the services, and those of the owners."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kluis import kluis_dsn
from chassis.settings import SettingsError


@dataclass(frozen=True)
class Omgeving:
    """The environment; each part is asked for at its use. Raises SettingsError, which names the variable."""

    waarden: Mapping[str, str]

    @classmethod
    def van_nu(cls) -> Omgeving:
        return cls(dict(os.environ))

    def _nodig(self, naam: str) -> str:
        waarde = self.waarden.get(f"ZORGKETEN_{naam}")
        if not waarde:
            raise SettingsError(f"ZORGKETEN_{naam} ontbreekt")
        return waarde

    @property
    def dsn(self) -> str:
        """Of the role of the migrations, which may look into every schema."""
        return self._nodig("DSN_BEHEER")

    @property
    def wachtwoord_rol(self) -> str:
        return self._nodig("WACHTWOORD_ROL")

    @property
    def kafka(self) -> str:
        return self._nodig("KAFKA")

    @property
    def tls(self) -> str | None:
        return self.waarden.get("ZORGKETEN_KAFKA_TLS") or None

    @property
    def kluis(self) -> str:
        """Of the owner of the vault, in its database."""
        return kluis_dsn(self._nodig("KLUIS_BEHEER"))

    @property
    def token(self) -> str:
        """Of the person who does this: the service judges the right, and logs who."""
        return self._nodig("TOKEN")

    @property
    def urls(self) -> dict[str, str]:
        prefix = "ZORGKETEN_URL_"
        return {
            naam.removeprefix(prefix).lower(): waarde.rstrip("/")
            for naam, waarde in sorted(self.waarden.items())
            if naam.startswith(prefix) and waarde
        }

    def url(self, service: str) -> str:
        return self._nodig(f"URL_{service.upper()}").rstrip("/")
