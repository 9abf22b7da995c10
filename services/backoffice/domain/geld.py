"""Claims, budgets and payments."""

from __future__ import annotations

from .regel import Data, Regel, codes_uit
from .taal import aantal, datum, euro, maand


def declaratie_ontvangen(data: Data) -> Regel:
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


def declaratiedeel_ontvangen(data: Data) -> Regel:
    prestaties = data.get("prestaties") or []
    totaal = sum(p["ingediend_cent"] * (-1 if p.get("debet_credit") == "C" else 1) for p in prestaties)
    return Regel(
        f"De aanbieder declareert {euro(totaal)} voor deze inwoner.",
        soort="WMO323",
        bericht_id=str(data["bericht_id"]),
        velden={
            "Regels": str(len(prestaties)),
            "Toewijzing": ", ".join(codes_uit([p["toewijzing_nummer"] for p in prestaties])),
        },
    )


def declaratiedeel_beoordeeld(data: Data) -> Regel:
    prestaties = data.get("prestaties") or []
    codes = codes_uit([*codes_uit(data.get("client_codes")), *(c for p in prestaties for c in p["retourcodes"])])
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


def declaratie_afgehandeld(data: Data) -> Regel:
    codes = codes_uit([*codes_uit(data.get("header_codes")), *codes_uit(data.get("declaratie_codes"))])
    codes = codes_uit([*codes, *(data.get("afgekeurd") or {})])
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


def budget_bereikt(data: Data) -> Regel:
    jaar, procent = int(data["jaar"]), int(data["procent"])
    prognose, plafond = euro(int(data["prognose_cent"])), euro(int(data["plafond_cent"]))
    return Regel(
        f"Het budget van categorie {data['product_categorie']} in {jaar} komt op {procent}%. Verwacht: {prognose} "
        f"van {plafond}.",
        status="afgekeurd" if procent >= 100 else "signaal",
        aan_zet="gemeente",
        velden={
            "Toegezegd": euro(int(data["verplicht_cent"])),
            "Besteed": euro(int(data["gerealiseerd_cent"])),
        },
    )


def gebruik_wijkt_af(data: Data) -> Regel:
    nummer, wat = int(data["toewijzing_nummer"]), "minder" if data["soort"] == "minder" else "meer"
    return Regel(
        f"Toewijzing {nummer} wordt al {aantal(int(data['maanden']), 'maand', 'maanden')} veel {wat} gebruikt dan is "
        "toegezegd. Bekijk of de hulp nog past.",
        status="signaal",
        aan_zet="gemeente",
        velden={
            "Toewijzing": str(nummer),
            "Sinds": datum(data["sinds"]),
            "Toegezegd": euro(int(data["verplicht_cent"])),
            "Gebruikt": euro(int(data["gerealiseerd_cent"])),
        },
    )


def betaling_opgedragen(data: Data) -> Regel:
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
