"""The letter of a decision: one HTML that is kept, and a PDF of the same words that is always the same."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html import unescape

import pypdf
import pytest

from chassis import pdf
from chassis.db import Tenant, transaction
from services.intake.domain import brief
from tests.service.intake.conftest import GOES, Loket
from tests.service.intake.een import een_beschikking
from tests.unit.notifications.leesbaar import bezwaren


def woorden(html: str) -> str:
    """The words of a page without its tags."""
    body = html.partition("<body>")[2].partition("</body>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def woorden_van_papier(papier: bytes) -> str:
    lezer = pypdf.PdfReader(io.BytesIO(papier))
    tekst = " ".join(blad.extract_text() for blad in lezer.pages)
    return " ".join(re.sub(r"Bladzijde \d+", " ", tekst).replace("•", " ").split())


async def test_de_pdf_heeft_de_woorden_van_de_ene_brief_en_er_komt_geen_tweede(loket: Loket) -> None:
    melding_id = await loket.meld()
    await loket.tot_aanvraag(melding_id)
    await loket.stap(melding_id, "POST beschikking", een_beschikking(motivering="U kunt <b>niet</b> & mag wél Şahin €"))
    html = await loket.vraag("GET", f"meldingen/{melding_id}/brief")
    papier = [await loket.vraag("GET", f"meldingen/{melding_id}/brief?vorm=pdf") for _ in range(2)]
    assert papier[0].headers["content-type"] == "application/pdf"
    assert papier[0].content == papier[1].content
    assert woorden_van_papier(papier[0].content) == woorden(html.text)
    assert "<b>niet</b> & mag wél Şahin €" in woorden(html.text), "what was filled in is text, not HTML"
    kenmerken = pypdf.PdfReader(io.BytesIO(papier[0].content))
    assert kenmerken.metadata is not None and kenmerken.metadata.title == "U krijgt hulp van de gemeente"
    assert kenmerken.trailer["/Root"]["/Lang"] == "nl"
    async with transaction(loket.pool, Tenant(GOES)) as tx:
        assert await tx.fetchval("SELECT count(*) FROM brief WHERE melding_id = $1", melding_id) == 1
        gezien = await tx.fetchval("SELECT count(*) FROM toegang WHERE handeling = 'brief_ingezien'")
    assert gezien >= 3, "each look is logged, also at the PDF"
    assert (await loket.vraag("GET", f"meldingen/{melding_id}/brief?vorm=docx")).status_code == 422


def test_een_lange_brief_gaat_over_meer_bladen() -> None:
    alineas = "".join(f"<p>Alinea {n} van een lange brief.</p>" for n in range(120))
    papier = pdf.from_html(
        f"<title>Lang</title><body><main><h1>Lang</h1>{alineas}</main></body>", datetime(2026, 2, 2, tzinfo=UTC)
    )
    lezer = pypdf.PdfReader(io.BytesIO(papier))
    assert len(lezer.pages) > 2 and "Bladzijde 2" in lezer.pages[1].extract_text()
    assert "Alinea 119 van" in lezer.pages[-1].extract_text()


def test_in_een_stapel_begint_elke_brief_bij_bladzijde_een() -> None:
    lang = "<body>" + "<p>Alinea van een lange brief.</p>" * 60 + "</body>"
    lezer = pypdf.PdfReader(io.BytesIO(pdf.from_pages([lang, lang], datetime(2026, 2, 2, tzinfo=UTC))))
    nummers = [re.findall(r"Bladzijde (\d+)", blad.extract_text()) for blad in lezer.pages]
    assert len(nummers) > 2 and nummers == [[str(n)] for n in range(1, len(nummers) // 2 + 1)] * 2


VELDEN = {"naam": "A. Testduin", "gemeente": "gemeente Goes", "nummer": "1001", "datum": "2 februari 2026",
          "ingangsdatum": "9 februari 2026", "einddatum": "", "motivering": "U kunt niet meer zelf schoonmaken.",
          "grond": "Wmo 2015, artikel 2.3.5", "bezwaar_tot": "16 maart 2026"}  # fmt: skip


@pytest.mark.parametrize("soort", sorted(brief.STANDAARD))
def test_elke_standaardbrief_is_gewoon_nederlands(soort: str) -> None:
    html = brief.schrijf(brief.STANDAARD[soort], VELDEN, [], "Op 9 januari 2027 kijken wij samen of de hulp nog past.")
    tekst = re.sub(r"</(h1|h2|p|li)>|<br>", ".\n", html.partition("<body>")[2])
    assert bezwaren(unescape(re.sub(r"<[^>]+>", "", tekst)).replace("..", ".")) == []
