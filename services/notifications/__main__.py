"""Composition root of notifications."""

from functools import partial

from chassis.app import App
from chassis.db import OVERAL, transaction
from services.rechten import RECHTEN

from .bellen import bel_wachtende
from .handlers import melden
from .handlers.verzamelen import verzamel
from .handlers.webhook import is_lokaal
from .http import ROUTERS
from .ronde import in_rondes
from .store.notificatie import release_claims
from .verzending import verzend_wachtende

app = App("notifications", RECHTEN["notifications"])
app.http(*ROUTERS)
BACKOFFICE, IK = app.settings.url("backoffice"), app.settings.instantie
meld_termijn = partial(melden.meld_gemelde_termijn, backoffice=BACKOFFICE)
app.subscribe(
    "intake.v1",
    {
        "intake.melding_ontvangen": melden.meld_stap,
        "intake.outreach_gevraagd": melden.meld_stap,
        "intake.afweging_vastgelegd": melden.meld_stap,
        "intake.beschikking_vastgesteld": melden.meld_stap,
        "intake.termijn_nadert": melden.meld_termijn_van_melding,
        "intake.termijn_verstreken": melden.meld_termijn_van_melding,
    },
    patient=True,
)
app.subscribe(
    "knooppunt-berichten.v1",
    {
        "knooppunt.termijn_verstreken": partial(melden.meld_termijn, backoffice=BACKOFFICE),
        "knooppunt.bericht_verzonden": melden.meld_postbus,
    },
    patient=True,
)
app.subscribe("knooppunt-declaraties.v1", {"knooppunt.bericht_verzonden": melden.meld_postbus}, patient=True)
app.subscribe(
    "toewijzing.v1",
    {
        "toewijzing.bericht_afgekeurd": partial(melden.meld_afkeuring, backoffice=BACKOFFICE),
        "toewijzing.termijn_nadert": meld_termijn,
        "toewijzing.termijn_verstreken": meld_termijn,
        "toewijzing.einde_nadert": meld_termijn,
    },
    patient=True,
)
app.subscribe(
    "declaratie.v1",
    {
        "declaratie.budget_bereikt": melden.meld_budget,
        "declaratie.termijn_nadert": meld_termijn,
        "declaratie.termijn_verstreken": meld_termijn,
    },
    patient=True,
)


async def neem_over() -> None:
    """What the process of this name was sending when it died, goes again at once."""
    async with transaction(app.pool, OVERAL) as tx:
        await release_claims(tx, IK)


app.on_start(neem_over)
app.every(1.0, verzamel, "notificaties-verzamelen", OVERAL)
app.every(
    1.0,
    in_rondes(lambda: verzend_wachtende(app.pool, smtp=app.settings.smtp, door=IK), "notificaties-verzenden"),
    "notificaties-verzenden",
    OVERAL,
)
app.every(
    1.0,
    in_rondes(lambda: bel_wachtende(app.pool, door=IK, lokaal=is_lokaal()), "webhooks-bellen"),
    "webhooks-bellen",
    OVERAL,
)

if __name__ == "__main__":
    app.run()
