"""The life of a melding: every state x every step, by running the domain itself.

`python -m services.intake.domain.levensloop` writes docs/intake.md; a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from services.intake.domain.instellingen import LEEFGEBIEDEN, Instellingen, Team
from services.intake.domain.termijn import SOORTEN
from services.intake.domain.toets import Omgeving, toets
from services.intake.domain.zaak import STAPPEN, Stap, Zaak, kan_niet, pas_toe, vouw

DOCUMENT = Path(__file__).parents[3] / "docs" / "intake.md"
GEMELD = date(2026, 1, 19)
VANDAAG = date(2026, 2, 2)
_KOP = """\
# De levensloop van een melding

Dit bestand is gemaakt met `python -m services.intake.domain.levensloop`. Verander het niet met de hand.

De tabel is niet geschreven maar gespeeld: voor elke toestand en elke stap is de code gevraagd wat er gebeurt. Een pijl
(`->`) zegt welke toestand volgt. `nu niet` is antwoord 409: die stap hoort niet bij deze toestand. Elk ander woord is
de regel waarom de stap wordt geweigerd (antwoord 422): een artikel van de wet, of een regel van deze service. Alle
redenen staan er samen.
"""

INSTELLINGEN = Instellingen("west", "gemeente Goes", teams=(Team("west", "West"), Team("oost", "Oost")))
ONDERZOEK: Mapping[str, Any] = {
    "identiteit_vastgesteld": True,
    "gesprek": {"datum": "2026-01-28", "verslag": "-"},
    "clientondersteuning": {"aangeboden_op": "2026-01-19"},
    "leefgebieden": {code: {"situatie": "-", "wens": "-", "resultaat": "-"} for code in LEEFGEBIEDEN},
    "netwerk": {"stand": "aanwezig"},
}
_NEE = {"uitkomst": "niet_toereikend", "motivering": "-"}
AFWEGING: Mapping[str, Any] = {
    "treden": dict.fromkeys(("eigen_kracht", "netwerk", "algemene_voorziening", "collectief"), _NEE)
    | {"maatwerk": {"uitkomst": "toereikend", "motivering": "-"}},
}
_ZONDER = {"treden": {"eigen_kracht": _NEE, "netwerk": {"uitkomst": "toereikend", "motivering": "-"}}}
_PRODUCT = {"aanbieder": "75750101", "doel": "-", "ingangsdatum": "2026-02-09"}
BESCHIKKING: Mapping[str, Any] = {
    "besluit": "toekenning", "nummer": "1", "ingangsdatum": "2026-02-09", "leveringsvorm": "zin",
    "producten": [_PRODUCT], "herziening_op": "2026-07-01",
}  # fmt: skip
_OVERBELAST = {"personen": [{"naam": "-", "mantelzorger": True, "belasting": "overbelast"}]}
_Stappen = Sequence[tuple[str, Mapping[str, Any]]]
_MELDING: tuple[str, Mapping[str, Any]] = ("melding", {"team": "west"})
_TOT_ONDERZOCHT: _Stappen = (_MELDING, ("onderzoek", ONDERZOEK), ("afronding", {}))
_TOT_AANVRAAG: _Stappen = (*_TOT_ONDERZOCHT, ("afweging", AFWEGING), ("aanvraag", {}))
_TOT_BESLUIT: _Stappen = (*_TOT_AANVRAAG, ("beschikking", BESCHIKKING))
_START = {"toewijzing_nummer": 1, "moment": "start", "aanbieder": "75750101"}
_GEHAALD = {stem: {"oordeel": "gehaald"} for stem in ("client", "aanbieder", "gemeente")}

STANDEN: Mapping[str, _Stappen] = {
    "ontvangen": [_MELDING],
    "ontvangen, spoed": [("melding", {"team": "west", "spoed": True})],
    "in onderzoek": [_MELDING, ("onderzoek", {})],
    "onderzocht": _TOT_ONDERZOCHT,
    "onderzocht, omgeving afwezig": [
        _MELDING, ("onderzoek", {**ONDERZOEK, "netwerk": {"stand": "afwezig"}}), ("afronding", {}),
    ],
    "onderzocht, mantelzorger overbelast": [_MELDING, ("onderzoek", {**ONDERZOEK, **_OVERBELAST}), ("afronding", {})],
    "onderzocht, verwezen": [
        *_TOT_ONDERZOCHT, ("afweging", _ZONDER), ("verwijzing", {"voorziening": "maatje", "opvolgen_op": "2026-03-02"}),
    ],
    "aangevraagd": _TOT_AANVRAAG,
    "aangevraagd, onderzoek niet op tijd": [_MELDING, ("onderzoek", {}), ("aanvraag", {})],
    "besloten": _TOT_BESLUIT,
    "besloten, bezwaar loopt": [*_TOT_BESLUIT, ("bezwaar", {})],
    "besloten, hulp begonnen": [*_TOT_BESLUIT, ("levering", _START)],
    "open risico": [*_TOT_BESLUIT, ("risico", {})],
    "open risico, akkoord van een ander": [*_TOT_BESLUIT, ("risico", {}), ("risicoakkoord", {})],
    "afgesloten": [*_TOT_BESLUIT, ("afsluiting", {"uitkomst": "besluit_uitgevoerd"})],
}  # fmt: skip
"""Every state of a case, by the steps that lead there, taken by `anna`."""

PROEVEN: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "overdracht": ("overdracht", {"team": "oost"}),
    "persoonlijk plan": ("plan", {"plan": "ontvangen"}),
    "spoedvoorziening": (
        "spoedvoorziening",
        {"beschikking": {"ingangsdatum": "2026-02-02", "einddatum": "2026-03-02"}, "producten": [_PRODUCT]},
    ),
    "spoedvoorziening zonder einddatum": (
        "spoedvoorziening", {"beschikking": {"ingangsdatum": "2026-02-02"}, "producten": [_PRODUCT]},
    ),
    "onderzoek, volledig": ("onderzoek", ONDERZOEK),
    "onderzoek afronden": ("afronding", {}),
    "afweging: maatwerk": ("afweging", AFWEGING),
    "afweging: opgelost in de omgeving": ("afweging", _ZONDER),
    "afweging zonder motivering": ("afweging", {"treden": {}}),
    "verwijzing": ("verwijzing", {"voorziening": "maatje", "opvolgen_op": "2026-03-02"}),
    "verwijzing naar wat er niet is": ("verwijzing", {"voorziening": "weg", "opvolgen_op": "2026-03-02"}),
    "opvolging van de verwijzing": ("opvolging", {"verwijzing": 1, "uitkomst": "geholpen"}),
    "aanvraag": ("aanvraag", {}),
    "beschikking: toekenning": ("beschikking", BESCHIKKING),
    "beschikking: afwijzing zonder reden": (
        "beschikking", {"besluit": "afwijzing", "ingangsdatum": "2026-02-09", "leveringsvorm": "zin"},
    ),
    "herziening": ("herziening", {}),
    "bezwaar": ("bezwaar", {}),
    "bezwaar gegrond": ("bezwaarbesluit", {"uitkomst": "gegrond"}),
    "bezwaar ongegrond": ("bezwaarbesluit", {"uitkomst": "ongegrond"}),
    "risico gezien": ("risico", {}),
    "risico afgehandeld": ("risicoafhandeling", {"risico": 1}),
    "akkoord met een open risico": ("risicoakkoord", {}),
    "geen contact gekregen": ("contact", {"gelukt": False}),
    "contact gekregen": ("contact", {"gelukt": True}),
    "de klok vraagt om langs te gaan": ("outreach", {}),
    "hulp begint": ("levering", _START),
    "hulp wordt weinig gebruikt": ("gebruikssignaal", {"toewijzing_nummer": 1, "bron": "declaratie"}),
    "ervaring na de start": ("ervaring", {"toewijzing_nummer": 1, "moment": "start"}),
    "doelen beoordeeld met drie stemmen": ("evaluatie", {"moment": "herziening", "doelen": [{"doel": 1, **_GEHAALD}]}),
    "doelen beoordeeld zonder de inwoner": (
        "evaluatie", {"moment": "herziening", "doelen": [{"doel": 1, **_GEHAALD, "client": None}]},
    ),
    "intrekking door de inwoner": ("intrekking", {}),
    "afsluiting: opgelost zonder toewijzing": ("afsluiting", {"uitkomst": "opgelost_zonder_toewijzing"}),
    "afsluiting: besluit uitgevoerd": ("afsluiting", {"uitkomst": "besluit_uitgevoerd"}),
}  # fmt: skip
"""Every step that is tried in every state, by `bert`."""


def zaak_van(stappen: Iterable[tuple[str, Mapping[str, Any]]]) -> Zaak:
    """A case through these steps, all on the day of the melding, by anna."""
    return vouw(Stap(soort, "anna", GEMELD, inhoud) for soort, inhoud in stappen)


def _werkdag(dag: date) -> bool:
    """The table touches no holiday."""
    return dag.weekday() < 5


def speel(zaak: Zaak, soort: str, inhoud: Mapping[str, Any]) -> str:
    """What this step does to this case."""
    if kan_niet(zaak.status, soort):
        return "nu niet"
    omgeving = Omgeving(INSTELLINGEN, VANDAAG, "bert", _werkdag, {"maatje": {"cent": 250, "per": "keer"}})
    fouten = toets(zaak, soort, inhoud, omgeving)
    if fouten:
        return ", ".join(dict.fromkeys(fout.regel for fout in fouten))
    return "-> " + pas_toe(zaak, Stap(soort, "bert", VANDAAG, inhoud)).status.replace("_", " ")


def tabel() -> tuple[Sequence[str], Mapping[str, Sequence[str]]]:
    """The states (columns), and per step what happens in each of them."""
    zaken = [zaak_van(stappen) for stappen in STANDEN.values()]
    return list(STANDEN), {naam: [speel(zaak, *wat) for zaak in zaken] for naam, wat in PROEVEN.items()}


def document() -> str:
    """The text of docs/intake.md."""
    standen, rijen = tabel()
    delen = [_KOP, f"| stap | {' | '.join(standen)} |", "|---" * (len(standen) + 1) + "|"]
    delen += [f"| {naam} | {' | '.join(cellen)} |" for naam, cellen in rijen.items()]
    delen += ["\n## Gebeurtenissen\n", "Elke stap is een gebeurtenis op `intake.v1`, zonder wat iemand zei.\n"]
    delen += ["| stap | gebeurtenis |", "|---|---|"]
    delen += [f"| {naam} | `intake.{stap.event}` |" for naam, stap in STAPPEN.items()]
    delen += [
        "\n## Termijnen\n",
        _TERMIJNEN,
        "| soort | wie | wat | dagen | meldt dat het voorbij is |",
        "|---|---|---|---|---|",
    ]
    for naam, soort in SOORTEN.items():
        dagen = getattr(INSTELLINGEN.termijnen, naam, "afgesproken dag")
        delen.append(f"| {naam} | {soort.wie} | {soort.wat} | {dagen} | {'ja' if soort.meldt_verstrijken else 'nee'} |")
    return "\n".join(delen) + "\n"


_TERMIJNEN = """\
Kalenderdagen, zonder instelling van de gemeente. Eindigt een termijn van de wet op een zaterdag, zondag of feestdag,
dan is de eerstvolgende werkdag de laatste (Algemene termijnenwet artikel 1).
"""

if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
