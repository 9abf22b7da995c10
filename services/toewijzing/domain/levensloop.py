"""The life of a toewijzing, its delivery and a verzoek: every state x every event, by running the domain itself.

`python -m services.toewijzing.domain.levensloop` writes docs/levensloop.md; a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from services.toewijzing.domain import levering, verzoek
from services.toewijzing.domain.inhoud import Contract, Vraag, toets_indicatie
from services.toewijzing.domain.levering import Levering, Oordeel, Start, StartRegel, Stop, StopRegel
from services.toewijzing.domain.toewijzing import (
    Fout,
    Omvang,
    Product,
    Versie,
    actuele_versie,
    inhoud_301,
    na_302,
    te_zenden_versie,
    toewijzing_status,
)
from services.toewijzing.domain.wijziging import (
    Wijziging,
    als_vraag,
    beeindig_voor_herindicatie,
    corrigeer,
    trek_in,
    verwijder,
    wijzig,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "levensloop.md"
VANDAAG = date(2026, 6, 15)
WEEK = timedelta(days=7)
_KOP = """\
# De levensloop van een toewijzing

Dit bestand is gemaakt met `python -m services.toewijzing.domain.levensloop`. Verander het niet met de hand.

De tabellen zijn niet geschreven maar gespeeld: voor elke toestand en elke gebeurtenis is de code gevraagd wat er
gebeurt. Een pijl (`->`) zegt welke toestand volgt. Een code (`OP380`) zegt welke regel de gebeurtenis weigert; er
vertrekt dan geen bericht, of de aanbieder krijgt de code in zijn retour. `wacht` achter een code: het ontbrekende
bericht kan nog komen, dus dit bericht wacht er eerst op (hoogstens 10 seconden).
"""

Versies = Sequence[Versie]
_UUR = Product("02", "02A05")
_CONTRACT = Contract("75750101", "02", None, "inspanning", date(2020, 1, 1), None)


def _versie(**anders: object) -> Versie:
    basis = Versie(
        nummer=1, versie=1, aanbieder="75750101", product=_UUR, omvang=Omvang(3, "04", "2"), budget_cent=None,
        ingangsdatum=date(2026, 2, 2), einddatum=date(2026, 7, 31), besluit_at=datetime(2026, 1, 19, tzinfo=UTC),
        toewijzingsdatum=date(2026, 1, 19), toewijzingstijd=time(10), variant="inspanning", status="goedgekeurd",
    )  # fmt: skip
    return replace(basis, **anders)  # type: ignore[arg-type]


def _na(eind: date, reden: str, *, ingetrokken: bool = True) -> Versies:
    """A first version, and a second that ends it."""
    return (_versie(), _versie(versie=2, einddatum=eind, reden_wijziging=reden, ingetrokken=ingetrokken))


TOEWIJZING: Mapping[str, Versies] = {
    "toekomstig": (_versie(ingangsdatum=date(2026, 7, 1)),),
    "actief, 302 nog niet binnen": (_versie(status="verzonden"),),
    "actief": (_versie(),),
    "ingetrokken, loopt nog": _na(date(2026, 6, 30), "05"),
    "ingetrokken, afgelopen": _na(date(2026, 5, 31), "05"),
    "verlopen": (_versie(einddatum=date(2026, 5, 31)),),
    "verwijderd": _na(date(2026, 2, 2), "13", ingetrokken=False),
    "302 weigerde het bericht": (_versie(status="afgekeurd"),),
    "302 weigerde dit nummer": (_versie(status="afgekeurd", eigen_fout=True),),
}
"""Every state of a number on VANDAAG, by its versions."""


def _codes(fouten: Sequence[Fout]) -> str:
    return ", ".join(dict.fromkeys(fout.regel for fout in fouten))


def _stand(versies: Versies) -> str:
    versie = actuele_versie(versies)
    return "bestaat niet" if versie is None else toewijzing_status(versie, VANDAAG)


Besluit = Callable[[Versie], tuple[Versie, list[Fout]]]


def _besluit(neem: Besluit, erbij: str = "") -> Callable[[Versies], str]:
    """A command on a number: which 301 leaves, and where the number stands then."""

    def speel(versies: Versies) -> str:
        basis = te_zenden_versie(versies)
        if basis is None:
            return "OP286"
        nieuw, fouten = neem(basis)
        if fouten:
            return _codes(fouten)
        volgende = replace(nieuw, versie=versies[-1].versie + 1, status="verzonden", eigen_fout=False)
        return f"301 met reden {nieuw.reden_wijziging} -> {_stand([*versies, volgende])}{erbij}"

    return speel


def _met(versie: Versie, **anders: object) -> Vraag:
    return replace(als_vraag(versie), **anders)  # type: ignore[arg-type]


def _wijzig(reden: str, **velden: object) -> Besluit:
    return lambda v: wijzig(v, Wijziging(frozenset(velden), reden, **velden), VANDAAG)  # type: ignore[arg-type]


def _wijzig_als(reden: str, begin: Mapping[str, object], **velden: object) -> Besluit:
    """The same on a number of another kind: `begin` is what it has in place of hours a week."""
    return lambda v: _wijzig(reden, **velden)(replace(v, **begin))  # type: ignore[arg-type]


def _herindiceer(**anders: object) -> Besluit:
    def neem(versie: Versie) -> tuple[Versie, list[Fout]]:
        begin = max(VANDAAG, versie.ingangsdatum).replace(day=20)
        return beeindig_voor_herindicatie(versie, _met(versie, **{"ingangsdatum": begin} | anders))

    return neem


def _indicatie(**anders: object) -> Callable[[Versies], str]:
    """A new indicatie beside this number."""

    def speel(versies: Versies) -> str:
        inhoud = [r.versie for r in inhoud_301({1: versies}, frozenset(), VANDAAG)]
        laatste = max((v.einddatum or VANDAAG for v in inhoud), default=VANDAAG)
        volgend = {"ingangsdatum": laatste + timedelta(days=1), "einddatum": date(2026, 12, 31)}
        vraag = _met(_versie(), **volgend | anders)
        fouten = toets_indicatie([vraag], inhoud, [_CONTRACT, replace(_CONTRACT, product_categorie="07")], VANDAAG)
        return _codes(fouten) or "301 met een nieuw nummer"

    return speel


def _herzending(versies: Versies) -> str:
    if te_zenden_versie(versies) is None:
        return "OP286"
    bekend = frozenset((v.nummer, v.versie) for v in versies if v.status != "afgekeurd")
    regels = inhoud_301({1: versies}, bekend, VANDAAG)
    if not regels:
        return "OP087"
    return "dezelfde 301 -> " + toewijzing_status(regels[0].versie, VANDAAG)


def _302(uitkomst: str, zelf_fout: bool = False) -> Callable[[Versies], str]:
    """The 302 on the last 301; one that was answered before stays as it is."""

    def speel(versies: Versies) -> str:
        laatste = versies[-1]
        if laatste.status != "verzonden":
            return "al beantwoord, verandert niets"
        status, fout = na_302(laatste, {uitkomst}, zelf_fout)
        na = _stand([*versies[:-1], replace(laatste, status=status, eigen_fout=fout)])
        taak = "" if uitkomst == "goedgekeurd" else ", met een taak; "
        opnieuw = "" if not taak else "gaat niet opnieuw" if fout else "gaat met de volgende 301 opnieuw"
        return f"-> {na}{taak}{opnieuw}"

    return speel


def _dag(dag: date) -> Callable[[Versies], str]:
    def speel(versies: Versies) -> str:
        versie = actuele_versie(versies)
        return "-> " + ("bestaat niet" if versie is None else toewijzing_status(versie, dag))

    return speel


TOTAAL = {"omvang": Omvang(40, "04", "6")}
BUDGET = {"product": Product("02"), "omvang": None, "budget_cent": 100_000}
OP_TOEWIJZING: Mapping[str, Callable[[Versies], str]] = {
    "indicatie voor hetzelfde, aansluitend": _indicatie(),
    "indicatie voor hetzelfde, met overlap": _indicatie(ingangsdatum=VANDAAG),
    "indicatie voor iets anders": _indicatie(product=Product("07", "07A12")),
    "latere einddatum, reden 04": _besluit(_wijzig("04", einddatum=date(2026, 12, 31))),
    "latere einddatum, reden 05": _besluit(_wijzig("05", einddatum=date(2026, 12, 31))),
    "ander volume per week": _besluit(_wijzig("14", volume=5)),
    "ander totaal volume": _besluit(_wijzig_als("14", TOTAAL, volume=50)),
    "ander budget": _besluit(_wijzig_als("14", BUDGET, budget_cent=200_000)),
    "wijziging met reden 01": _besluit(_wijzig("01", einddatum=date(2026, 12, 31))),
    "intrekking": _besluit(lambda v: trek_in(v, max((v.einddatum or VANDAAG) - WEEK, v.ingangsdatum), "05")),
    "intrekking, einddatum niet eerder": _besluit(lambda v: trek_in(v, date(2026, 12, 31), "05")),
    "herindicatie, andere omvang": _besluit(_herindiceer(omvang=Omvang(5, "04", "2")), " en een nieuw nummer"),
    "herindicatie, zelfde zorg": _besluit(_herindiceer()),
    "correctie van het product": _besluit(
        lambda v: corrigeer(v, _met(v, product=Product("07", "07A12")), 0), " en een nieuw nummer"
    ),
    "verwijdering": _besluit(lambda v: verwijder(v, 0)),
    "verwijdering na een goedgekeurde prestatie": _besluit(lambda v: verwijder(v, 1)),
    "herzending": _herzending,
    "302 keurt goed": _302("goedgekeurd"),
    "302 weigert het bericht (0001)": _302("afgekeurd"),
    "302 weigert dit nummer (9385)": _302("afgekeurd", zelf_fout=True),
    "de ingangsdatum komt": _dag(date(2026, 7, 1)),
    "de einddatum gaat voorbij": _dag(date(2026, 8, 1)),
}

_START = Start(1, _UUR, date(2026, 2, 4))
_HERSTART = replace(_START, begindatum=date(2026, 5, 4))
_TIJDELIJK, _DEFINITIEF = Stop(_START, "20", date(2026, 4, 10)), Stop(_START, "19", date(2026, 4, 10))
LEVERING: Mapping[str, Levering] = {
    "geen": Levering(),
    "gestart": Levering(frozenset({_START})),
    "tijdelijk gestopt": Levering(frozenset({_START}), frozenset({_TIJDELIJK})),
    "definitief gestopt": Levering(frozenset({_START}), frozenset({_DEFINITIEF})),
    "opnieuw gestart": Levering(frozenset({_START, _HERSTART}), frozenset({_DEFINITIEF})),
}


def _uitkomst(oordeel: Oordeel) -> str:
    if oordeel.afgekeurd:
        codes = dict.fromkeys(code for regel in oordeel.codes for code in regel)
        return ", ".join(codes) + (" wacht" if oordeel.wacht else "")
    return "-> " + levering.stand_van(oordeel.na, 1)[0].replace("_", " ")


def _305(*regels: tuple[Start, str], bekend: frozenset[int] = frozenset({1})) -> Callable[[Levering], str]:
    return lambda stand: _uitkomst(levering.beoordeel_start([StartRegel(*r) for r in regels], stand, bekend))


def _307(*regels: tuple[Stop, str]) -> Callable[[Levering], str]:
    return lambda stand: _uitkomst(levering.beoordeel_stop([StopRegel(*r) for r in regels], stand, frozenset({1})))


OP_LEVERING: Mapping[str, Callable[[Levering], str]] = {
    "305, eerste begindatum": _305((_START, "1")),
    "305, latere begindatum": _305((_HERSTART, "1")),
    "305, toewijzing onbekend of verwijderd": _305((_START, "1"), bekend=frozenset()),
    "305 verwijdert de eerste start": _305((_START, "3")),
    "305 verwijdert en begint een dag later": _305((_START, "3"), (replace(_START, begindatum=date(2026, 2, 5)), "1")),
    "307, reden 20": _307((_TIJDELIJK, "1")),
    "307, reden 20, latere einddatum": _307((replace(_TIJDELIJK, einddatum=date(2026, 4, 20)), "1")),
    "307, definitief": _307((_DEFINITIEF, "1")),
    "307, definitief, eerdere einddatum": _307((replace(_DEFINITIEF, einddatum=date(2026, 4, 1)), "1")),
    "307 op de herstart": _307((Stop(_HERSTART, "19", date(2026, 5, 31)), "1")),
    "307 verwijdert de tijdelijke stop": _307((_TIJDELIJK, "3")),
    "307 verwijdert de definitieve stop": _307((_DEFINITIEF, "3")),
    "307 vervangt reden 19 door 22": _307((_DEFINITIEF, "3"), (replace(_DEFINITIEF, reden="22"), "1")),
}

VERZOEK = (verzoek.INGEDIEND, verzoek.IN_ONDERZOEK, verzoek.TOEGEWEZEN, verzoek.AFGEWEZEN, verzoek.VERVALLEN)


def _overgang(naar: str, bericht: str) -> Callable[[str], str]:
    return lambda status: _codes(verzoek.toets_overgang(status, naar)) or f"{bericht} -> {naar}"


def _nieuw_verzoek(zelfde_referentie: bool) -> Callable[[str], str]:
    """A next 315 of the same provider for the same client."""

    def speel(status: str) -> str:
        gebruikt = zelfde_referentie and status != verzoek.VERVALLEN
        feiten = verzoek.Feiten({}, frozenset({"R"} if gebruikt else ()), status in verzoek.LOPEND)
        codes = verzoek.beoordeel_vot([verzoek.Aanvraag("R", als_vraag(_versie()))], feiten)
        return ", ".join(code for lijst in codes.values() for code in lijst) or "316 goed -> een nieuw verzoek"

    return speel


def _afgekeurde_319(eerder: str | None) -> Callable[[str], str]:
    """Only a verzoek that has an answer can have one refused."""

    def speel(status: str) -> str:
        beantwoord = status == verzoek.AFGEWEZEN or (status == verzoek.IN_ONDERZOEK and eerder is None)
        if not beantwoord:
            return "zo'n 319 is er niet"
        return "-> " + verzoek.na_afgekeurd_antwoord(status, eerder) + ", met een taak"

    return speel


OP_VERZOEK: Mapping[str, Callable[[str], str]] = {
    "onderzoek": _overgang(verzoek.IN_ONDERZOEK, "319 antwoord 2"),
    "toekenning": _overgang(verzoek.TOEGEWEZEN, "301"),
    "afwijzing": _overgang(verzoek.AFGEWEZEN, "319 antwoord 1"),
    "320 weigert de enige 319": _afgekeurde_319(None),
    "320 weigert de 319 na een onderzoek": _afgekeurde_319(verzoek.ONDERZOEK),
    "een nieuw verzoek": _nieuw_verzoek(zelfde_referentie=False),
    "een nieuw verzoek, zelfde referentie": _nieuw_verzoek(zelfde_referentie=True),
    "302 weigert de 301 met de referentie": lambda status: (
        "blijft toegewezen; de 301 gaat opnieuw met de referentie"
        if status == verzoek.TOEGEWEZEN
        else "zo'n 301 is er niet"
    ),
}

Rijen = Mapping[str, Sequence[str]]


def tabellen() -> Mapping[str, tuple[Sequence[str], Rijen]]:
    """Per subject the states (columns), and per event what happens in each of them."""
    return {
        "Toewijzing": (
            list(TOEWIJZING),
            {naam: [speel(versies) for versies in TOEWIJZING.values()] for naam, speel in OP_TOEWIJZING.items()},
        ),
        "Start en stop": (
            list(LEVERING),
            {naam: [speel(stand) for stand in LEVERING.values()] for naam, speel in OP_LEVERING.items()},
        ),
        "Verzoek": (
            VERZOEK,
            {naam: [speel(status) for status in VERZOEK] for naam, speel in OP_VERZOEK.items()},
        ),
    }


def document() -> str:
    """The text of docs/levensloop.md."""
    delen = [_KOP]
    for titel, (standen, rijen) in tabellen().items():
        delen += [f"## {titel}\n", f"| gebeurtenis | {' | '.join(standen)} |", "|---" * (len(standen) + 1) + "|"]
        delen += [f"| {naam} | {' | '.join(cellen)} |" for naam, cellen in rijen.items()]
        delen.append("")
    return "\n".join(delen)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
