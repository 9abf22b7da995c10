"""How a process reaches the broker: in the open on one machine, else by TLS with a certificate that says who it is."""

import ssl
from pathlib import Path
from typing import Any

from chassis.settings import SettingsError


def tls(folder: str | None) -> ssl.SSLContext | None:
    """The context of `ca.crt`, `user.crt` and `user.key` in this folder; None without a folder.

    Raises SettingsError when one of the three is missing or wrong. A renewed certificate counts from the next start.
    """
    if folder is None:
        return None
    try:
        context = ssl.create_default_context(cafile=str(Path(folder, "ca.crt")))
        context.load_cert_chain(Path(folder, "user.crt"), Path(folder, "user.key"))
    except (OSError, ssl.SSLError):
        raise SettingsError("ZORGKETEN_KAFKA_TLS is geen map met ca.crt, user.crt en user.key") from None
    # The broker must be who it says, and old TLS is not spoken inside.
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def client_options(folder: str | None) -> dict[str, Any]:
    """What an aiokafka client is told about it; empty in the open. Raises SettingsError."""
    context = tls(folder)
    return {} if context is None else {"security_protocol": "SSL", "ssl_context": context}
