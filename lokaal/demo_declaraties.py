"""What the providers of the demo claim each month: mostly right, now and then with a mistake."""

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aanbieder import overzicht, staat
from lokaal.demo_bewoners import AANBIEDERS, GEMEENTEN, TARIEVEN, ZAAD

EENHEDEN = {"02A05": "04", "07A12": "16", "01A03": "04", "15A01": "14"}
FOUTEN = ("9321", "goed", "0611", "9338", "credit", "9346", "9389", "goed")
MET_ONBEKEND = (2,)
# not every month: a claim on an unknown number is judged after 10 s, as its 301 may still be on its way


@dataclass(frozen=True)
class Maand:
    """A calendar month of 2026."""

    nummer: int

    @property
    def begin(self) -> date:
        """First day."""
        return date(2026, self.nummer, 1)

    @property
    def eind(self) -> date:
        """Last day."""
        return date(2026, self.nummer, monthrange(2026, self.nummer)[1])

    @property
    def periode(self) -> str:
        """As `2026-02`."""
        return f"2026-{self.nummer:02d}"


def regels(st: staat.Staat, aanbieder: str, gemeente: str, maand: Maand, bsns: dict[int, str]) -> list[dict[str, Any]]:
    """The lines of one 323, from the provider's own state; `bsns` are the residents by number.

    The references follow from provider, municipality, month and line, so that a demo that
    was interrupted claims the same lines again.
    """
    a, g = AANBIEDERS.index(aanbieder), list(GEMEENTEN).index(gemeente)
    lot = random.Random(f"{ZAAD}-{a}-{g}-{maand.nummer}")
    prefix = f"R{a}{g}{maand.nummer}"
    lijst = []
    eigen = [t for t in overzicht.toewijzingen(st, gemeente) if t["toewijzing_nummer"] in bsns]
    # Numbers are given out in the order of arrival, which no seed decides; who gets care is the same every time.
    for toewijzing in sorted(eigen, key=lambda t: (bsns[t["toewijzing_nummer"]], t["ingangsdatum"])):
        regel = _regel(lot, toewijzing, maand)
        if regel:
            lijst.append(regel)
    fout = FOUTEN[(a * 3 + g * 5 + maand.nummer) % len(FOUTEN)]
    if fout == "9338" and maand.nummer not in MET_ONBEKEND:
        fout = "0611"
    lijst += _eerder_afgekeurd(st, gemeente, maand)
    _maak_fout(st, gemeente, fout, lijst, maand, bsns)
    for i, regel in enumerate(lijst):
        regel["referentie_nummer"] = f"{prefix}{i:03d}"
    return lijst


def _regel(lot: random.Random, toewijzing: dict[str, Any], maand: Maand) -> dict[str, Any] | None:
    """One debet within the toewijzing and the month (TR387, TR388), well under its maximum."""
    begin = max(maand.begin, date.fromisoformat(toewijzing["ingangsdatum"]))
    eind = min(maand.eind, date.fromisoformat(toewijzing["einddatum"] or "2099-12-31"))
    if begin > eind or toewijzing["status"] == "verwijderd":
        return None
    omvang = toewijzing["omvang"]
    code = (toewijzing["product"] or {}).get("code") or "02A05"
    if omvang is None:
        volume = lot.randrange(4, 8)
    elif omvang["frequentie"] == "2":
        volume = max(1, int(_weken(begin, eind) * omvang["volume"] * lot.uniform(0.4, 0.7)))
    else:
        volume = max(1, int(omvang["volume"] * lot.uniform(0.4, 0.9)))
    return {
        "referentie_nummer": "",
        "vorig_referentie_nummer": None,
        "toewijzing_nummer": toewijzing["toewijzing_nummer"],
        "product_categorie": (toewijzing["product"] or {"categorie": "02"})["categorie"],
        "product_code": code,
        "begindatum": begin.isoformat(),
        "einddatum": eind.isoformat(),
        "geleverd_volume": volume,
        "eenheid": EENHEDEN[code],
        "product_tarief_cent": TARIEVEN[code],
        "ingediend_cent": volume * TARIEVEN[code],
        "debet_credit": "D",
    }


