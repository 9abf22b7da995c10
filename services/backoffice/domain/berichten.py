"""Messages on their way to and from a provider, and what they say about the care."""

from __future__ import annotations

from .regel import Data, Regel, codes_uit
from .taal import LEVERINGEN, datum, soort_naam


def bericht_opgesteld(data: Data) -> Regel:
    nummers = [str(p["toewijzing_nummer"]) for p in data.get("toegewezen_producten") or []]
    return Regel(
        "Het bericht voor de aanbieder is gemaakt.",
        soort=str(data["soort"]),
        onderwerp=str(data["opdracht_id"]),
        velden={"Toewijzing": ", ".join(nummers)} if nummers else {},
    )


def bericht_ontvangen(data: Data) -> Regel:
    soort, inhoud = str(data["soort"]), data.get("inhoud") or {}
    codes: list[str] = []
    if soort == "WMO302":
        codes = codes_uit(inhoud.get("retourcodes"))
        codes = codes_uit([*codes, *(c for p in inhoud.get("toegewezen_producten") or [] for c in p["retourcodes"])])
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


def bericht_verzonden(data: Data) -> Regel:
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


def bericht_geweigerd(data: Data) -> Regel:
    soort = str(data["soort"])
    return Regel(
        f"{soort_naam(soort)} is geweigerd bij binnenkomst. De aanbieder moet een goed bericht sturen.",
        status="afgekeurd",
        soort=soort,
        bericht_id=str(data["bericht_id"]),
        telt=True,
        codes=codes_uit(data.get("retourcodes")),
        aan_zet="aanbieder",
    )


def bericht_beoordeeld(data: Data) -> Regel:
    soort, codes = str(data["soort"]), codes_uit([*codes_uit(data.get("header_codes")), *codes_uit(data.get("codes"))])
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


def bericht_afgekeurd(data: Data) -> Regel:
    soort = str(data.get("soort") or "WMO301")
    return Regel(
        "De aanbieder heeft het antwoord op zijn verzoek afgekeurd. Neem opnieuw een besluit."
        if soort == "WMO319"
        else "De aanbieder heeft de toewijzing afgekeurd. Verbeter de gegevens en stuur de toewijzing opnieuw.",
        status="afgekeurd",
        soort=soort,
        bericht_id=str(data["bericht_id"]),
        onderwerp=str(data["opdracht_id"]),
        codes=codes_uit(data.get("retourcodes")),
        aan_zet="gemeente",
    )


def levering_gewijzigd(data: Data) -> Regel:
    nummer, stand = int(data["toewijzing_nummer"]), LEVERINGEN.get(str(data["levering"]), "gewijzigd")
    velden = {"Toewijzing": str(nummer)}
    velden |= {
        naam: datum(data[sleutel])
        for sleutel, naam in (("begindatum", "Begonnen op"), ("einddatum", "Laatste dag"))
        if data.get(sleutel)
    }
    return Regel(f"De zorg bij toewijzing {nummer} is {stand}.", status="goed", velden=velden)
