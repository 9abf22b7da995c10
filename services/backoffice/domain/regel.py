"""One event as one row of the read model: a plain sentence and only safe fields (G18).

Safe are codes, numbers, dates, amounts and message ids. Whatever else an event carries (sealed client blocks,
remarks, texts of findings) is left where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .melding import GEMEENTE_AAN_ZET, SIGNALEN, TERMIJNEN, WAT, ZINNEN
from .taal import LEVERINGEN, WACHT_OP, aantal, datum, euro, maand, soort_naam

Data = Mapping[str, Any]
GEEN_OPMERKING = "0200"


@dataclass(frozen=True)
class Regel:
    """What the read model keeps of an event."""

    samenvatting: str
    status: str = "info"
    soort: str | None = None
    bericht_id: str | None = None
    telt: bool = False
    """True on the one event that stands for a message on the strip of counts."""
    codes: list[str] = field(default_factory=list)
    aan_zet: str | None = None
    """gemeente, or the AGB of the provider that must act."""
    uiterlijk: str | None = None
    onderwerp: str | None = None
    """The opdracht or message that this is about: a 302 shares it with its 301, a 306 with its 305."""
    velden: dict[str, str] = field(default_factory=dict)


def _codes(waarden: Any) -> list[str]:
    """Retourcodes, once each, in order, from a list or lists per class; 0200 says that nothing is wrong."""
    lijsten = waarden.values() if isinstance(waarden, Mapping) else [waarden or []]
    return list(dict.fromkeys(str(code) for lijst in lijsten for code in lijst if code != GEEN_OPMERKING))


def _bevinding_codes(bevindingen: Any) -> list[str]:
    return _codes([b["retourcode"] for b in bevindingen or [] if b.get("retourcode")])


def _product(product: Mapping[str, Any] | None) -> str:
    return "vrij te kiezen" if not product else (product.get("code") or f"categorie {product['categorie']}")


def _client_vastgelegd(data: Data) -> Regel:
    return Regel("De gegevens van de inwoner zijn vastgelegd.")


def _client_gewijzigd(data: Data) -> Regel:
    wat = {"adres": "een ander adres", "naam": "een andere naam"}.get(str(data["soort"]), "andere gegevens")
    return Regel(f"De inwoner heeft {wat}. De aanbieders krijgen een nieuw bericht.")


def _stap(data: Data, *, naam: str, zin: str) -> Regel:
    """A step of a melding, or a signal."""
    velden = {"Team": str(data["team"]), "Stand": str(data["status"]).replace("_", " ")}
    if data.get("bespaard_cent") is not None:
        velden["Bespaard per jaar (schatting)"] = euro(int(data["bespaard_cent"]))
    aan_zet = "gemeente" if naam in GEMEENTE_AAN_ZET or naam == "signaal_ontvangen" else None
    return Regel(zin.format(team=data["team"]), status="wacht" if aan_zet else "info", aan_zet=aan_zet, velden=velden)


def _termijn_van_melding(data: Data, *, zin: str) -> Regel:
    """A term of a melding nears or has passed; the resident's own is for nobody else to act on."""
    van_inwoner = data["wie"] == "inwoner"
    return Regel(
        zin.format(dag=datum(data["uiterlijk"]), wat=WAT[str(data["soort"])]),
        status="wacht",
        aan_zet=None if van_inwoner else "gemeente",
        uiterlijk=str(data["uiterlijk"]),
        velden={"Team": str(data["team"])},
    )


def _indicatie_vastgesteld(data: Data) -> Regel:
    producten = data.get("producten") or []
    beschikking = data.get("beschikking") or {}
    return Regel(
        f"De gemeente heeft besloten dat de inwoner hulp krijgt: {aantal(len(producten), 'product', 'producten')}.",
        status="goed",
        velden={
            "Beschikking": str(beschikking.get("nummer", "")),
            "Producten": ", ".join(_product(p.get("product")) for p in producten) or "nog geen",
        },
    )


def _indicatie_toegewezen(data: Data) -> Regel:
    nummers = ", ".join(str(n) for n in data["toewijzing_nummers"])
    return Regel("Het besluit is omgezet in een toewijzing.", status="goed", velden={"Toewijzing": nummers})


def _indicatie_geweigerd(data: Data) -> Regel:
    return Regel(
        "Het besluit kan geen toewijzing worden. Verbeter het besluit.",
        status="afgekeurd",
        codes=_bevinding_codes(data.get("bevindingen")),
        aan_zet="gemeente",
        velden={"Regels": ", ".join(_codes([b["regel"] for b in data.get("bevindingen") or []]))},
    )


