"""Any road through a case, step after step as the rules allow: what must hold wherever it ends."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chassis.termijn import is_working_day
from services.intake.domain.instellingen import Termijnen
from services.intake.domain.levensloop import GEMELD, INSTELLINGEN, PROEVEN, STANDEN
from services.intake.domain.termijn import SOORTEN, verwacht
from services.intake.domain.toets import Omgeving, toets
from services.intake.domain.zaak import AANGEVRAAGD, AFGESLOTEN, BESLOTEN, STATUSSEN, Stap, kan_niet, pas_toe, vouw

WEGEN = st.lists(
    st.tuples(st.sampled_from(list(PROEVEN.values())), st.sampled_from(["anna", "bert"]), st.integers(0, 21)),
    min_size=20, max_size=60,
)  # fmt: skip


@settings(phases=[Phase.reuse, Phase.generate, Phase.shrink])
@given(begin=st.sampled_from(list(STANDEN.values())), weg=WEGEN)
def test_elke_weg_houdt_zich_aan_de_regels(begin, weg):  # type: ignore[no-untyped-def]
    # From every state of docs/intake.md: few roads would get there by chance.
    stappen = [Stap(soort, "anna", GEMELD, inhoud) for soort, inhoud in begin]
    zaak, vandaag = vouw(stappen), GEMELD
    for (soort, inhoud), door, dagen in weg:
        vandaag += timedelta(days=dagen)
        omgeving = Omgeving(INSTELLINGEN, vandaag, door, is_working_day, {"maatje": None})
        if kan_niet(zaak.status, soort) or toets(zaak, soort, inhoud, omgeving):
            continue
        voor, stap = zaak, Stap(soort, door, vandaag, inhoud)
        zaak = pas_toe(zaak, stap)
        stappen.append(stap)
        assert zaak.status in STATUSSEN
        if soort == "beschikking":
            assert voor.afgerond_op is not None and voor.afweging, "a decision without research or weighing"
        if soort == "afsluiting":
            assert not voor.open_risico or voor.akkoord_door not in (None, door), "closed alone with an open risk"
            assert all(v.uitkomst for v in voor.verwijzingen)
        termijnen = verwacht(zaak, Termijnen(), is_working_day)
        assert len({(t.soort, t.nummer) for t in termijnen}) == len(termijnen)
        lopend = {t.soort for t in termijnen if isinstance(t.stand, date)}
        assert lopend <= set(SOORTEN)
        assert ("besluit" in lopend) == (zaak.status == AANGEVRAAGD), "a request and its term go together"
        if zaak.status == AFGESLOTEN:
            assert not lopend & {"onderzoek", "spoed", "besluit", "opvolging", "reactie", "outreach"}
    assert vouw(stappen) == zaak, "a case is its steps and nothing else"
    assert len(zaak.besluiten) <= len(zaak.aanvragen)
    if zaak.status == BESLOTEN:
        assert zaak.besluiten
