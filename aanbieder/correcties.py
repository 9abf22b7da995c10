"""Credits, corrections and what was refused: from an earlier prestatie to new lines (processes.md 6.3)."""

import sqlite3
from typing import Any

from aanbieder import declareren, rekenen, staat, urenlijst
from aanbieder.berichten import GELDT, Klaar, Onmogelijk, aanbieder_van, nieuwe_identificatie


def corrigeer(
    st: staat.Staat, referentie: str, volume: int, *,
    periode: str | None = None, uurtarief_cent: int | None = None, minuten: bool = False,
) -> Klaar:  # fmt: skip
    """One 323 with the credit of an approved debet and a debet for the new volume (IV086, IV091).

    Volume 0 credits only. Done twice, it is sent once. Raises Onmogelijk when the debet was not approved
    (IV085, 8017) or is credited already (9390).
    """
    eerder = _debet(st, referentie)
    regel = staat.gegevens(eerder)
    nieuw = _herrekend(st, eerder, volume, uurtarief_cent, minuten) if volume else None
    daad = f"corrigeer {eerder['volgnr']} {referentie} {volume} {minuten}"
    gedaan = staat.bericht_op_sleutel(st.db, daad)
    if gedaan is None or gedaan["status"] not in GELDT:
        _toets_crediteerbaar(st, eerder)
    credit = regel | {
        "referentie_nummer": nieuwe_identificatie("R"),
        "vorig_referentie_nummer": referentie,
        "debet_credit": "C",
    }
    return _declareer(st, eerder["gemeente"], [credit, *([nieuw] if nieuw else [])], periode, daad)


def opnieuw(
    st: staat.Staat, referenties: list[str], *,
    volume: int | None = None, uurtarief_cent: int | None = None, tarief_cent: int | None = None,
    minuten: bool = False, periode: str | None = None,
) -> list[Klaar]:  # fmt: skip
    """Refused lines again, as new debets with new references (S53); one 323 per municipality.

    With one reference, `volume` or `tarief_cent` may be put right.
    """
    if len(referenties) > 1 and (volume, tarief_cent) != (None, None):
        raise Onmogelijk("een ander volume of tarief kan bij een referentie tegelijk")
    verdeeld: dict[str, list[dict[str, Any]]] = {}
    for referentie in dict.fromkeys(referenties):
        eerder = _debet(st, referentie)
        if eerder["uitslag"] != "afgekeurd":
            raise Onmogelijk("alleen een afgekeurde prestatie gaat opnieuw; een toegekende gaat met corrigeer")
        regel = staat.gegevens(eerder)
        if volume or tarief_cent or uurtarief_cent:
            regel = _herrekend(st, eerder, volume or regel["geleverd_volume"], uurtarief_cent, minuten, tarief_cent)
        regel |= {"referentie_nummer": nieuwe_identificatie("R"), "gemeente": eerder["gemeente"]}
        if urenlijst.loopt_al(st, regel):
            raise Onmogelijk("voor deze toewijzing en maand loopt al een andere prestatie (TR389)")
        verdeeld.setdefault(eerder["gemeente"], []).append(regel)
    return [_declareer(st, gemeente, regels, periode, None) for gemeente, regels in verdeeld.items()]


def afgekeurde(st: staat.Staat, declaratie_nummer: str) -> list[str]:
    """The references of the refused debets of a declaratie of ours."""
    rijen = st.db.execute(
        "SELECT p.referentie_nummer FROM prestaties p JOIN declaraties d USING (volgnr)"
        " WHERE d.declaratie_nummer = ? AND p.uitslag = 'afgekeurd' AND p.vorig_referentie_nummer IS NULL"
        " ORDER BY p.rowid",
        (declaratie_nummer,),
    )
    referenties = [rij["referentie_nummer"] for rij in rijen]
    if not referenties:
        raise Onmogelijk("in deze declaratie is hier geen afgekeurde prestatie bekend")
    return referenties


