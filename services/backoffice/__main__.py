"""Composition root of backoffice."""

from chassis.app import App

from . import handlers, http, paginas, statisch
from .domain.regel import ONDERWERPEN

app = App("backoffice")
app.http(http.router, paginas.maak_router(app.settings), statisch.router)
for onderwerp, types in ONDERWERPEN.items():
    app.subscribe(onderwerp, dict.fromkeys(types, handlers.leg_vast))

if __name__ == "__main__":
    app.run()
