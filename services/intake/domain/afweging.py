"""The weighing: which help is enough, looked at in one fixed order, with a reason at every rung."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.domain.fout import Fout

TREDEN = ("eigen_kracht", "netwerk", "algemene_voorziening", "collectief", "maatwerk")
MAATWERK = TREDEN[-1]
TOEREIKEND, DEELS, NIET = "toereikend", "deels", "niet_toereikend"
NIET_VAN_TOEPASSING, NIET_BEREIKT = "niet_van_toepassing", "niet_bereikt"
GEEN_STEUN = {
    "afwezig": "Er is niemand in de omgeving die kan helpen.",
    "belastend": "De mensen in de omgeving maken het juist zwaarder.",
}
"""When the people around the resident are of no help: why nobody may ask for their help first."""

Treden = Mapping[str, Mapping[str, Any]]


def vul_aan(gegeven: Treden, netwerk: str | None) -> dict[str, dict[str, Any]]:
    """All rungs in their order. Without a network that helps, own strength and network are not asked about.

    Rungs after one that is enough are `niet_bereikt`.
    """
    treden: dict[str, dict[str, Any]] = {}
    klaar = False
    for naam in TREDEN:
        trede = dict(gegeven.get(naam) or {})
        if klaar:
            trede = {"uitkomst": NIET_BEREIKT, "motivering": "Een eerdere trede is al genoeg."}
        elif netwerk in GEEN_STEUN and (naam == "netwerk" or (naam == "eigen_kracht" and not trede)):
            trede = {"uitkomst": NIET_VAN_TOEPASSING, "motivering": GEEN_STEUN[netwerk]}
        treden[naam] = trede
        klaar = klaar or trede.get("uitkomst") == TOEREIKEND
    return treden


def toets_treden(gegeven: Treden, netwerk: str | None) -> list[Fout]:
    """Every rung up to the one that is enough has an outcome and a reason, and there is one that is enough."""
    fouten = []
    # Anything else that was said of it simply does not count: nobody waits for it.
    if netwerk in GEEN_STEUN and (gegeven.get("netwerk") or {}).get("uitkomst") in (TOEREIKEND, DEELS):
        fouten.append(
            Fout("NETWERK", "/treden/netwerk/uitkomst", "De omgeving kan niet helpen: deze trede telt niet mee.",
                 "Laat deze trede weg, of pas het onderzoek aan.")
        )  # fmt: skip
    treden = vul_aan(gegeven, netwerk)
    for naam, trede in treden.items():
        if trede.get("uitkomst") == NIET_BEREIKT:
            if naam in gegeven:
                fouten.append(
                    Fout("TREDE", f"/treden/{naam}", "Een eerdere trede is al genoeg.", "Laat deze trede weg.")
                )
            continue
        for veld, wat in (("uitkomst", "een uitkomst"), ("motivering", "een motivering")):
            if not trede.get(veld):
                fouten.append(
                    Fout("TREDE", f"/treden/{naam}/{veld}", f"Deze trede heeft nog geen {wat.removeprefix('een ')}.",
                         f"Geef {wat}.")
                )  # fmt: skip
    return fouten


def toets_respijt(afweging: Mapping[str, Any], *, overbelast: bool) -> list[Fout]:
    """A carer who cannot bear it any more: what is done about that has to be said."""
    if not overbelast or (afweging.get("respijt") or {}).get("uitkomst"):
        return []
    return [
        Fout("RESPIJT", "/respijt", "De mantelzorger is overbelast. Er staat niet welke rust die krijgt.",
             "Leg vast welke respijtzorg er komt, of waarom niet.")
    ]  # fmt: skip


WEKEN_PER_JAAR = 52
Kaart = Mapping[str, Mapping[str, Any] | None]
"""Per code of the social map what it costs, `{cent, per}`, or None."""


def toets_opties(opties: Sequence[Mapping[str, Any]], kaart: Kaart) -> list[Fout]:
    """Every option has a name and what it costs, by itself or by an entry of the social map."""
    fouten = []
    for n, optie in enumerate(opties):
        code = optie.get("voorziening")
        if code is not None and code not in kaart:
            fouten.append(
                Fout("SOCIALE KAART", f"/opties/{n}/voorziening", "Deze voorziening staat niet op de sociale kaart.",
                     "Kies een voorziening van de sociale kaart, of geef zelf een naam en de kosten.")
            )  # fmt: skip
            continue
        if code is None and not optie.get("naam"):
            fouten.append(Fout("OPTIE", f"/opties/{n}/naam", "Deze mogelijkheid heeft geen naam.", "Geef een naam."))
        if optie.get("kosten_cent") is None and kosten_per_jaar(optie, kaart) is None:
            fouten.append(
                Fout("OPTIE", f"/opties/{n}/kosten_cent", "Er staat niet wat deze mogelijkheid per jaar kost.",
                     "Geef de kosten, of zet ze op de sociale kaart. Bij kosten per keer: noem hoe vaak per jaar.")
            )  # fmt: skip
    return fouten


def kosten_per_jaar(optie: Mapping[str, Any], kaart: Kaart) -> int | None:
    """In cents: what the option says itself, else what the social map says; None when neither does."""
    if optie.get("kosten_cent") is not None:
        return int(optie["kosten_cent"])
    kosten = kaart.get(optie.get("voorziening") or "")
    if kosten is None:
        return None
    keren = WEKEN_PER_JAAR if kosten["per"] == "week" else optie.get("keren_per_jaar")
    return None if keren is None else int(kosten["cent"]) * int(keren)


def naast_elkaar(opties: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The options in the order of the rungs, on a rung the cheapest first."""
    return sorted(opties, key=lambda o: (TREDEN.index(o["trede"]), o["kosten_cent"]))


def opgelost_op(afweging: Mapping[str, Any]) -> str | None:
    """The rung that is enough."""
    treden = afweging.get("treden") or {}
    return next((naam for naam in TREDEN if (treden.get(naam) or {}).get("uitkomst") == TOEREIKEND), None)


def maatwerk_nodig(afweging: Mapping[str, Any]) -> bool:
    """Whether the last rung is (part of) the answer: only then help may be granted."""
    uitkomst = ((afweging.get("treden") or {}).get(MAATWERK) or {}).get("uitkomst")
    return uitkomst in (TOEREIKEND, DEELS)


def bespaard_cent(afweging: Mapping[str, Any]) -> int | None:
    """An estimate, in cents a year: the cheapest tailored help less the cheapest option on the rung that was enough.

    None without a price for tailored help, or when that was the answer.
    """
    trede = opgelost_op(afweging)
    opties: Sequence[Mapping[str, Any]] = afweging.get("opties") or ()
    maatwerk: list[int] = [o["kosten_cent"] for o in opties if o["trede"] == MAATWERK]
    if trede is None or trede == MAATWERK or not maatwerk:
        return None
    gekozen: int = min((o["kosten_cent"] for o in opties if o["trede"] == trede), default=0)
    return max(min(maatwerk) - gekozen, 0)
