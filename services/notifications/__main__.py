"""Composition root of notifications."""

from functools import partial

from chassis.app import App
from chassis.db import OVERAL
from services.rechten import RECHTEN

from . import handlers, http, verzending

app = App("notifications", RECHTEN["notifications"])
app.http(http.router)
BACKOFFICE = app.settings.url("backoffice")
meld_termijn = partial(handlers.meld_gemelde_termijn, backoffice=BACKOFFICE)
app.subscribe(
    "knooppunt-berichten.v1",
    {"knooppunt.termijn_verstreken": partial(handlers.meld_termijn, backoffice=BACKOFFICE)},
    patient=True,
)
app.subscribe(
    "toewijzing.v1",
    {
        "toewijzing.bericht_afgekeurd": partial(handlers.meld_afkeuring, backoffice=BACKOFFICE),
        "toewijzing.termijn_nadert": meld_termijn,
        "toewijzing.termijn_verstreken": meld_termijn,
        "toewijzing.einde_nadert": meld_termijn,
    },
    patient=True,
)
app.subscribe(
    "declaratie.v1",
    {
        "declaratie.budget_bereikt": handlers.meld_budget,
        "declaratie.termijn_nadert": meld_termijn,
        "declaratie.termijn_verstreken": meld_termijn,
    },
    patient=True,
)
app.every(1.0, partial(verzending.verzend_wachtende, smtp=app.settings.smtp), "notificaties-verzenden", OVERAL)

if __name__ == "__main__":
    app.run()
