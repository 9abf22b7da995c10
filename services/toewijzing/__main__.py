"""Start toewijzing: `python -m services.toewijzing`."""

from chassis.app import App
from services.rechten import RECHTEN
from services.toewijzing.handlers import bericht, indicatie
from services.toewijzing.http import ROUTERS

app = App("toewijzing", RECHTEN["toewijzing"])
app.http(*ROUTERS)
app.subscribe("intake.v1", {"intake.indicatie_vastgesteld": indicatie.indicatie_vastgesteld})
app.subscribe(
    "knooppunt-berichten.v1",
    {
        "knooppunt.bericht_ontvangen": bericht.bericht_ontvangen,
        "knooppunt.bericht_verzonden": bericht.bericht_verzonden,
        "knooppunt.termijn_verstreken": bericht.termijn_verstreken,
    },
)
app.subscribe("declaratie.v1", {"declaratie.declaratiedeel_beoordeeld": bericht.declaratiedeel_beoordeeld})

if __name__ == "__main__":
    app.run()
