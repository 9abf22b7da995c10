"""The environment of one service process: everything that it may know of its surroundings."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from chassis.kluis import kluis_dsn
from lokaal import plek as plekken
from lokaal.plek import SERVICES, Plek, issuer_url, url

MET_PERSOONSGEGEVENS = ("intake", "knooppunt")
"""The only services that may open the vault."""


def service_env(
    plek: Plek,
    geheimen: dict[str, str],
    naam: str,
    instantie: str,
    basis: int,
    dsn: str,
    kafka: str,
    sockets: Path | None = None,
) -> dict[str, str]:
    """The variables of one service process. `dsn` is the superuser's: the process gets that of its role.

    With `sockets` it reaches Postgres by the Unix socket in that folder.
    """
    eigen = {
        "ZORGKETEN_INSTANTIE": instantie,
        "ZORGKETEN_OMGEVING": "lokaal",
        "ZORGKETEN_POORT": str(basis + SERVICES.index(naam)),
        "ZORGKETEN_DSN": _as_role(dsn, f"zk_{naam}", geheimen["rolwachtwoord"], sockets),
        "ZORGKETEN_KAFKA": kafka,
        "ZORGKETEN_ISSUER": issuer_url(basis),
        "ZORGKETEN_KLOK_BESTAND": str(plek.klok),
        "ZORGKETEN_SMTP": f"127.0.0.1:{basis + plekken.SMTP}",
        "ZORGKETEN_SLEUTEL_PSEUDONIEM": geheimen["pseudoniem"],
        "PYTHONUNBUFFERED": "1",
    }
    if naam in MET_PERSOONSGEGEVENS:
        eigen |= {
            "ZORGKETEN_KLUIS": _as_role(kluis_dsn(dsn), "zk_kluis", geheimen["kluiswachtwoord"], sockets),
            "ZORGKETEN_SLEUTEL_KLUIS": geheimen["kluis"],
            "ZORGKETEN_SLEUTEL_GEGEVENS": geheimen["gegevens"],
        }
    if naam == "notifications":
        eigen["ZORGKETEN_SLEUTEL_WEBHOOKS"] = geheimen["webhooks"]
    eigen |= {f"ZORGKETEN_URL_{ander.upper()}": url(ander, basis) for ander in SERVICES}
    geerfd = {
        sleutel: waarde
        for sleutel, waarde in os.environ.items()
        # A test of slow clients does not want to wait for the real term.
        if not sleutel.startswith("ZORGKETEN_") or sleutel == "ZORGKETEN_TRAAG_S"
    }
    return geerfd | eigen


def _as_role(dsn: str, user: str, password: str, sockets: Path | None) -> str:
    delen = urlsplit(dsn)
    plaats, query = delen.netloc.rpartition("@")[2], delen.query
    if sockets is not None:
        plaats, query = "", urlencode({"host": str(sockets), "port": delen.port})
    return urlunsplit(delen._replace(netloc=f"{user}:{password}@{plaats}", query=query))
