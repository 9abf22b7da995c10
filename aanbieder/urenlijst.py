"""From a CSV of what was delivered to prestaties: the toewijzing fills in what the file leaves out.

All faults of a file come at once, with line, column and what was expected; never the value.
"""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aanbieder import rekenen, staat
from aanbieder.berichten import Onmogelijk, nieuwe_identificatie
from schemas.iwmo.codes import EENHEID, PRODUCT_CATEGORIE, categorie_of

KOLOMMEN = {
    "toewijzing_nummer": "het nummer van de toewijzing (verplicht)",
    "volume": "wat er geleverd is, in de eenheid van de toewijzing; bij eenheid 83 het bedrag in centen",
    "minuten": "in plaats van volume: de minuten bij elkaar; tarief_cent is dan het tarief per uur",
    "tarief_cent": "het tarief van het contract in centen; leeg bij eenheid 83",
    "eenheid": "alleen als die anders is dan in de toewijzing, of als die daar niet staat",
    "product_code": "alleen als de toewijzing geen code heeft",
    "product_categorie": "alleen als de toewijzing geen product heeft",
    "maand": "alleen als het een eerdere maand is dan --periode, bijvoorbeeld 2026-01",
    "referentie_nummer": "eigen, uniek nummer; zonder deze kolom maakt het programma er een",
    "gemeente": "alleen als hetzelfde nummer bij meer dan een gemeente bekend is",
}
"""The columns of the file, each with its meaning; only toewijzing_nummer must be there."""

Rij = dict[str, str]


class Regelfout(Exception):
    """A fault in one column of one line."""

    def __init__(self, kolom: str, verwacht: str) -> None:
        """Keep the place and what was expected there."""
        super().__init__(f"kolom {kolom}: {verwacht}")


def lees(st: staat.Staat, bestand: Path, periode: str, gemeente: str | None = None) -> list[dict[str, Any]]:
    """The lines of the file as prestaties, each with its `gemeente`.

    Raises Onmogelijk with every fault of the file; then nothing of it is used.
    """
    raw = bestand.read_bytes()
    prestaties: list[dict[str, Any]] = []
    fouten: list[str] = []
    eerder: dict[tuple[Any, ...], int] = {}
    for nummer, rij in _rijen(raw):
        try:
            regel = _prestatie(st, rij, periode, gemeente)
            if loopt_al(st, regel, behalve=daad_van(regel["gemeente"], periode, raw)):
                raise Regelfout("toewijzing_nummer", "nog niet gedeclareerd voor deze maand; gebruik corrigeer (TR389)")
            # TR416: one debet per toewijzing, product and month in one message
            vorige = eerder.setdefault(_debet(regel), nummer)
            if vorige != nummer:
                raise Regelfout("toewijzing_nummer", f"tel op bij regel {vorige}: zelfde product en maand (TR416)")
        except Regelfout as fout:
            fouten.append(f"regel {nummer}, {fout}")
        else:
            prestaties.append(regel)
    if fouten:
        raise Onmogelijk("het bestand is niet gebruikt: verbeter deze regels", fouten)
    return prestaties


def daad_van(gemeente: str, periode: str, raw: bytes) -> str:
    """The name of claiming this file for this month, so that doing it twice claims once."""
    return f"323 {gemeente} {periode} {hashlib.sha256(raw).hexdigest()}"


def _rijen(raw: bytes) -> Iterator[tuple[int, Rij]]:
    """The lines with their number in the file; empty ones are skipped."""
    try:
        tekst = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Onmogelijk("het bestand is geen UTF-8: sla het op als CSV UTF-8") from None
    kop = tekst.partition("\n")[0]
    lezer = csv.DictReader(tekst.splitlines(), delimiter=";" if kop.count(";") > kop.count(",") else ",")
    namen = [(naam or "").strip().lower() for naam in lezer.fieldnames or []]
    if onbekend := [str(i) for i, naam in enumerate(namen, 1) if naam not in KOLOMMEN]:
        raise Onmogelijk(f"de kop van het bestand klopt niet bij kolom {', '.join(onbekend)}",
                         [f"{naam}: {uitleg}" for naam, uitleg in KOLOMMEN.items()])  # fmt: skip
    lezer.fieldnames = namen
    leeg = True
    for rij in lezer:
        if None in rij:
            raise Onmogelijk(f"regel {lezer.line_num}: er staan meer waarden dan kolommen")
        waarden = {kolom: (waarde or "").strip() for kolom, waarde in rij.items()}
        if any(waarden.values()):
            leeg = False
            yield lezer.line_num, waarden
    if leeg:
        raise Onmogelijk("er staan geen regels in het bestand")


def _prestatie(st: staat.Staat, rij: Rij, periode: str, gemeente: str | None) -> dict[str, Any]:
    nummer = _getal(rij, "toewijzing_nummer")
    gemeente = gemeente or rij.get("gemeente") or _enige_gemeente(st, nummer)
    versies = staat.versies(st.db, gemeente, nummer)
    if not versies:
        raise Regelfout("toewijzing_nummer", "een nummer uit een ontvangen 301 van deze gemeente (TR338)")
    toewijzing = staat.gegevens(versies[-1])
    if toewijzing["reden_wijziging"] == "13":
        raise Regelfout("toewijzing_nummer", "een nummer dat niet verwijderd is (TR384)")
    return {
        "referentie_nummer": rij.get("referentie_nummer") or nieuwe_identificatie("R"),
        "vorig_referentie_nummer": None,
        "toewijzing_nummer": nummer,
        **_product(rij, toewijzing),
        **_periode(rij, toewijzing, periode),
        **_hoeveel(rij, toewijzing),
        "debet_credit": "D",
        "gemeente": gemeente,
    }


