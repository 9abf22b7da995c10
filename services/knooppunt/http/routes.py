"""How messages of a municipality reach a provider: its mailbox, or a StUF endpoint."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from chassis.clock import clock
from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.knooppunt.handlers.bezorgen import toets_adres
from services.knooppunt.http.grenzen import begrens
from services.knooppunt.store import routes as store

router = APIRouter(prefix="/v1/routes", tags=["routes"], dependencies=[Depends(begrens)])

Agb = Annotated[str, Path(pattern=r"^[0-9]{8}$")]


class RouteIn(BaseModel):
    """`certificaat`: the name of a client certificate in the folder of the operator, without `.pem`."""

    model_config = ConfigDict(extra="forbid")
    soort: Literal["postbus", "stuf"]
    url: Annotated[str, Field(max_length=500)] | None = None
    certificaat: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")] | None = None

    @model_validator(mode="after")
    def _samenhang(self) -> "RouteIn":
        if (self.soort == "stuf") != (self.url is not None):
            raise ValueError("alleen een route stuf heeft een url")
        return self


@router.put("/{agb}")
async def zet(agb: Agb, body: RouteIn, wie: Wie, db: Database) -> dict[str, Any]:
    """Record the route to a provider; what was already on its way goes over the new one."""
    if body.url is not None:
        toets_adres(body.url)
    async with transaction(db, wie.tenant) as tx:
        await store.set_route(tx, wie.gemeente or "", agb, body.soort, body.url, body.certificaat, clock.now())
    return {"aanbieder": agb, **body.model_dump()}


@router.get("/{agb}")
async def toon(agb: Agb, wie: Wie, db: Database) -> dict[str, Any]:
    """The route to a provider; the mailbox unless told otherwise."""
    async with transaction(db, wie.tenant) as tx:
        route = await store.route(tx, wie.gemeente or "", agb)
    return {"aanbieder": agb, **(route or {"soort": "postbus", "url": None, "certificaat": None})}
