"""Composition root of backoffice. `python -m services.backoffice herbouw` rebuilds the read model instead."""

import asyncio
import sys

import asyncpg

from chassis import log, migrate
from chassis.app import App
from chassis.db import init_connection
from chassis.settings import SettingsError
from services.rechten import RECHTEN

from . import http, paginas, statisch, stroom, toegang
from .domain.onderwerpen import ONDERWERPEN
from .handlers import herbouw, leesmodel, logboek

TOEGANG = {"intake.v1": "intake.toegang_vastgelegd", "knooppunt-berichten.v1": "knooppunt.toegang_vastgelegd"}


def bouw() -> App:
    """The service, ready to run."""
    app = App("backoffice", RECHTEN["backoffice"], koekje=toegang.KOEKJE, weigering=logboek.log_eigen)
    app.api.state.uitkijk = stroom.Uitkijk()
    app.http(*http.ROUTERS, *paginas.ROUTERS, statisch.router)
    for onderwerp, types in ONDERWERPEN.items():
        inzagen = {TOEGANG[onderwerp]: logboek.leg_toegang_vast} if onderwerp in TOEGANG else {}
        app.subscribe(onderwerp, inzagen, batches=dict.fromkeys(types, leesmodel.leg_vast), patient=True)
    return app


async def _herbouw(dsn: str) -> herbouw.Uitslag:
    beheer = await asyncpg.connect(dsn, server_settings={"application_name": "backoffice-herbouw"})
    try:
        await init_connection(beheer)
        return await herbouw.herbouw_leesmodel(beheer)
    finally:
        beheer.terminate()


def herbouw_leesmodel() -> int:
    """Rebuild with the role of the migrations; exit 1 with the reason when it did not happen."""
    log.configure("backoffice", "backoffice-herbouw")
    try:
        klaar = asyncio.run(_herbouw(migrate.operator_dsn()))
    except (herbouw.NietGelukt, SettingsError) as fout:
        print(f"herbouw: {fout}", file=sys.stderr)
        return 1
    print(f"{klaar.verteld} gebeurtenissen opnieuw verteld, {klaar.overgenomen} oudere overgenomen, "
          f"{klaar.overgeslagen} overgeslagen")  # fmt: skip
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["herbouw"]:
        sys.exit(herbouw_leesmodel())
    bouw().run()
