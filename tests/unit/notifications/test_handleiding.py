"""The manual says what the code does: the table of who hears what, and the numbers it names."""

from __future__ import annotations

from lokaal.plek import ROOT
from services.backoffice.domain import termijnen
from services.notifications.domain import handtekening, poging
from services.notifications.domain.wie_hoort_wat import AANLEIDINGEN, als_tabel

TEKST = (ROOT / "docs" / "handleiding" / "notificaties.md").read_text("utf-8")


def test_de_tabel_van_de_handleiding_is_die_van_de_code() -> None:
    assert TEKST.partition("<!-- tabel -->\n")[2].partition("<!-- einde tabel -->")[0] == als_tabel()


def test_de_getallen_en_namen_van_de_handleiding_kloppen() -> None:
    assert f"meer dan {handtekening.GELDIG_S} seconden" in TEKST
    assert f"({poging.POGINGEN_MAX} keer)" in TEKST and f"na {poging.GEWEIGERD_MAX} keer" in TEKST
    for naam in (handtekening.KENMERK, handtekening.TIJDSTIP, handtekening.HANDTEKENING, *AANLEIDINGEN):
        assert naam in TEKST, naam


def test_de_back_office_heeft_woorden_voor_elke_aanleiding() -> None:
    assert set(termijnen.WAAROVER) == {*AANLEIDINGEN, "verzameld"}
