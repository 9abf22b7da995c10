"""Who hears what when: one table. The handlers follow it, the composition root subscribes by it, the manual shows it.

Every term has its receiver before it ends (nadert) and after (verstreken); each hears of it once.
"""

from __future__ import annotations

from dataclasses import dataclass

from .ontvanger import AANBIEDER, GEMEENTE, HELPER, INWONER, STANDAARD, WIJKTEAM
from .sjablonen import SJABLONEN


@dataclass(frozen=True, slots=True)
class Regel:
    """One text for one receiver: the event that gives it, when, and the template."""

    event: str
    wanneer: str
    sjabloon: str

    @property
    def aanleiding(self) -> str:
        """What is told: with what it is about, the cause that is told once."""
        return _AANLEIDING.get(self.event, self.event.rpartition(".")[2])

    @property
    def ontvanger(self) -> str:
        return SJABLONEN[self.sjabloon].ontvanger


_AANLEIDING = {"intake.afweging_vastgelegd": "respijt_geboden"}
_TERMIJN = (("nadert", "nadert"), ("verstreken", "is voorbij"))

REGELS: tuple[Regel, ...] = (
    Regel("intake.melding_ontvangen", "een melding komt binnen", "melding_ontvangen.inwoner"),
    Regel("intake.melding_ontvangen", "een melding met spoed komt binnen", "melding_ontvangen.wijkteam"),
    Regel("intake.outreach_gevraagd", "een kwetsbare inwoner reageert niet", "outreach_gevraagd.wijkteam"),
    Regel("intake.afweging_vastgelegd", "respijt wordt geboden", "respijt_geboden.helper"),
    Regel("intake.beschikking_vastgesteld", "er is een besluit", "beschikking_vastgesteld.inwoner"),
    Regel("intake.termijn_nadert", "de termijn voor een eigen plan nadert", "termijn_nadert.plan"),
    Regel("intake.termijn_nadert", "de termijn voor bezwaar nadert", "termijn_nadert.bezwaar"),
    Regel("intake.termijn_nadert", "de termijn om te reageren nadert", "termijn_nadert.reactie"),
    *(
        Regel(f"intake.termijn_{t}", f"een termijn van de gemeente of het team {w}", f"termijn_{t}.wijkteam")
        for t, w in _TERMIJN
    ),
    Regel("intake.termijn_verstreken", "de termijn om te reageren is voorbij", "termijn_verstreken.geen_reactie"),
    *(
        Regel(f"toewijzing.termijn_{t}", f"een termijn van de gemeente {w}", f"termijn_{t}.gemeente")
        for t, w in _TERMIJN
    ),
    *(
        Regel(f"toewijzing.termijn_{t}", f"een termijn van de aanbieder {w}", f"termijn_{t}.{naam}")
        for t, w in _TERMIJN
        for naam in ("van_aanbieder", "aanbieder")
    ),
    Regel("toewijzing.einde_nadert", "een toewijzing eindigt en er is geen vervolg", "einde_nadert.gemeente"),
    Regel("toewijzing.bericht_afgekeurd", "een aanbieder keurt een 301 af", "bericht_afgekeurd.toewijzing"),
    Regel("toewijzing.bericht_afgekeurd", "een aanbieder keurt een 319 af", "bericht_afgekeurd.antwoord"),
    Regel("knooppunt.termijn_verstreken", "ons antwoord op een bericht is te laat", "antwoord_te_laat.gemeente"),
    Regel("knooppunt.termijn_verstreken", "het antwoord van een aanbieder is te laat", "antwoord_te_laat.aanbieder"),
    *(
        Regel(f"declaratie.termijn_{t}", f"de termijn van een declaratie {w}", f"termijn_{t}.declaratie")
        for t, w in _TERMIJN
    ),
    Regel("declaratie.budget_bereikt", "een budget komt op 80, 95 of 100 procent", "budget_bereikt.gemeente"),
)

POSTBUS_NIEUW = "postbus_nieuw"
"""What only a webhook tells, to a provider: something lies in its mailbox."""
AANLEIDINGEN = tuple(sorted({regel.aanleiding for regel in REGELS} | {POSTBUS_NIEUW}))
"""What a webhook may be asked for."""

_WIE = {
    GEMEENTE: "gemeente (backoffice)",
    WIJKTEAM: "wijkteam",
    AANBIEDER: "aanbieder",
    INWONER: "inwoner",
    HELPER: "wie helpt",
}
_KANAAL = {"email": "e-mail", "in_app": "lijst"}


def als_tabel() -> str:
    """The table of the manual, as Markdown."""
    regels = ["| wanneer | wie hoort het | hoe, zonder voorkeur | onderwerp | gebeurtenis |", "|---|---|---|---|---|"]
    for regel in REGELS:
        wie, onderwerp = _WIE[regel.ontvanger], SJABLONEN[regel.sjabloon].onderwerp
        leesbaar = onderwerp.replace("$", "…")
        regels.append(
            f"| {regel.wanneer} | {wie} | {_KANAAL[STANDAARD[regel.ontvanger]]} | {leesbaar} | `{regel.event}` |"
        )
    return "\n".join(regels) + "\n"
