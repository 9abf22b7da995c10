"""Templates, and how a page is made of them; every page works without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.auth import Caller

from .. import presentatie
from ..domain.taal import datum, moment

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


TOEZICHT = frozenset({"toezichthouder", "beheerder"})
MEDEWERKER = frozenset({"consulent", "wijkteam", "kwaliteit", "financien", "beheerder"})
MENU = (
    ("werkvoorraad", "Werkvoorraad", MEDEWERKER),
    ("stroom", "Berichtenstroom", MEDEWERKER),
    ("zaken", "Zaken", MEDEWERKER),
    ("parkeerplaats", "Parkeerplaats", MEDEWERKER),
    ("logboek", "Logboek", TOEZICHT),
)
"""The pages, and for whom they stand in the menu; the table of rights decides who may see them."""


def toon(sjabloon: str, status: int = 200, **gegevens: Any) -> HTMLResponse:
    """A page. `wie` is who is at the screen, `hier` the part of the menu."""
    wie: Caller | None = gegevens.get("wie")
    menu = [(pad, naam) for pad, naam, rollen in MENU if wie and not rollen.isdisjoint(wie.rollen)]
    standaard = {"wie": None, "hier": "", "fout": None, "menu": menu}
    return HTMLResponse(sjablonen.get_template(sjabloon).render(standaard | gegevens), status_code=status)