def _toewijzing_vastgelegd(data: Data) -> Regel:
    nummer, status = int(data["toewijzing_nummer"]), str(data.get("status", ""))
    zin = {
        "goedgekeurd": f"De aanbieder is akkoord met toewijzing {nummer}.",
        "afgekeurd": f"De aanbieder is het niet eens met toewijzing {nummer}.",
    }.get(status, f"Toewijzing {nummer} is vastgelegd. De aanbieder moet nog antwoorden.")
    velden = {
        "Toewijzing": str(nummer),
        "Product": _product(data.get("product")),
        "Loopt van": datum(data.get("ingangsdatum")),
    }
    if data.get("einddatum"):
        velden["Tot en met"] = datum(data["einddatum"])
    return Regel(zin, status={"goedgekeurd": "goed", "afgekeurd": "afgekeurd"}.get(status, "wacht"), velden=velden)


def _bericht_opgesteld(data: Data) -> Regel:
    nummers = [str(p["toewijzing_nummer"]) for p in data.get("toegewezen_producten") or []]
    return Regel(
        "Het bericht voor de aanbieder is gemaakt.",
        soort=str(data["soort"]),
        onderwerp=str(data["opdracht_id"]),
        velden={"Toewijzing": ", ".join(nummers)} if nummers else {},
    )


def _verzoek_gewijzigd(data: Data) -> Regel:
    status = str(data["status"])
    zin = {
        "ingediend": "Er ligt een verzoek van de aanbieder. Neem een besluit.",
        "in_onderzoek": "Het verzoek van de aanbieder is in onderzoek. Neem een besluit.",
        "toegewezen": "Het verzoek van de aanbieder is toegewezen.",
        "afgewezen": "Het verzoek van de aanbieder is afgewezen.",
    }.get(status, "Het verzoek van de aanbieder klopt niet en vervalt.")
    termijn = {"ingediend": "reageer_uiterlijk", "in_onderzoek": "besluit_uiterlijk"}.get(status)
    return Regel(
        zin,
        status="wacht" if termijn else "afgekeurd" if status == "vervallen" else "goed",
        aan_zet="gemeente" if termijn else None,
        uiterlijk=str(data[termijn])[:10] if termijn else None,
        onderwerp=str(data["verzoek_id"]),
    )


def _bericht_beoordeeld(data: Data) -> Regel:
    soort, codes = str(data["soort"]), _codes([*_codes(data.get("header_codes")), *_codes(data.get("codes"))])
    wat = {
        "WMO305": "De start van de zorg",
        "WMO307": "De stop van de zorg",
        "WMO315": "De vorm van het verzoek om een toewijzing",
        "WMO317": "De vorm van het verzoek om een wijziging",
    }.get(soort, "Het bericht")
    zin = f"{wat} is afgekeurd. De aanbieder moet dit verbeteren." if codes else f"{wat} is goedgekeurd."
    return Regel(
        zin,
        status="afgekeurd" if codes else "goed",
        soort=soort,
        bericht_id=str(data["bericht_id"]),
        codes=codes,
        aan_zet="aanbieder" if codes else None,
    )


def _levering_gewijzigd(data: Data) -> Regel:
    nummer, stand = int(data["toewijzing_nummer"]), LEVERINGEN.get(str(data["levering"]), "gewijzigd")
    velden = {"Toewijzing": str(nummer)}
    velden |= {
        naam: datum(data[sleutel])
        for sleutel, naam in (("begindatum", "Begonnen op"), ("einddatum", "Laatste dag"))
        if data.get(sleutel)
    }
    return Regel(f"De zorg bij toewijzing {nummer} is {stand}.", status="goed", velden=velden)


def _bericht_afgekeurd(data: Data) -> Regel:
    soort = str(data.get("soort") or "WMO301")
    return Regel(
        "De aanbieder heeft het antwoord op zijn verzoek afgekeurd. Neem opnieuw een besluit."
        if soort == "WMO319"
        else "De aanbieder heeft de toewijzing afgekeurd. Verbeter de gegevens en stuur de toewijzing opnieuw.",
        status="afgekeurd",
        soort=soort,
        bericht_id=str(data["bericht_id"]),
        onderwerp=str(data["opdracht_id"]),
        codes=_codes(data.get("retourcodes")),
        aan_zet="gemeente",
    )


