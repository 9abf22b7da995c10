"""What a process is told by its environment."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field


class SettingsError(Exception):
    """A setting is missing or not allowed; names the variable, never its value."""


@dataclass(frozen=True)
class Settings:
    """Settings of one process of one service."""

    service: str
    instantie: str
    omgeving: str
    poort: int
    dsn: str = field(repr=False)
    kafka: str
    issuer: str
    klok_bestand: str | None
    smtp: str
    urls: Mapping[str, str] = field(default_factory=dict)
    adres: str = "127.0.0.1"
    traag_s: float = 30.0
    """How long a request may take to come in (a big message on a slow line gets more)."""
    kluis: str | None = field(default=None, repr=False)
    kafka_tls: str | None = None
    """Folder with `ca.crt`, `user.crt` and `user.key`: who this process is to the broker. None: no TLS."""

    @classmethod
    def from_env(cls, service: str) -> "Settings":
        """Read `ZORGKETEN_*`; raises SettingsError when one is missing or not allowed."""

        def needed(name: str) -> str:
            value = os.environ.get(f"ZORGKETEN_{name}")
            if not value:
                raise SettingsError(f"ZORGKETEN_{name} ontbreekt")
            return value

        def optional(name: str, default: str = "") -> str:
            return os.environ.get(f"ZORGKETEN_{name}") or default

        omgeving = needed("OMGEVING")
        if omgeving not in ("lokaal", "productie"):
            raise SettingsError("ZORGKETEN_OMGEVING is lokaal of productie")
        issuer = needed("ISSUER").rstrip("/")
        klok_bestand = optional("KLOK_BESTAND") or None
        if omgeving == "productie":
            if klok_bestand or optional("KLOK_SCHEEF_S"):
                raise SettingsError("een testklok is niet toegestaan in productie")
            if not issuer.startswith("https://"):
                # Tokens of the local issuer are for one machine only.
                raise SettingsError("ZORGKETEN_ISSUER moet https zijn in productie")
        try:
            poort, traag_s = int(optional("POORT", "8000")), float(optional("TRAAG_S", "30"))
        except ValueError:
            raise SettingsError("ZORGKETEN_POORT of ZORGKETEN_TRAAG_S is geen getal") from None
        prefix = "ZORGKETEN_URL_"
        return cls(
            service=service,
            # Two copies of one name would push each other out of their group.
            instantie=optional("INSTANTIE", f"{service}-{socket.gethostname()}"),
            omgeving=omgeving,
            poort=poort,
            dsn=needed("DSN"),
            kafka=needed("KAFKA"),
            issuer=issuer,
            klok_bestand=klok_bestand,
            smtp=optional("SMTP", "127.0.0.1:25"),
            # Only for a service that opens personal data.
            kluis=optional("KLUIS") or None,
            kafka_tls=optional("KAFKA_TLS") or None,
            # In a container of one's own machine the loopback is not enough.
            traag_s=traag_s,
            adres=optional("ADRES", "127.0.0.1" if omgeving == "lokaal" else "0.0.0.0"),
            urls={
                name.removeprefix(prefix).lower(): value.rstrip("/")
                for name, value in os.environ.items()
                if name.startswith(prefix)
            },
        )

    def url(self, service: str) -> str:
        """Base URL of another service, without a slash at the end."""
        try:
            return self.urls[service]
        except KeyError:
            raise SettingsError(f"ZORGKETEN_URL_{service.upper()} ontbreekt") from None