def _weken(begin: date, eind: date) -> int:
    """Distinct ISO weeks touched (IV076)."""
    maandag = begin - timedelta(days=begin.weekday())
    return ((eind - timedelta(days=eind.weekday())) - maandag).days // 7 + 1


def _vorige(st: staat.Staat, gemeente: str, maand: Maand, uitslag: str) -> list[dict[str, Any]]:
    """Debets of the month before with this outcome, oldest first, that were not credited."""
    begin = Maand(maand.nummer - 1).begin.isoformat() if maand.nummer > 1 else "2025-12-01"
    rijen = st.db.execute(
        "SELECT p.gegevens FROM prestaties p WHERE p.gemeente = ? AND p.uitslag = ?"
        " AND json_extract(p.gegevens, '$.debet_credit') = 'D'"
        " AND json_extract(p.gegevens, '$.begindatum') >= ? AND json_extract(p.gegevens, '$.begindatum') < ?"
        " ORDER BY p.volgnr, p.rowid",
        (gemeente, uitslag, begin, maand.begin.isoformat()),
    )
    return [staat.gegevens(rij) for rij in rijen]


def _eerder_afgekeurd(st: staat.Staat, gemeente: str, maand: Maand) -> list[dict[str, Any]]:
    """S53: what was refused last month for volume, rate or amount, now right and as a new debet."""
    goed = {r["toewijzing_nummer"] for r in _vorige(st, gemeente, maand, "goedgekeurd")}
    lijst = []
    for regel in _vorige(st, gemeente, maand, "afgekeurd"):
        if regel["toewijzing_nummer"] in goed or regel["toewijzing_nummer"] >= ONBEKEND:
            continue
        goed.add(regel["toewijzing_nummer"])
        tarief = TARIEVEN[regel["product_code"]]
        volume = min(regel["geleverd_volume"], 4)
        lijst.append(
            regel | {"geleverd_volume": volume, "product_tarief_cent": tarief, "ingediend_cent": volume * tarief}
        )
    return lijst


ONBEKEND = 999000000


def _maak_fout(
    st: staat.Staat, gemeente: str, fout: str, lijst: list[dict[str, Any]], maand: Maand, bsns: dict[int, str]
) -> None:
    """Put the mistake of this month in the lines; some need an approved line of last month."""
    eerste = next((r for r in lijst if r["begindatum"] >= maand.begin.isoformat()), None)
    if eerste is None:
        return
    if fout == "9321":
        met_omvang = next((r for r in lijst if r["eenheid"] != "04"), eerste)
        met_omvang["geleverd_volume"] += 90
        met_omvang["ingediend_cent"] = met_omvang["geleverd_volume"] * met_omvang["product_tarief_cent"]
    elif fout == "0611":
        eerste["product_tarief_cent"] += 25
        eerste["ingediend_cent"] = eerste["geleverd_volume"] * eerste["product_tarief_cent"]
    elif fout == "9346":
        eerste["ingediend_cent"] -= 100
    elif fout == "9338":
        nummer = eerste["toewijzing_nummer"]
        lijst.append(eerste | {"toewijzing_nummer": ONBEKEND + nummer % 1000, "bsn": bsns[nummer]})
    else:
        gehad = next(iter(_vorige(st, gemeente, maand, "goedgekeurd")), None)
        if gehad is None or gehad["toewijzing_nummer"] not in bsns:
            return
        if fout == "9389":
            lijst.append(dict(gehad))
        elif fout == "credit" and gehad["geleverd_volume"] > 1:
            lijst.append(gehad | {"vorig_referentie_nummer": gehad["referentie_nummer"], "debet_credit": "C"})
            volume = gehad["geleverd_volume"] - 1
            bedrag = volume * gehad["product_tarief_cent"]
            lijst.append(gehad | {"geleverd_volume": volume, "ingediend_cent": bedrag})
