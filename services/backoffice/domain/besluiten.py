"""What the municipality recorded and decided: the resident, the indicatie, the toewijzing, a verzoek."""

from __future__ import annotations

from .regel import Data, Regel, bevinding_codes, codes_uit, product
from .taal import aantal, datum


def client_vastgelegd(data: Data) -> Regel:
    return Regel("De gegevens van de inwoner zijn vastgelegd.")


def client_gewijzigd(data: Data) -> Regel:
    wat = {"adres": "een ander adres", "naam": "een andere naam"}.get(str(data["soort"]), "andere gegevens")
    return Regel(f"De inwoner heeft {wat}. De aanbieders krijgen een nieuw bericht.")


def indicatie_vastgesteld(data: Data) -> Regel:
    producten = data.get("producten") or []
    beschikking = data.get("beschikking") or {}
    return Regel(
        f"De gemeente heeft besloten dat de inwoner hulp krijgt: {aantal(len(producten), 'product', 'producten')}.",
        status="goed",
        velden={
            "Beschikking": str(beschikking.get("nummer", "")),
            "Producten": ", ".join(product(p.get("product")) for p in producten) or "nog geen",
        },
    )


def indicatie_toegewezen(data: Data) -> Regel:
    nummers = ", ".join(str(n) for n in data["toewijzing_nummers"])
    return Regel("Het besluit is omgezet in een toewijzing.", status="goed", velden={"Toewijzing": nummers})


def indicatie_geweigerd(data: Data) -> Regel:
    return Regel(
        "Het besluit kan geen toewijzing worden. Verbeter het besluit.",
        status="afgekeurd",
        codes=bevinding_codes(data.get("bevindingen")),
        aan_zet="gemeente",
        velden={"Regels": ", ".join(codes_uit([b["regel"] for b in data.get("bevindingen") or []]))},
    )


def toewijzing_vastgelegd(data: Data) -> Regel:
    nummer, status = int(data["toewijzing_nummer"]), str(data.get("status", ""))
    zin = {
        "goedgekeurd": f"De aanbieder is akkoord met toewijzing {nummer}.",
        "afgekeurd": f"De aanbieder is het niet eens met toewijzing {nummer}.",
    }.get(status, f"Toewijzing {nummer} is vastgelegd. De aanbieder moet nog antwoorden.")
    velden = {
        "Toewijzing": str(nummer),
        "Product": product(data.get("product")),
        "Loopt van": datum(data.get("ingangsdatum")),
    }
    if data.get("einddatum"):
        velden["Tot en met"] = datum(data["einddatum"])
    return Regel(zin, status={"goedgekeurd": "goed", "afgekeurd": "afgekeurd"}.get(status, "wacht"), velden=velden)


def verzoek_gewijzigd(data: Data) -> Regel:
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


def contracten_vastgelegd(data: Data) -> Regel:
    aantal_contracten = len(data.get("contracten") or [])
    return Regel(f"De contracten zijn vastgelegd: {aantal(aantal_contracten, 'regel', 'regels')}.")


def instellingen_vastgelegd(data: Data) -> Regel:
    return Regel("De instellingen van de gemeente zijn gewijzigd.")
