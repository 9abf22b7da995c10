"""A letter of plain HTML as PDF: the same words, on A4, made by the library alone (no system packages).

The same HTML and moment give the same bytes. The HTML is the version for a screen reader; the PDF is for paper.
"""

import re
from datetime import datetime

from fastapi import Response
from fpdf import FPDF, TextStyle
from ttf_opensans import OPENSANS_BOLD, OPENSANS_REGULAR

_FONT = "OpenSans"
_MARGIN_MM, _SIDE_MM, _LINE_HEIGHT = 20, 25, 1.35
_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class _Paper(FPDF):
    before = 0
    """Pages of the letters before this one: each letter is numbered by itself."""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(_FONT, size=9)
        self.cell(0, 10, f"Bladzijde {self.page_no() - self.before}", align="R")


def response(paper: bytes, name: str) -> Response:
    """The answer that shows a PDF under this file name."""
    return Response(paper, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def from_html(html: str, made_at: datetime) -> bytes:
    """PDF of a page of headings, paragraphs and lists; what the page is called is its title."""
    return from_pages([html], made_at)


def from_pages(pages: list[str], made_at: datetime) -> bytes:
    """One PDF of several letters, each from a new sheet."""
    paper = _Paper(format="A4")
    paper.set_creation_date(made_at)
    paper.set_lang("nl")
    for style, font in (("", OPENSANS_REGULAR), ("B", OPENSANS_BOLD)):
        paper.add_font(_FONT, style, str(font.path))
    paper.set_margins(_SIDE_MM, _MARGIN_MM, _SIDE_MM)
    paper.set_auto_page_break(True, margin=_MARGIN_MM)
    title = _TITLE.search(pages[0]) if pages else None
    if title:
        paper.set_title(title[1].strip())
    for html in pages:
        before = paper.page_no()
        # Adding a page prints the foot of the one before, which is still of the letter before.
        paper.add_page()
        paper.before = before
        paper.set_font(_FONT, size=11)
        paper.write_html(_airy(html), font_family=_FONT, tag_styles=_STYLES, li_prefix_color="#000000")
    return bytes(paper.output())


def _airy(html: str) -> str:
    """What stands in the body, with room between the lines; the library prints white space between tags."""
    body = _BODY.search(html)
    text = re.sub(r"</?main>", "", body[1] if body else html)
    text = re.sub(r">\s+<", "><", text)
    return re.sub(r"<(p|ul|ol)>", rf'<\1 line-height="{_LINE_HEIGHT}">', text).strip()


_STYLES = {
    "h1": TextStyle(font_family=_FONT, font_style="B", font_size_pt=16, color="#000000", t_margin=4, b_margin=0),
    "h2": TextStyle(font_family=_FONT, font_style="B", font_size_pt=12, color="#000000", t_margin=4, b_margin=0),
    "p": TextStyle(font_family=_FONT, font_size_pt=11, t_margin=2, b_margin=2),
}
