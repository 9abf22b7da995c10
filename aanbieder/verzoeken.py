"""Asks the municipality for a toewijzing (VOT, 315) or another package (VOW, 317), from a small TOML or JSON file.

The words of the file are those of the standard in snake_case; what the state knows may be left out.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from aanbieder import klok, regels, staat
from aanbieder.berichten import Klaar, Onmogelijk, aanbieder_van, eenmalig, nieuwe_identificatie
from schemas.iwmo import schrijf_verzoek

_PRODUCT = {
    "referentie_aanbieder", "beschikking_nummer", "product", "beschikking_ingangsdatum", "toewijzing_ingangsdatum",
    "toewijzing_einddatum", "omvang", "budget_cent", "verwijzer", "raamcontract", "commentaar",
}  # fmt: skip
_VOT = {"gemeente", "aanbieder", "client", "aangevraagde_producten"}
_CLIENT = {"bsn", "geboortedatum", "datum_gebruik", "geslacht", "naam", "commentaar"}
_VOW = {
    "gemeente", "bsn", "referentie_aanbieder", "reden_verzoek", "te_wijzigen_producten", "nieuwe_producten",
}  # fmt: skip
_TE_WIJZIGEN = {"toewijzing_nummer", "gewenste_ingangsdatum", "einddatum", "omvang", "volume", "budget_cent"}
_NIEUW = {"product", "gewenste_ingangsdatum", "einddatum", "omvang", "budget_cent"}
_BLOKKEN = {"client", "naam", "product", "omvang", "verwijzer"}
_TOTAAL = "6"


def lees(bestand: Path) -> dict[str, Any]:
    """The file as a dict. Raises Onmogelijk when it is no TOML or JSON; the text never quotes it."""
    try:
        tekst = bestand.read_text(encoding="utf-8")
        inhoud = json.loads(tekst) if bestand.suffix == ".json" else tomllib.loads(tekst)
    except ValueError as fout:
        plaats = f" bij regel {fout.lineno}" if isinstance(fout, json.JSONDecodeError) else ""
        raise Onmogelijk(f"het bestand is geen {'JSON' if bestand.suffix == '.json' else 'TOML'}{plaats}") from None
    if not isinstance(inhoud, dict):
        raise Onmogelijk("het bestand moet een object met velden zijn")
    return inhoud


def vot(st: staat.Staat, vraag: dict[str, Any]) -> Klaar:
    """A 315: one or more products for one client with an open beschikking.

    The client may be just a `bsn` when a 301 brought the rest; a reference that is left out is made.
    """
    _toets_velden(vraag, _VOT, {"gemeente", "client", "aangevraagde_producten"}, "het bestand")
    gemeente = str(vraag["gemeente"])
    client = _client(st, gemeente, vraag["client"])
    gevraagd = _lijst(vraag, "aangevraagde_producten")
    for i, product in enumerate(gevraagd, 1):
        verplicht = {"toewijzing_ingangsdatum", "verwijzer"}
        _toets_velden(product, _PRODUCT, verplicht, f"aangevraagde_producten[{i}]")
    producten = [{"referentie_aanbieder": nieuwe_identificatie("V"), **product} for product in gevraagd]
    referenties = [p["referentie_aanbieder"] for p in producten]

    def maak() -> bytes:
        _toets_vrij(st, gemeente, client["bsn"], referenties)
        kop = _kop(gemeente, vraag.get("aanbieder") or aanbieder_van(st, gemeente))
        return schrijf_verzoek.vot_315(**kop, client=client, aangevraagde_producten=producten)

    return eenmalig(st, _daad("WMO315", vraag), maak)


def vow(st: staat.Staat, vraag: dict[str, Any]) -> Klaar:
    """A 317: the whole desired package of a client (OP306).

    Names only what must change or come; every other actual toewijzing goes along as ongewijzigd (TR349).
    """
    _toets_velden(vraag, _VOW, {"gemeente"}, "het bestand")
    gemeente = str(vraag["gemeente"])
    wijzigen, nieuw = _lijst(vraag, "te_wijzigen_producten"), _lijst(vraag, "nieuwe_producten")
    for naam, lijst, toegestaan, verplicht in (
        ("te_wijzigen_producten", wijzigen, _TE_WIJZIGEN, {"toewijzing_nummer"}),
        ("nieuwe_producten", nieuw, _NIEUW, {"gewenste_ingangsdatum"}),
    ):
        for i, product in enumerate(lijst, 1):
            _toets_velden(product, toegestaan, verplicht, f"{naam}[{i}]")
    if not (wijzigen or (nieuw and vraag.get("bsn"))):
        raise Onmogelijk("noem een toewijzing die moet veranderen, of een bsn met een nieuw product (TR353)")
    bsn = str(vraag.get("bsn") or _bsn(st, gemeente, wijzigen[0]["toewijzing_nummer"]))
    actueel = _actueel(st, gemeente, bsn)
    if onbekend := [i for i, p in enumerate(wijzigen, 1) if p["toewijzing_nummer"] not in actueel]:
        raise Onmogelijk(f"te_wijzigen_producten[{onbekend[0]}]: geen actuele toewijzing van deze client (TR351)")
    gewijzigd = {p["toewijzing_nummer"] for p in wijzigen}
    referentie = str(vraag.get("referentie_aanbieder") or nieuwe_identificatie("W"))
    verzoek = {
        "referentie_aanbieder": referentie,
        "reden_verzoek": vraag.get("reden_verzoek") or "1",
        "ongewijzigde_producten": [{"toewijzing_nummer": n} for n in actueel if n not in gewijzigd],
        "te_wijzigen_producten": [_te_wijzigen(p, actueel[p["toewijzing_nummer"]]) for p in wijzigen],
        "nieuwe_producten": nieuw,
    }

    def maak() -> bytes:
        _toets_vrij(st, gemeente, bsn, [referentie])
        return schrijf_verzoek.vow_317(**_kop(gemeente, aanbieder_van(st, gemeente)), bsn=bsn, verzoek=verzoek)

    return eenmalig(st, _daad("WMO317", vraag), maak)


def _te_wijzigen(product: dict[str, Any], nu: dict[str, Any]) -> dict[str, Any]:
    """What is not named stays as it is: end date, Omvang (TR411) and Budget.

    A Budget or a total over the whole period counts from the first day (TR373).
    """
    omvang = product.get("omvang") or nu["omvang"]
    if omvang and product.get("volume"):
        omvang = {**omvang, "volume": product["volume"]}
    budget = product.get("budget_cent") or nu["budget_cent"]
    vanaf_begin = budget is not None or (omvang and omvang["frequentie"] == _TOTAAL)
    gewenst = product.get("gewenste_ingangsdatum") or (nu["ingangsdatum"] if vanaf_begin else None)
    if gewenst is None:
        raise Onmogelijk("noem de gewenste_ingangsdatum: vanaf die dag moet de omvang veranderen (TR357)")
    return {
        "toewijzing_nummer": product["toewijzing_nummer"],
        "gewenste_ingangsdatum": gewenst,
        "einddatum": product.get("einddatum") or nu["einddatum"],
        "omvang": omvang,
        "budget_cent": budget,
    }


def _kop(gemeente: str, aanbieder: str) -> dict[str, Any]:
    return {
        "afzender": aanbieder,
        "ontvanger": gemeente,
        "identificatie": nieuwe_identificatie("V"),
        "dagtekening": klok.vandaag(),
    }


def _daad(code: str, vraag: dict[str, Any]) -> str:
    return f"{code} {staat.som(json.dumps(vraag, sort_keys=True, default=str).encode())}"


def _client(st: staat.Staat, gemeente: str, client: dict[str, Any]) -> dict[str, Any]:
    _toets_velden(client, _CLIENT, {"bsn"}, "client")
    bekend = staat.client(st.db, gemeente, str(client["bsn"]))
    if bekend is not None:
        return bekend | {"commentaar": client.get("commentaar")}
    _toets_velden(client, _CLIENT, {"bsn", "geboortedatum", "geslacht", "naam"}, "client")
    if "achternaam" not in client["naam"]:
        raise Onmogelijk("client.naam: achternaam ontbreekt")
    return client


def _toets_velden(blok: Any, toegestaan: set[str], verplicht: set[str], waar: str) -> None:
    if not isinstance(blok, dict):
        raise Onmogelijk(f"{waar}: hier hoort een blok met velden")
    if ontbreekt := sorted(verplicht - blok.keys()):
        raise Onmogelijk(f"{waar}: er ontbreekt {', '.join(ontbreekt)}")
    if blok.keys() - toegestaan:
        raise Onmogelijk(f"{waar}: er staat een onbekend veld; toegestaan: {', '.join(sorted(toegestaan))}")
    for veld in sorted(blok.keys() & _BLOKKEN):
        if not isinstance(blok[veld], dict):
            raise Onmogelijk(f"{waar}.{veld}: hier hoort een blok met velden")
    if not isinstance(blok.get("toewijzing_nummer", 0), int):
        raise Onmogelijk(f"{waar}.toewijzing_nummer: hier hoort een heel getal")


def _lijst(vraag: dict[str, Any], naam: str) -> list[Any]:
    lijst = vraag.get(naam) or []
    if not isinstance(lijst, list):
        raise Onmogelijk(f"{naam}: hier hoort een lijst van blokken")
    return lijst


def _toets_vrij(st: staat.Staat, gemeente: str, bsn: str, referenties: list[str]) -> None:
    """TR374 and TR347, as far as we know them ourselves."""
    loopt = st.db.execute(
        "SELECT 1 FROM verzoeken v JOIN berichten b USING (volgnr) WHERE v.gemeente = ? AND v.bsn = ?"
        " AND v.toegewezen IS NULL AND v.antwoord IS NOT '1' AND b.status NOT IN ('afgekeurd', 'geweigerd') LIMIT 1",
        (gemeente, bsn),
    ).fetchone()
    if loopt is not None:
        raise Onmogelijk("voor deze client loopt al een verzoek bij deze gemeente (TR374): wacht op het antwoord")
    if any(regels.verzoek(st.db, gemeente, referentie) is not None for referentie in referenties):
        raise Onmogelijk("deze referentie is al gebruikt (TR347): kies een andere, of laat haar weg")


def _bsn(st: staat.Staat, gemeente: str, nummer: int) -> str:
    versies = staat.versies(st.db, gemeente, nummer)
    if not versies:
        raise Onmogelijk("te_wijzigen_producten[1]: een toewijzing die hier niet bekend is (TR351)")
    return str(versies[-1]["bsn"])


def _actueel(st: staat.Staat, gemeente: str, bsn: str) -> dict[int, dict[str, Any]]:
    """The actual toewijzingen of a client by number: not over yet, and not deleted (TR349)."""
    vandaag = klok.vandaag().isoformat()
    uit = {}
    for nummer in staat.nummers_van(st.db, gemeente, bsn):
        nu = staat.gegevens(staat.versies(st.db, gemeente, nummer)[-1])
        weg = nu["reden_wijziging"] in ("01", "13") and nu["einddatum"] == nu["ingangsdatum"]
        if not weg and (nu["einddatum"] or vandaag) >= vandaag:
            uit[nummer] = nu
    return uit
