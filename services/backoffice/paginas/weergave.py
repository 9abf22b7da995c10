"""Templates, and how a page is made of them; every page works without JavaScript."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.auth import Caller

from .. import presentatie
from ..domain.taal import datum, euro, moment

sjablonen = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,  # every field of an event is shown as text, never as markup
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
sjablonen.filters["gemeente"] = presentatie.gemeente_naam
sjablonen.filters["datum"] = datum
sjablonen.filters["moment"] = moment
sjablonen.filters["euro"] = euro
sjablonen.filters["moment_uit"] = lambda waarde: moment(dt.datetime.fromisoformat(waarde))


TOEZICHT = frozenset({"toezichthouder", "beheerder"})
MEDEWERKER = frozenset({"consulent", "wijkteam", "kwaliteit", "financien", "beheerder"})
GELD = MEDEWERKER - {"wijkteam"}
MENU = (
    ("werkvoorraad", "Werkvoorraad", MEDEWERKER),
    ("stroom", "Berichtenstroom", MEDEWERKER),
    ("zaken", "Zaken", MEDEWERKER),
    ("declaraties", "Declaraties", GELD),
    ("grip", "Grip op Wmo", GELD),
    ("parkeerplaats", "Parkeerplaats", MEDEWERKER),
    ("beheer", "Beheer", MEDEWERKER),
    ("logboek", "Logboek", TOEZICHT),
)
"""The pages of a gemeente, and for whom they stand in the menu; the table of rights decides who may see them."""
MENU_AANBIEDER = (
    ("aanbieder", "Overzicht"),
    ("aanbieder/berichten", "Berichten"),
    ("aanbieder/controle", "Bericht controleren"),
)


sjablonen.globals["mag_geld"] = lambda wie: not GELD.isdisjoint(wie.rollen)


def _menu(wie: Caller | None) -> list[tuple[str, str]]:
    if wie is None or wie.soort == "keten":
        return []
    if wie.soort == "aanbieder":
        return list(MENU_AANBIEDER)
    return [(pad, naam) for pad, naam, rollen in MENU if not rollen.isdisjoint(wie.rollen)]


def toon(sjabloon: str, status: int = 200, **gegevens: Any) -> HTMLResponse:
    """A page. `wie` is who is at the screen, `hier` the part of the menu."""
    wie: Caller | None = gegevens.get("wie")
    standaard = {"wie": None, "hier": "", "fout": None, "menu": _menu(wie)}
    return HTMLResponse(sjablonen.get_template(sjabloon).render(standaard | gegevens), status_code=status)
