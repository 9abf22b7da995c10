"""From prestaties to a 323 per municipality."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from aanbieder import klok, rekenen, staat
from aanbieder.berichten import Klaar, Onmogelijk, eenmalig, nieuwe_identificatie
from schemas.iwmo import schrijf

EIGEN_VELDEN = ("bsn", "gemeente")
"""Fields of a line that say where it goes and are no part of it."""


def per_gemeente(prestaties: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Lines by the municipality that gave out their number."""
    verdeeld: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for regel in prestaties:
        verdeeld[regel["gemeente"]].append(regel)
    return dict(verdeeld)


def declaratie(
    st: staat.Staat, aanbieder: str, gemeente: str, prestaties: list[dict[str, Any]], periode: str, *,
    identificatie: str | None = None, daad: str | None = None,
) -> Klaar:  # fmt: skip
    """One 323 for one municipality and month (CS340), its lines grouped per client.

    With an `identificatie` of the caller, that is the DeclaratieNummer too, and the same
    declaratie again gives the message that was stored the first time. `daad` names the act
    that may be done twice; without it the lines do.
    """
    if identificatie:
        eerder = staat.verstuurd_bericht(st.db, "WMO323", gemeente, identificatie)
        if eerder is not None:
            return Klaar(eerder["volgnr"], identificatie, eerder["xml"])

    def maak() -> bytes:
        nummer, vandaag = identificatie or nieuwe_identificatie("D"), klok.vandaag()
        begin, eind = rekenen.maand(periode)
        inhoud = {
            "declaratie_nummer": nummer,
            "declaratie_periode": {"begindatum": begin.isoformat(), "einddatum": eind.isoformat()},
            "declaratie_dagtekening": vandaag.isoformat(),
            "clienten": _per_client(st, gemeente, prestaties),
        }
        return schrijf.declaratie_323(
            afzender=aanbieder, ontvanger=gemeente, identificatie=nummer, dagtekening=vandaag, declaratie=inhoud
        )

    return eenmalig(st, daad or f"323 {gemeente} {nieuwe_identificatie()}", maak)


def _per_client(st: staat.Staat, gemeente: str, prestaties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    per_client: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for regel in prestaties:
        kaal = {veld: waarde for veld, waarde in regel.items() if veld not in EIGEN_VELDEN}
        per_client[regel.get("bsn") or _bsn(st, gemeente, regel["toewijzing_nummer"])].append(kaal)
    return [{"bsn": bsn, "prestaties": regels} for bsn, regels in per_client.items()]


def _bsn(st: staat.Staat, gemeente: str, nummer: int) -> str:
    rijen = staat.versies(st.db, gemeente, nummer)
    if not rijen:
        raise Onmogelijk("een van de toewijzingen is hier niet bekend: haal eerst de berichten op met synchroniseer")
    return str(rijen[-1]["bsn"])
