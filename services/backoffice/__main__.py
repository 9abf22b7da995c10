"""Composition root of backoffice."""

from chassis.app import App
from services.rechten import RECHTEN

from . import handlers, http, paginas, statisch, toegang
from .domain.onderwerpen import ONDERWERPEN

app = App("backoffice", RECHTEN["backoffice"], koekje=toegang.KOEKJE)
app.http(http.router, paginas.maak_router(app.settings), statisch.router)
TOEGANG = {"intake.v1": "intake.toegang_vastgelegd", "knooppunt-berichten.v1": "knooppunt.toegang_vastgelegd"}
for onderwerp, types in ONDERWERPEN.items():
    inzagen = {TOEGANG[onderwerp]: handlers.leg_toegang_vast} if onderwerp in TOEGANG else {}
    app.subscribe(onderwerp, inzagen, batches=dict.fromkeys(types, handlers.leg_vast))

if __name__ == "__main__":
    app.run()
