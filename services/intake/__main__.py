"""Start intake: `python -m services.intake`."""

from chassis import meten
from chassis.app import App
from chassis.db import OVERAL
from services.intake.handlers import indicatie, nazorg, wekker
from services.intake.http import ROUTERS
from services.rechten import RECHTEN

app = App("intake", RECHTEN["intake"], weigering=indicatie.log_weigering)
app.http(*ROUTERS)
app.subscribe(
    "toewijzing.v1",
    {
        "toewijzing.indicatie_toegewezen": indicatie.indicatie_toegewezen,
        "toewijzing.indicatie_geweigerd": indicatie.indicatie_geweigerd,
        "toewijzing.toewijzing_vastgelegd": indicatie.toewijzing_vastgelegd,
        "toewijzing.levering_gewijzigd": nazorg.levering_gewijzigd,
        "toewijzing.termijn_verstreken": nazorg.termijn_verstreken,
    },
    patient=True,
)
app.subscribe("declaratie.v1", {"declaratie.gebruik_wijkt_af": nazorg.gebruik_wijkt_af}, patient=True)
app.every(15, meten.termijnen(wie="'gemeente'"), "termijnen_meten", OVERAL)
app.every(1.0, wekker.meld_termijnen, "termijnen_melden", OVERAL)

if __name__ == "__main__":
    app.run()
