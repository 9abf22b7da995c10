"""The letter of a decision in a browser: WCAG 2.1 AA, on a laptop, at 200% and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from services.intake.domain import brief
from tests.service.intake.test_brief_pdf import VELDEN
from tests.web.test_toegankelijk import keur

HULP = {"product": {"categorie": "01"}, "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
        "ingangsdatum": "2026-02-09", "einddatum": "2027-02-08", "doel": "Het huis blijft schoon."}  # fmt: skip


@pytest.mark.parametrize("soort", sorted(brief.STANDAARD))
def test_wcag_de_brief_bij_een_besluit(browser: Browser, soort: str) -> None:
    pagina = browser.new_page()
    pagina.set_content(brief.schrijf(brief.STANDAARD[soort], VELDEN, [HULP] * 3, "Op 9 januari 2027 kijken wij weer."))
    keur(pagina, f"brief-{soort}")
    pagina.close()