def _bericht_ontvangen(data: Data) -> Regel:
    soort, inhoud = str(data["soort"]), data.get("inhoud") or {}
    codes: list[str] = []
    if soort == "WMO302":
        codes = _codes(inhoud.get("retourcodes"))
        codes = _codes([*codes, *(c for p in inhoud.get("toegewezen_producten") or [] for c in p["retourcodes"])])
    zin = {
        "WMO302": "De aanbieder heeft geantwoord op de toewijzing.",
        "WMO305": "De aanbieder meldt dat de zorg is begonnen.",
        "WMO307": "De aanbieder meldt dat de zorg stopt.",
        "WMO315": "De aanbieder vraagt om een toewijzing.",
        "WMO317": "De aanbieder vraagt om een wijziging.",
        "WMO320": "De aanbieder heeft geantwoord op het besluit over zijn verzoek.",
    }.get(soort, "Er is een bericht van de aanbieder gekomen.")
    return Regel(
        zin,
        soort=soort,
        bericht_id=str(data["bericht_id"]),
        telt=True,
        onderwerp=data.get("opdracht_id"),
        codes=codes,
        velden={"Kenmerk": str(data.get("identificatie") or "")},
    )


def _bericht_verzonden(data: Data) -> Regel:
    soort, uiterlijk = str(data["soort"]), data.get("antwoord_uiterlijk")
    zin = {
        "WMO301": "De toewijzing is verzonden naar de aanbieder.",
        "WMO306": "Het antwoord op de start is verzonden naar de aanbieder.",
        "WMO308": "Het antwoord op de stop is verzonden naar de aanbieder.",
        "WMO316": "Het antwoord op de vorm van het verzoek is verzonden naar de aanbieder.",
        "WMO318": "Het antwoord op de vorm van het verzoek is verzonden naar de aanbieder.",
        "WMO319": "Het besluit over het verzoek is verzonden naar de aanbieder.",
        "WMO325": "Het antwoord op de declaratie is verzonden naar de aanbieder.",
    }.get(soort, "Er is een bericht verzonden naar de aanbieder.")
    return Regel(
        zin,
        status="wacht" if uiterlijk else "goed",
        soort=soort,
        bericht_id=str(data["bericht_id"]),
        telt=True,
        onderwerp=data.get("opdracht_id") or data.get("op_bericht"),
        aan_zet="aanbieder" if uiterlijk else None,
        uiterlijk=str(uiterlijk)[:10] if uiterlijk else None,
        velden={"Kenmerk": str(data.get("identificatie") or "")},
    )


def _bericht_geweigerd(data: Data) -> Regel:
    soort = str(data["soort"])
    return Regel(
        f"{soort_naam(soort)} is geweigerd bij binnenkomst. De aanbieder moet een goed bericht sturen.",
        status="afgekeurd",
        soort=soort,
        bericht_id=str(data["bericht_id"]),
        telt=True,
        codes=_codes(data.get("retourcodes")),
        aan_zet="aanbieder",
    )


def _termijn_verstreken(data: Data) -> Regel:
    return Regel(
        f"De termijn is voorbij. Er is nog geen {soort_naam(str(data['wacht_op'])).lower()}.",
        status="wacht",
        soort=str(data["soort"]),
        bericht_id=str(data["bericht_id"]),
        aan_zet=str(data["partij"]),
        uiterlijk=str(data["uiterlijk"])[:10],
    )


def _gemelde_termijn(data: Data, zin: str) -> Regel:
    nummer = data.get("toewijzing_nummer")
    return Regel(
        zin.format(wacht_op=WACHT_OP.get(str(data["soort"]), "een bericht"), dag=datum(str(data["uiterlijk"]))),
        status="wacht",
        bericht_id=data.get("bericht_id"),
        aan_zet=str(data["partij"]),
        uiterlijk=str(data["uiterlijk"])[:10],
        onderwerp=data.get("verzoek_id"),
        velden={"Toewijzing": str(nummer)} if nummer else {},
    )


def _declaratie_ontvangen(data: Data) -> Regel:
    return Regel(
        f"De aanbieder declareert {euro(int(data['totaal_ingediend_cent']))}.",
        status="wacht",
        soort="WMO323",
        bericht_id=str(data["bericht_id"]),
        telt=True,
        aan_zet="gemeente",
        uiterlijk=str(data["antwoord_uiterlijk"])[:10] if data.get("antwoord_uiterlijk") else None,
        velden={"Declaratie": str(data["declaratie_nummer"]), "Inwoners": str(data["delen"])},
    )


