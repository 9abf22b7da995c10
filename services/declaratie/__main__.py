"""Start declaratie: `python -m services.declaratie`."""

from chassis import meten
from chassis.app import App
from chassis.db import OVERAL
from services.declaratie.contracts import TOPIC
from services.declaratie.handlers import beeld, budget, declaratie, delen, gebruik, klaarliggend, termijn
from services.declaratie.http import ROUTERS
from services.rechten import RECHTEN


def bouw() -> App:
    """What declaratie listens to and what it shows."""
    app = App("declaratie", RECHTEN["declaratie"], bulk=[TOPIC])
    app.http(*ROUTERS)
    app.subscribe(
        "toewijzing.v1",
        {
            "toewijzing.toewijzing_vastgelegd": beeld.toewijzing_vastgelegd,
            "toewijzing.levering_gewijzigd": beeld.levering_gewijzigd,
            "toewijzing.contracten_vastgelegd": beeld.contracten_vastgelegd,
            "toewijzing.instellingen_vastgelegd": beeld.instellingen_vastgelegd,
        },
        patient=True,
    )
    app.subscribe(
        "knooppunt-declaraties.v1",
        {
            "knooppunt.declaratie_ontvangen": declaratie.declaratie_ontvangen,
            "knooppunt.bericht_verzonden": beeld.bericht_verzonden,
        },
        batches={"knooppunt.declaratiedeel_ontvangen": delen.declaratiedelen_ontvangen},
        parallel=2,
    )
    app.every(15, meten.termijnen("'antwoord_323'", "'gemeente'"), "termijnen_meten", OVERAL)
    app.every(1, klaarliggend.judge_waiting, "klaarliggende_declaraties", OVERAL)
    app.every(1, termijn.meld_termijnen, "termijnen_melden", OVERAL)
    app.every(5, budget.watch_budgets, "budgetten_bewaken", OVERAL)
    app.every(3600, gebruik.watch_gebruik, "gebruik_bewaken", OVERAL)
    return app


if __name__ == "__main__":
    bouw().run()
