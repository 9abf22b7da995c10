"""Composition root of notifications."""

from functools import partial

from chassis.app import App
from chassis.db import OVERAL
from services.rechten import RECHTEN

from . import handlers, http, verzending

app = App("notifications", RECHTEN["notifications"])
app.http(http.router)
app.subscribe(
    "knooppunt-berichten.v1",
    {"knooppunt.termijn_verstreken": partial(handlers.meld_termijn, backoffice=app.settings.url("backoffice"))},
)
app.subscribe(
    "toewijzing.v1",
    {"toewijzing.bericht_afgekeurd": partial(handlers.meld_afkeuring, backoffice=app.settings.url("backoffice"))},
)
app.every(1.0, partial(verzending.verzend_wachtende, smtp=app.settings.smtp), "notificaties-verzenden", OVERAL)

if __name__ == "__main__":
    app.run()