def _declaratiedeel_ontvangen(data: Data) -> Regel:
    prestaties = data.get("prestaties") or []
    totaal = sum(p["ingediend_cent"] * (-1 if p.get("debet_credit") == "C" else 1) for p in prestaties)
    return Regel(
        f"De aanbieder declareert {euro(totaal)} voor deze inwoner.",
        soort="WMO323",
        bericht_id=str(data["bericht_id"]),
        velden={
            "Regels": str(len(prestaties)),
            "Toewijzing": ", ".join(_codes([p["toewijzing_nummer"] for p in prestaties])),
        },
    )


def _declaratiedeel_beoordeeld(data: Data) -> Regel:
    prestaties = data.get("prestaties") or []
    codes = _codes([*_codes(data.get("client_codes")), *(c for p in prestaties for c in p["retourcodes"])])
    fout = sum(1 for p in prestaties if p["retourcodes"])
    zin = f"De gemeente betaalt {euro(int(data['toegekend_cent']))} voor deze inwoner."
    if codes:
        zin += f" {fout or len(prestaties)} van {aantal(len(prestaties), 'regel', 'regels')} afgekeurd."
    return Regel(
        zin,
        status="afgekeurd" if codes else "goed",
        soort="WMO323",
        bericht_id=str(data["bericht_id"]),
        codes=codes,
        aan_zet="aanbieder" if codes else None,
        velden={"Regels": str(len(prestaties))},
    )


def _declaratie_afgehandeld(data: Data) -> Regel:
    codes = _codes([*_codes(data.get("header_codes")), *_codes(data.get("declaratie_codes"))])
    codes = _codes([*codes, *(data.get("afgekeurd") or {})])
    toegekend, ingediend = euro(int(data["toegekend_cent"])), euro(int(data["ingediend_cent"]))
    over = maand(str(data["periode"]))
    return Regel(
        f"De declaratie over {over} is klaar. De gemeente betaalt {toegekend} van {ingediend}.",
        status="afgekeurd" if codes else "goed",
        soort="WMO323",
        bericht_id=str(data["bericht_id"]),
        codes=codes,
        aan_zet="aanbieder" if codes else None,
        velden={"Declaratie": str(data["declaratie_nummer"])},
    )


def _budget_bereikt(data: Data) -> Regel:
    jaar, procent = int(data["jaar"]), int(data["procent"])
    prognose, plafond = euro(int(data["prognose_cent"])), euro(int(data["plafond_cent"]))
    return Regel(
        f"Het budget van categorie {data['product_categorie']} in {jaar} komt op {procent}%. Verwacht: {prognose} "
        f"van {plafond}.",
        status="afgekeurd" if procent >= 100 else "wacht",
        aan_zet="gemeente",
        velden={
            "Toegezegd": euro(int(data["verplicht_cent"])),
            "Besteed": euro(int(data["gerealiseerd_cent"])),
        },
    )


def _gebruik_wijkt_af(data: Data) -> Regel:
    nummer, wat = int(data["toewijzing_nummer"]), "minder" if data["soort"] == "minder" else "meer"
    return Regel(
        f"Toewijzing {nummer} wordt al {aantal(int(data['maanden']), 'maand', 'maanden')} veel {wat} gebruikt dan is "
        "toegezegd. Bekijk of de hulp nog past.",
        status="wacht",
        aan_zet="gemeente",
        velden={
            "Toewijzing": str(nummer),
            "Sinds": datum(data["sinds"]),
            "Toegezegd": euro(int(data["verplicht_cent"])),
            "Gebruikt": euro(int(data["gerealiseerd_cent"])),
        },
    )


def _betaling_opgedragen(data: Data) -> Regel:
    declaraties = data["declaraties"]
    return Regel(
        f"De gemeente betaalt {euro(int(data['bedrag_cent']))} aan de aanbieder op {datum(data['uitvoerdatum'])}.",
        status="goed",
        onderwerp=str(data["betaling_id"]),
        velden={
            "Declaraties": ", ".join(str(d["declaratie_nummer"]) for d in declaraties),
            "Kenmerk": str(data["betaling_id"]),
        },
    )


def _contracten_vastgelegd(data: Data) -> Regel:
    aantal_contracten = len(data.get("contracten") or [])
    return Regel(f"De contracten zijn vastgelegd: {aantal(aantal_contracten, 'regel', 'regels')}.")


