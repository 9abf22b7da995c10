"""At the door: for which providers a caller may act, and whether they are shut out. Judged at every request."""

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from services.knooppunt.domain import Partij
from services.knooppunt.store import toegang


async def laat_binnen(tx: Tx, wie: Caller) -> Partij:
    """The party a provider's or vendor's token stands for. Raises Problem 403 when nothing is left of it.

    Its own `agb` counts; of `agb_lijst` what has a mandate on record today, and no block by the operator.
    """
    geclaimd = wie.tenant.aanbieders
    mandaten, blokkades = await toegang.load_stand(tx, wie.sub, wie.agb_lijst, geclaimd, clock.today())
    overal = {agb for gemeente, agb in blokkades if gemeente == toegang.OVERAL}
    mag = [agb for agb in geclaimd if agb == wie.agb or agb in mandaten]
    aanbieders = tuple(agb for agb in mag if agb not in overal)
    if mag and not aanbieders:
        raise geblokkeerd()
    if not aanbieders:
        raise geen_mandaat()
    return Partij(
        aanbieders,
        zonder_mandaat=tuple(agb for agb in geclaimd if agb not in mag),
        geblokkeerd=frozenset(paar for paar in blokkades if paar[1] in aanbieders),
    )


def eis_open(partij: Partij, gemeente: str, aanbieder: str) -> None:
    """Raise Problem 403 when this gemeente shut this provider out."""
    if (gemeente, aanbieder) in partij.geblokkeerd:
        raise geblokkeerd()


def geblokkeerd() -> Problem:
    """403: shut out; nothing that was acknowledged is lost by it."""
    return Problem(
        403,
        "geblokkeerd",
        "De toegang van deze aanbieder is geblokkeerd.",
        "Neem contact op met de gemeente of met de beheerder van het knooppunt. Uw berichten blijven bewaard.",
    )


def geen_mandaat() -> Problem:
    """403: a vendor without a mandate on record."""
    return Problem(
        403,
        "geen_mandaat",
        "Voor deze aanbieder is geen geldig mandaat vastgelegd.",
        "Laat de aanbieder het mandaat vastleggen met PUT /v1/mandaten.",
    )
