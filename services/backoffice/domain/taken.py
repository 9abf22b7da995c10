"""The work list: which fact asks for a person, until when, and which fact ends that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from .onderwerpen import vertel
from .regel import Data

GEMEENTE, AANBIEDER = "gemeente", "aanbieder"
AFKEURING, VERZOEK, TERMIJN, SIGNAAL, GEPARKEERD = "afkeuring", "verzoek", "termijn", "signaal", "geparkeerd"
SOORTEN = {
    AFKEURING: "Geweigerde toewijzing",
    VERZOEK: "Verzoek van een aanbieder",
    TERMIJN: "Termijn",
    SIGNAAL: "Signaal",
    GEPARKEERD: "Geparkeerd bericht",
}
GEBRUIK = "gebruik-"
_ALLE_TAKEN = UUID("3f0f1d52-9a53-4c6b-8f3e-7a9f4e0b1c16")


@dataclass(frozen=True)
class Taak:
    """Something to do. `onderwerp` makes it one of its kind; `uiterlijk` is an ISO date.

    `nummers`: the toewijzingen that it is about. `eenmalig`: once it is over it never comes back.
    """

    soort: str
    onderwerp: str
    zin: str
    wie: str = GEMEENTE
    uiterlijk: str | None = None
    nummers: tuple[int, ...] = ()
    verzoek_id: str | None = None
    codes: list[str] = field(default_factory=list)
    eenmalig: bool = False


@dataclass(frozen=True)
class Einde:
    """The fact behind this task is gone. `voorgoed`: of a task that is `eenmalig`."""

    soort: str
    onderwerp: str
    voorgoed: bool = False


@dataclass(frozen=True)
class Verzonden:
    """These toewijzingen go to their provider again, or were agreed to: they are no longer refused.

    `gewijzigd`: with another content, so a signal about how they were used is answered too.
    """

    nummers: tuple[int, ...]
    gewijzigd: bool = False


Gevolg = Taak | Einde | Verzonden


def taak_id(gemeente: str, soort: str, onderwerp: str) -> UUID:
    """The id of a task: the same fact is the same task, wherever and however often it is told."""
    return uuid5(_ALLE_TAKEN, f"{gemeente}:{soort}:{onderwerp}")


def _afkeuring(type_: str, data: Data) -> Gevolg | None:
    if data["soort"] != "WMO301":
        return None  # the verzoek behind a refused 319 is open again, and on the list itself
    regel = vertel(type_, data)
    nummers = tuple(int(nummer) for nummer in data.get("toewijzing_nummers") or ())
    return Taak(AFKEURING, str(data["opdracht_id"]), regel.samenvatting, nummers=nummers, codes=regel.codes)


def _opgesteld(type_: str, data: Data) -> Gevolg | None:
    nummers = tuple(int(p["toewijzing_nummer"]) for p in data.get("toegewezen_producten") or ())
    return Verzonden(nummers) if nummers else None


def _vastgelegd(type_: str, data: Data) -> Gevolg | None:
    status = data.get("status")
    return None if status == "afgekeurd" else Verzonden((int(data["toewijzing_nummer"]),), status == "verzonden")


def _verzoek(type_: str, data: Data) -> Gevolg:
    regel, verzoek_id = vertel(type_, data), str(data["verzoek_id"])
    if regel.uiterlijk is None:
        return Einde(VERZOEK, verzoek_id)
    soort = "een toewijzing" if data.get("soort") == "vot" else "een wijziging"
    zin = f"De aanbieder vraagt om {soort}. Neem een besluit."
    if data["status"] == "in_onderzoek":
        zin = f"De aanbieder vraagt om {soort}. U onderzoekt dit. Neem een besluit."
    return Taak(VERZOEK, verzoek_id, zin, uiterlijk=regel.uiterlijk, verzoek_id=verzoek_id)


def _termijn(type_: str, data: Data) -> Gevolg | None:
    if data.get("verzoek_id"):
        return None  # the verzoek is on the list itself, with this day
    soort = SIGNAAL if data["soort"] == "vervolg" else TERMIJN
    if type_ == "toewijzing.termijn_beeindigd":
        return Einde(soort, str(data["termijn_id"]))
    regel, nummer = vertel(type_, data), data.get("toewijzing_nummer")
    return Taak(
        soort,
        str(data["termijn_id"]),
        regel.samenvatting,
        wie=str(data["wie"]),
        uiterlijk=regel.uiterlijk,
        nummers=(int(nummer),) if nummer else (),
    )


def _antwoord_te_laat(type_: str, data: Data) -> Gevolg:
    regel = vertel(type_, data)
    return Taak(TERMIJN, f"antwoord-{data['bericht_id']}", regel.samenvatting, uiterlijk=regel.uiterlijk, eenmalig=True)


def _declaratie(type_: str, data: Data) -> Gevolg:
    regel = vertel(type_, data)
    # The 325 ends it, as every answer that we owe.
    return Taak(TERMIJN, f"antwoord-{data['bericht_id']}", regel.samenvatting, uiterlijk=regel.uiterlijk, eenmalig=True)


def _beantwoord(type_: str, data: Data) -> Gevolg | None:
    return Einde(TERMIJN, f"antwoord-{data['op_bericht']}", voorgoed=True) if data.get("op_bericht") else None


def _indicatie(type_: str, data: Data) -> Gevolg:
    onderwerp = f"indicatie-{data['indicatie_id']}"
    if type_ == "toewijzing.indicatie_toegewezen":
        return Einde(SIGNAAL, onderwerp)
    return Taak(SIGNAAL, onderwerp, vertel(type_, data).samenvatting)


def _gebruik(type_: str, data: Data) -> Gevolg:
    nummer = int(data["toewijzing_nummer"])
    return Taak(SIGNAAL, f"{GEBRUIK}{nummer}", vertel(type_, data).samenvatting, nummers=(nummer,))


def _budget(type_: str, data: Data) -> Gevolg:
    onderwerp = f"budget-{int(data['jaar'])}-{data['product_categorie']}"
    return Taak(SIGNAAL, onderwerp, vertel(type_, data).samenvatting)


_GEVOLGEN: dict[str, Callable[[str, Data], Gevolg | None]] = {
    "toewijzing.bericht_afgekeurd": _afkeuring,
    "toewijzing.bericht_opgesteld": _opgesteld,
    "toewijzing.toewijzing_vastgelegd": _vastgelegd,
    "toewijzing.verzoek_gewijzigd": _verzoek,
    "toewijzing.termijn_nadert": _termijn,
    "toewijzing.termijn_verstreken": _termijn,
    "toewijzing.termijn_hervat": _termijn,
    "toewijzing.einde_nadert": _termijn,
    "toewijzing.termijn_beeindigd": _termijn,
    "toewijzing.indicatie_geweigerd": _indicatie,
    "toewijzing.indicatie_toegewezen": _indicatie,
    "knooppunt.termijn_verstreken": _antwoord_te_laat,
    "knooppunt.bericht_verzonden": _beantwoord,
    "declaratie.termijn_nadert": _declaratie,
    "declaratie.termijn_verstreken": _declaratie,
    "declaratie.gebruik_wijkt_af": _gebruik,
    "declaratie.budget_bereikt": _budget,
}


def gevolg(type_: str, data: Data) -> Gevolg | None:
    """What an event means for the work list. Raises KeyError, TypeError or ValueError as `vertel`."""
    bepaal = _GEVOLGEN.get(type_)
    return None if bepaal is None else bepaal(type_, data)