def _instellingen_vastgelegd(data: Data) -> Regel:
    return Regel("De instellingen van de gemeente zijn gewijzigd.")


def _notificatie_verzonden(data: Data) -> Regel:
    waarover = {
        "termijn_verstreken": "een termijn die voorbij is",
        "termijn_nadert": "een termijn die bijna voorbij is",
        "einde_nadert": "een toewijzing die binnenkort eindigt",
        "bericht_afgekeurd": "een afgekeurde toewijzing",
        "budget_bereikt": "een budget dat bijna op is",
    }
    return Regel(f"Er is een e-mail gestuurd over {waarover.get(str(data['aanleiding']), 'een gebeurtenis')}.")


ONDERWERPEN: dict[str, dict[str, Callable[[Data], Regel]]] = {
    "intake.v1": {
        "intake.client_vastgelegd": _client_vastgelegd,
        "intake.client_gewijzigd": _client_gewijzigd,
        "intake.indicatie_vastgesteld": _indicatie_vastgesteld,
        **{f"intake.{naam}": partial(_stap, naam=naam, zin=zin) for naam, zin in (ZINNEN | SIGNALEN).items()},
        **{f"intake.{naam}": partial(_termijn_van_melding, zin=zin) for naam, zin in TERMIJNEN.items()},
    },
    "toewijzing.v1": {
        "toewijzing.indicatie_toegewezen": _indicatie_toegewezen,
        "toewijzing.indicatie_geweigerd": _indicatie_geweigerd,
        "toewijzing.toewijzing_vastgelegd": _toewijzing_vastgelegd,
        "toewijzing.bericht_opgesteld": _bericht_opgesteld,
        "toewijzing.bericht_beoordeeld": _bericht_beoordeeld,
        "toewijzing.levering_gewijzigd": _levering_gewijzigd,
        "toewijzing.bericht_afgekeurd": _bericht_afgekeurd,
        "toewijzing.verzoek_gewijzigd": _verzoek_gewijzigd,
        "toewijzing.termijn_nadert": partial(_gemelde_termijn, zin="Er is tijd tot en met {dag} voor {wacht_op}."),
        "toewijzing.termijn_verstreken": partial(_gemelde_termijn, zin="De termijn is voorbij voor {wacht_op}."),
        "toewijzing.einde_nadert": partial(
            _gemelde_termijn, zin="De toewijzing eindigt op {dag}, zonder vervolg. Kijk of er nog hulp nodig is."
        ),
        "toewijzing.contracten_vastgelegd": _contracten_vastgelegd,
        "toewijzing.instellingen_vastgelegd": _instellingen_vastgelegd,
    },
    "knooppunt-berichten.v1": {
        "knooppunt.bericht_ontvangen": _bericht_ontvangen,
        "knooppunt.bericht_verzonden": _bericht_verzonden,
        "knooppunt.bericht_geweigerd": _bericht_geweigerd,
        "knooppunt.termijn_verstreken": _termijn_verstreken,
    },
    "knooppunt-declaraties.v1": {
        "knooppunt.declaratie_ontvangen": _declaratie_ontvangen,
        "knooppunt.declaratiedeel_ontvangen": _declaratiedeel_ontvangen,
        "knooppunt.bericht_verzonden": _bericht_verzonden,
        "knooppunt.bericht_geweigerd": _bericht_geweigerd,
        "knooppunt.termijn_verstreken": _termijn_verstreken,
    },
    "declaratie.v1": {
        "declaratie.declaratiedeel_beoordeeld": _declaratiedeel_beoordeeld,
        "declaratie.declaratie_afgehandeld": _declaratie_afgehandeld,
        "declaratie.budget_bereikt": _budget_bereikt,
        "declaratie.betaling_opgedragen": _betaling_opgedragen,
        "declaratie.gebruik_wijkt_af": _gebruik_wijkt_af,
    },
    "notifications.v1": {"notifications.notificatie_verzonden": _notificatie_verzonden},
}
"""Per topic the event types that the screens show, and how each is told."""

VERTELLERS = {type_: verteller for types in ONDERWERPEN.values() for type_, verteller in types.items()}


def vertel(type_: str, data: Data) -> Regel:
    """The row of one event. Raises KeyError, TypeError or ValueError when the data breaks its contract."""
    return VERTELLERS[type_](data)
