"""Start toewijzing: `python -m services.toewijzing`."""

from chassis import meten
from chassis.app import App
from chassis.db import OVERAL
from services.rechten import RECHTEN
from services.toewijzing.handlers import bericht, gebeurtenis, indicatie, termijn
from services.toewijzing.http import ROUTERS

app = App("toewijzing", RECHTEN["toewijzing"])
app.http(*ROUTERS)
app.subscribe(
    "intake.v1",
    {
        "intake.indicatie_vastgesteld": indicatie.indicatie_vastgesteld,
        "intake.client_gewijzigd": gebeurtenis.client_gewijzigd,
    },
)
app.subscribe(
    "knooppunt-berichten.v1",
    {
        "knooppunt.bericht_ontvangen": bericht.bericht_ontvangen,
        "knooppunt.bericht_verzonden": bericht.bericht_verzonden,
    },
)
app.subscribe("declaratie.v1", {}, batches={"declaratie.declaratiedeel_beoordeeld": bericht.declaratiedelen_beoordeeld})
app.every(15, meten.termijnen(), "termijnen_meten", OVERAL)
app.every(1.0, termijn.meld_termijnen, "termijnen_melden", OVERAL)
app.every(30.0, termijn.vul_termijnen_aan, "termijnen_aanvullen", OVERAL)

if __name__ == "__main__":
    app.run()
