"""From a CSV with prestaties, or rows in memory, to a 323 per municipality."""

import csv
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from aanbieder import klok, staat
from aanbieder.berichten import Klaar, Onmogelijk, leg_klaar, nieuwe_identificatie
from schemas.iwmo import schrijf

KOLOMMEN = (
    "toewijzing_nummer", "referentie_nummer", "vorig_referentie_nummer", "product_categorie", "product_code",
    "begindatum", "einddatum", "volume", "eenheid", "tarief_cent", "bedrag_cent", "debet_credit",
)  # fmt: skip


def lees_csv(bestand: Path) -> list[dict[str, Any]]:
    """The rows of the file as prestaties; columns `gemeente` and `bsn` may be there as well."""
    with bestand.open(newline="", encoding="utf-8-sig") as stroom:
        kop = stroom.readline()
        stroom.seek(0)
        rijen = list(csv.DictReader(stroom, delimiter=";" if kop.count(";") > kop.count(",") else ","))
    ontbreekt = [k for k in KOLOMMEN if rijen and k not in rijen[0]]
    if not rijen or ontbreekt:
        raise Onmogelijk(f"het bestand mist kolommen of regels: {', '.join(ontbreekt) or 'geen enkele regel'}")
    prestaties = []
    for regelnummer, rij in enumerate(rijen, 2):
        try:
            prestaties.append(_prestatie({k: (v or "").strip() for k, v in rij.items() if k}))
        except ValueError:
            raise Onmogelijk(f"regel {regelnummer}: nummer, volume, tarief en bedrag zijn hele getallen") from None
    return prestaties


def _prestatie(rij: dict[str, str]) -> dict[str, Any]:
    return {
        "referentie_nummer": rij["referentie_nummer"],
        "vorig_referentie_nummer": rij["vorig_referentie_nummer"] or None,
        "toewijzing_nummer": int(rij["toewijzing_nummer"]),
        "product_categorie": rij["product_categorie"],
        "product_code": rij["product_code"],
        "begindatum": rij["begindatum"],
        "einddatum": rij["einddatum"],
        "geleverd_volume": int(rij["volume"]),
        "eenheid": rij["eenheid"],
        "product_tarief_cent": int(rij["tarief_cent"]) if rij["tarief_cent"] else None,
        "ingediend_cent": int(rij["bedrag_cent"]),
        "debet_credit": rij["debet_credit"] or "D",
        "gemeente": rij.get("gemeente") or None,
        "bsn": rij.get("bsn") or None,
    }


def per_gemeente(
    st: staat.Staat, prestaties: Iterable[dict[str, Any]], gemeente: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Rows by the municipality that gave out their number; a number alone is unique within one only."""
    verdeeld: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for regel in prestaties:
        nummer = regel["toewijzing_nummer"]
        eigen = gemeente or regel.get("gemeente")
        if not eigen:
            bekend = staat.gemeenten_van(st.db, nummer)
            if len(bekend) != 1:
                raise Onmogelijk(
                    f"toewijzing {nummer} is hier niet bij precies een gemeente bekend: geef --gemeente op"
                )
            eigen = bekend[0]
        verdeeld[eigen].append(regel)
    return dict(verdeeld)


def declaratie(
    st: staat.Staat, aanbieder: str, gemeente: str, prestaties: list[dict[str, Any]], periode: str, *,
    identificatie: str | None = None,
) -> Klaar:  # fmt: skip
    """One 323 for one municipality and month (CS340), its lines grouped per client.

    With an `identificatie` of the caller, that is the DeclaratieNummer too, and the same
    declaratie again gives the message that was stored the first time.
    """
    if identificatie:
        eerder = staat.verstuurd_bericht(st.db, "WMO323", gemeente, identificatie)
        if eerder is not None:
            return Klaar(eerder["volgnr"], identificatie, eerder["xml"])
    jaar, maand = (int(deel) for deel in periode.split("-"))
    per_client: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for regel in prestaties:
        kaal = {k: v for k, v in regel.items() if k not in ("bsn", "gemeente")}
        per_client[regel.get("bsn") or _bsn(st, gemeente, regel["toewijzing_nummer"])].append(kaal)
    nummer = identificatie or nieuwe_identificatie("D")
    inhoud = {
        "declaratie_nummer": nummer,
        "declaratie_periode": {
            "begindatum": date(jaar, maand, 1).isoformat(),
            "einddatum": date(jaar, maand, monthrange(jaar, maand)[1]).isoformat(),
        },
        "declaratie_dagtekening": klok.vandaag().isoformat(),
        "clienten": [{"bsn": bsn, "prestaties": regels} for bsn, regels in per_client.items()],
    }
    raw = schrijf.declaratie_323(
        afzender=aanbieder,
        ontvanger=gemeente,
        identificatie=nummer,
        dagtekening=klok.vandaag(),
        declaratie=inhoud,
    )
    return leg_klaar(st, raw)


def _bsn(st: staat.Staat, gemeente: str, nummer: int) -> str:
    rijen = staat.versies(st.db, gemeente, nummer)
    if not rijen:
        raise Onmogelijk(f"toewijzing {nummer} is hier niet bekend: geef de kolom bsn mee")
    return str(rijen[-1]["bsn"])


def aanbieder_van(st: staat.Staat, gemeente: str) -> str:
    """Our own AGB, as the municipality addressed us."""
    rij = st.db.execute("SELECT aanbieder FROM toewijzingen WHERE gemeente = ? LIMIT 1", (gemeente,)).fetchone()
    if rij is None:
        raise Onmogelijk(f"van gemeente {gemeente} is hier geen toewijzing: geef --aanbieder op")
    return str(rij["aanbieder"])
