"""Composition root of backoffice."""

from chassis.app import App
from services.rechten import RECHTEN

from . import handlers, http, paginas, statisch, toegang
from .domain.regel import ONDERWERPEN

app = App("backoffice", RECHTEN["backoffice"], koekje=toegang.KOEKJE)
app.http(http.router, paginas.maak_router(app.settings), statisch.router)
for onderwerp, types in ONDERWERPEN.items():
    app.subscribe(onderwerp, dict.fromkeys(types, handlers.leg_vast))

if __name__ == "__main__":
    app.run()
