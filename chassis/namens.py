"""For whom a vendor acts. Its token only claims it; the mandates are knooppunt's, which is asked at each request."""

from typing import Annotated, TypeAlias

import httpx
from fastapi import Depends, Request

from chassis.db import Tenant
from chassis.errors import Problem
from chassis.log import log
from chassis.rechten import Wie
from chassis.settings import Settings, SettingsError

_TIMEOUT_S = 5.0


async def _huurder(request: Request, wie: Wie) -> Tenant:
    """Whose rows the caller sees. A vendor's without a mandate: 403; when nobody can tell: 503."""
    if wie.gemeente is not None or not wie.agb_lijst:
        return wie.tenant
    settings: Settings = request.app.state.settings
    koppen = {"Authorization": f"Bearer {wie.token}"}
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            antwoord = await client.get(f"{settings.url('knooppunt')}/v1/bevoegdheid", headers=koppen)
        if antwoord.status_code == 403:
            raise Problem(
                403, "geen_mandaat", "Voor deze aanbieder is geen geldig mandaat vastgelegd.",
                "Laat de aanbieder het mandaat vastleggen bij het knooppunt.",
            )  # fmt: skip
        antwoord.raise_for_status()
        aanbieders = set(antwoord.json()["aanbieders"])
    except (httpx.HTTPError, SettingsError, ValueError, KeyError, TypeError) as fout:
        log.warning("mandaat_onbekend", fout=type(fout).__name__)
        raise Problem(
            503, "mandaat_onbekend", "Nu kan niet worden nagegaan voor wie u mag optreden.",
            "Probeer het over enkele seconden opnieuw.", headers={"Retry-After": "2"},
        ) from None  # fmt: skip
    return Tenant(aanbieders=tuple(agb for agb in wie.tenant.aanbieders if agb in aanbieders))


Huurder: TypeAlias = Annotated[Tenant, Depends(_huurder)]
"""Whose rows the caller sees, with the mandates of a vendor."""
