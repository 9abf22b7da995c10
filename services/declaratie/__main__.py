"""Start declaratie: `python -m services.declaratie`."""

from chassis.app import App
from services.declaratie.handlers import beeld, declaratie
from services.declaratie.http import ROUTERS
from services.rechten import RECHTEN


def bouw() -> App:
    """Wat declaratie hoort en wat zij laat zien."""
    app = App("declaratie", RECHTEN["declaratie"])
    app.http(*ROUTERS)
    app.subscribe(
        "toewijzing.v1",
        {
            "toewijzing.toewijzing_vastgelegd": beeld.toewijzing_vastgelegd,
            "toewijzing.levering_gewijzigd": beeld.levering_gewijzigd,
            "toewijzing.contracten_vastgelegd": beeld.contracten_vastgelegd,
            "toewijzing.instellingen_vastgelegd": beeld.instellingen_vastgelegd,
        },
    )
    app.subscribe(
        "knooppunt-declaraties.v1",
        {
            "knooppunt.declaratie_ontvangen": declaratie.declaratie_ontvangen,
            "knooppunt.declaratiedeel_ontvangen": declaratie.declaratiedeel_ontvangen,
        },
    )
    app.subscribe("knooppunt-berichten.v1", {"knooppunt.bericht_verzonden": beeld.bericht_verzonden})
    return app


if __name__ == "__main__":
    bouw().run()