def _enige_gemeente(st: staat.Staat, nummer: int) -> str:
    bekend = staat.gemeenten_van(st.db, nummer)
    if not bekend:
        raise Regelfout("toewijzing_nummer", "een nummer uit een ontvangen 301 (TR338)")
    if len(bekend) > 1:
        raise Regelfout("gemeente", "de code van de gemeente: dit nummer is bij meer dan een gemeente bekend")
    return bekend[0]


def _product(rij: Rij, toewijzing: dict[str, Any]) -> dict[str, Any]:
    """IV075: a prestatie always has Categorie and Code, also where the toewijzing has none."""
    product = toewijzing["product"] or {}
    code = product.get("code") or rij.get("product_code")
    if not code:
        raise Regelfout("product_code", "een code uit het contract: de toewijzing heeft er geen (IV075)")
    if rij.get("product_code", code) not in ("", code):
        raise Regelfout("product_code", "de code van de toewijzing, of niets (TR340)")
    categorie = product.get("categorie") or rij.get("product_categorie") or categorie_of(code)
    if categorie not in PRODUCT_CATEGORIE or categorie_of(code) != categorie:
        raise Regelfout("product_code", "een code die bij de productcategorie hoort (TR381)")
    return {"product_categorie": categorie, "product_code": code}


def _periode(rij: Rij, toewijzing: dict[str, Any], periode: str) -> dict[str, Any]:
    gekozen = rij.get("maand") or periode
    try:
        dagen = rekenen.product_periode(toewijzing, gekozen)
    except ValueError:
        raise Regelfout("maand", "een maand zoals 2026-02") from None
    if gekozen > periode:
        raise Regelfout("maand", "de maand van --periode of een eerdere (TR319)")
    if dagen is None:
        raise Regelfout("maand", "een maand waarin de toewijzing geldt (TR307, TR308)")
    return {"begindatum": dagen[0], "einddatum": dagen[1]}


def _hoeveel(rij: Rij, toewijzing: dict[str, Any]) -> dict[str, Any]:
    toegewezen = (toewijzing["omvang"] or {}).get("eenheid")
    eenheid = rij.get("eenheid") or toegewezen
    if eenheid is None or eenheid not in EENHEID:
        raise Regelfout("eenheid", "een eenheid uit het contract: de toewijzing heeft er geen (TR341)")
    if toegewezen and eenheid != toegewezen and (toegewezen, eenheid) != (rekenen.UUR, rekenen.MINUUT):
        raise Regelfout("eenheid", "die van de toewijzing; uren mogen ook in minuten (TR341)")
    if bool(rij.get("volume")) == bool(rij.get("minuten")):
        raise Regelfout("volume", "precies een van volume en minuten")
    if rij.get("minuten") and eenheid not in (rekenen.UUR, rekenen.MINUUT):
        raise Regelfout("minuten", "volume: minuten kan alleen bij uren of minuten")
    minuten = _getal(rij, "minuten") if rij.get("minuten") else None
    volume = _getal(rij, "volume") if minuten is None else minuten
    if minuten is not None and eenheid == rekenen.UUR:
        volume = rekenen.hele_uren(minuten)
    if eenheid == rekenen.EUROS and rij.get("tarief_cent"):
        raise Regelfout("tarief_cent", "niets: bij eenheid 83 is het volume het bedrag (CD087)")
    tarief = None if eenheid == rekenen.EUROS else _getal(rij, "tarief_cent")
    per_uur = minuten is not None and eenheid == rekenen.MINUUT
    return {"geleverd_volume": volume, "eenheid": eenheid, **rekenen.bedragen(eenheid, volume, tarief, per_uur)}


def _getal(rij: Rij, kolom: str) -> int:
    tekst = rij.get(kolom, "")
    if not (tekst.isascii() and tekst.isdigit() and 0 < int(tekst) < 10**9):
        raise Regelfout(kolom, "een heel getal groter dan 0, zonder punt of komma")
    return int(tekst)


def _debet(regel: dict[str, Any]) -> tuple[Any, ...]:
    """What only one debet may stand for (TR389, TR416)."""
    velden = ("gemeente", "toewijzing_nummer", "product_categorie", "product_code", "begindatum", "einddatum")
    return tuple(regel[veld] for veld in velden)


def loopt_al(st: staat.Staat, regel: dict[str, Any], behalve: str = "") -> bool:
    """TR389: is there a debet for the same that was not refused and not credited.

    `behalve`: the act whose own message does not count, because it is being done again.
    """
    rijen = st.db.execute(
        "SELECT d.gegevens FROM prestaties d JOIN berichten b USING (volgnr)"
        " WHERE d.gemeente = ? AND d.toewijzing_nummer = ? AND d.vorig_referentie_nummer IS NULL"
        " AND coalesce(d.uitslag, '') != 'afgekeurd' AND b.status != 'geweigerd'"
        " AND b.sleutel IS NOT ? AND NOT EXISTS ("
        "   SELECT 1 FROM prestaties c JOIN berichten cb USING (volgnr)"
        "   WHERE c.gemeente = d.gemeente AND c.vorig_referentie_nummer = d.referentie_nummer"
        "   AND coalesce(c.uitslag, '') != 'afgekeurd' AND cb.status != 'geweigerd')",
        (regel["gemeente"], regel["toewijzing_nummer"], behalve),
    )
    return any(_debet(staat.gegevens(rij) | {"gemeente": regel["gemeente"]}) == _debet(regel) for rij in rijen)
