"""Templates, and how a page is made of them; every page works without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

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


def toon(sjabloon: str, status: int = 200, **gegevens: Any) -> HTMLResponse:
    """A page. `wie` is who is at the screen, `hier` the part of the menu."""
    standaard = {"wie": None, "hier": "", "fout": None}
    return HTMLResponse(sjablonen.get_template(sjabloon).render(standaard | gegevens), status_code=status)
