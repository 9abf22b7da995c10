"""A refused look at a client leaves a row in the access log too (NEN 7513): one place for every service."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from fastapi import Request

from chassis.audit import Toegang, log_toegang
from chassis.auth import Caller
from chassis.db import TRANSIENT, Tx, transaction
from chassis.errors import Problem
from chassis.log import log

Schrijver: TypeAlias = Callable[[Tx, Toegang], Awaitable[Any]]
"""How a service writes the row: with a topic, for the back office to keep a copy."""

GEWEIGERD = "inzage_geweigerd"
_CLIENT = re.compile(r"^[A-Za-z2-7]{26}$")


async def log_weigering(request: Request, problem: Problem) -> None:
    """Log a 403 or 404 on a client of a caller of a gemeente; never raises: the answer stays a refusal.

    What is no pseudonym is left out: somebody may have typed a BSN in the address (G18).
    """
    wie: Caller | None = getattr(request.state, "wie", None)
    client_id = request.path_params.get("client_id") or request.query_params.get("client_id") or ""
    if problem.status not in (303, 403, 404) or not client_id or wie is None or wie.gemeente is None:
        return
    bekend = client_id if _CLIENT.match(client_id) else None
    schrijf: Schrijver = getattr(request.app.state, "weigering", None) or log_toegang
    toegang = Toegang(wie.gemeente, wie.sub, wie.gemeente, GEWEIGERD, bekend, None if bekend else "onbekend_kenmerk")
    try:
        async with transaction(request.app.state.pool, wie.tenant) as tx:
            await schrijf(tx, toegang)
    except TRANSIENT as error:
        log.error("weigering_niet_gelogd", fout=type(error).__name__)
