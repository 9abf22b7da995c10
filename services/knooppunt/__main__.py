"""python -m services.knooppunt: wires the routes, the events and the clock."""

from chassis.app import App
from chassis.db import OVERAL
from services.knooppunt import meten
from services.knooppunt.contracts import DECLARATIES
from services.knooppunt.geheugen import houd_klein
from services.knooppunt.handlers import bewaren, bezorgen, oordelen, opdrachten, termijnen
from services.knooppunt.http import ROUTERS
from services.rechten import RECHTEN


def bouw() -> App:
    """The service, ready to run."""
    app = App("knooppunt", RECHTEN["knooppunt"], bulk=[DECLARATIES])
    app.http(*ROUTERS)
    app.subscribe("intake.v1", {"intake.client_vastgelegd": opdrachten.client_vastgelegd}, parallel=4)
    app.subscribe(
        "toewijzing.v1",
        {
            "toewijzing.bericht_opgesteld": opdrachten.bericht_opgesteld,
            "toewijzing.bericht_beoordeeld": oordelen.bericht_beoordeeld,
        },
        parallel=4,
    )
    app.subscribe(
        "declaratie.v1",
        {"declaratie.declaratie_afgehandeld": oordelen.declaratie_afgehandeld},
        batches={"declaratie.declaratiedeel_beoordeeld": oordelen.declaratiedelen_beoordeeld},
        parallel=4,
    )
    app.every(5.0, bewaren.zet_om, "berichten_in_stukken", OVERAL)
    app.every(1.0, termijnen.verstreken_termijnen, "verstreken_termijnen", OVERAL)
    app.every(15.0, meten.meet_rand, "rand_meten", OVERAL)
    app.every(0.5, bezorgen.bezorger(lambda: app.pool), "bezorgen", OVERAL)
    return app


if __name__ == "__main__":
    houd_klein()
    bouw().run()