def _debet(st: staat.Staat, referentie: str) -> sqlite3.Row:
    rij: sqlite3.Row | None = st.db.execute(
        "SELECT p.* FROM prestaties p JOIN berichten b USING (volgnr)"
        " WHERE p.referentie_nummer = ? AND p.vorig_referentie_nummer IS NULL"
        " ORDER BY b.status = 'geweigerd', p.uitslag = 'afgekeurd', p.volgnr DESC LIMIT 1",
        (referentie,),
    ).fetchone()
    if rij is None:
        raise Onmogelijk("er is hier geen debetprestatie met deze referentie")
    return rij


def _toets_crediteerbaar(st: staat.Staat, eerder: sqlite3.Row) -> None:
    if eerder["uitslag"] is None:
        raise Onmogelijk("op deze prestatie is nog geen antwoord (325): wacht daarop (IV085)")
    if eerder["uitslag"] == "afgekeurd":
        raise Onmogelijk("deze prestatie is afgekeurd en telt niet: dien haar in met opnieuw (8017)")
    al = st.db.execute(
        "SELECT 1 FROM prestaties c JOIN berichten b USING (volgnr) WHERE c.gemeente = ?"
        " AND c.vorig_referentie_nummer = ? AND coalesce(c.uitslag, '') != 'afgekeurd' AND b.status != 'geweigerd'",
        (eerder["gemeente"], eerder["referentie_nummer"]),
    ).fetchone()
    if al is not None:
        raise Onmogelijk("deze prestatie is al gecrediteerd (9390)")


def _herrekend(
    st: staat.Staat, eerder: sqlite3.Row, volume: int,
    uurtarief_cent: int | None, minuten: bool, tarief_cent: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The line with another volume or rate, and the amount that follows.

    Minutes on an hourly rate carry a rounded rate, so they take the hourly one to know their amount (TR346).
    """
    regel, eenheid = staat.gegevens(eerder), staat.gegevens(eerder)["eenheid"]
    if eenheid == rekenen.MINUUT and uurtarief_cent is None and not _in_minuten_toegewezen(st, eerder):
        raise Onmogelijk("deze prestatie is in minuten: geef het tarief per uur op met --uurtarief-cent")
    if minuten and eenheid == rekenen.UUR:
        volume = rekenen.hele_uren(volume)
    per_uur = eenheid == rekenen.MINUUT and uurtarief_cent is not None
    tarief = uurtarief_cent if per_uur else tarief_cent or regel["product_tarief_cent"]
    return regel | {
        "referentie_nummer": nieuwe_identificatie("R"),
        "geleverd_volume": volume,
        **rekenen.bedragen(eenheid, volume, tarief, per_uur),
    }


def _in_minuten_toegewezen(st: staat.Staat, eerder: sqlite3.Row) -> bool:
    versies = staat.versies(st.db, eerder["gemeente"], eerder["toewijzing_nummer"])
    omvang = staat.gegevens(versies[-1])["omvang"] if versies else None
    return omvang is not None and omvang["eenheid"] == rekenen.MINUUT


def _declareer(
    st: staat.Staat, gemeente: str, regels: list[dict[str, Any]], periode: str | None, daad: str | None
) -> Klaar:
    periode = periode or _laatste_periode(st, gemeente, max(regel["begindatum"][:7] for regel in regels))
    return declareren.declaratie(st, aanbieder_van(st, gemeente), gemeente, regels, periode, daad=daad)


def _laatste_periode(st: staat.Staat, gemeente: str, minstens: str) -> str:
    """IV090: never before the last DeclaratiePeriode that was submitted."""
    rij = st.db.execute(
        "SELECT max(d.periode) FROM declaraties d JOIN berichten b USING (volgnr)"
        " WHERE d.gemeente = ? AND b.status != 'geweigerd'",
        (gemeente,),
    ).fetchone()
    return max(rij[0] or minstens, minstens)
