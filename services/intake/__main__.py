"""Start intake: `python -m services.intake`."""

from chassis.app import App
from services.intake.handlers import indicatie as handlers
from services.intake.http import ROUTERS
from services.rechten import RECHTEN

app = App("intake", RECHTEN["intake"])
app.http(*ROUTERS)
app.subscribe(
    "toewijzing.v1",
    {
        "toewijzing.indicatie_toegewezen": handlers.indicatie_toegewezen,
        "toewijzing.indicatie_geweigerd": handlers.indicatie_geweigerd,
        "toewijzing.toewijzing_vastgelegd": handlers.toewijzing_vastgelegd,
    },
)

if __name__ == "__main__":
    app.run()
