"""Tables of the state: toewijzingen, verzoeken, berichten and a short status."""

import sqlite3
from itertools import pairwise
from typing import Any

from aanbieder import klok, levering, staat

REDENEN_EINDE = {"02", "03", "05", "06", "07", "08", "09", "10", "11"}
OPEN = "9999-12-31"


def toewijzingen(st: staat.Staat, van: str | None = None) -> list[dict[str, Any]]:
    """The actual version of every toewijzing (IV013), with the fields of GET /v1/toewijzingen.

    `van`: of that municipality only; a number is unique within one municipality (TR332).
    """
    rijen = []
    for gemeente, nummer in staat.nummers(st.db):
        if van not in (None, gemeente):
            continue
        versies = staat.versies(st.db, gemeente, nummer)
        laatste = staat.gegevens(versies[-1])
        bericht = st.db.execute(
            "SELECT bericht_id, status FROM berichten WHERE volgnr = ?", (versies[-1]["volgnr"],)
        ).fetchone()
        rijen.append(
            {
                "toewijzing_nummer": nummer,
                "client_id": None,  # the pseudonym of the municipality; a provider cannot know it
                "aanbieder": versies[-1]["aanbieder"],
                "product": laatste.get("product"),
                "omvang": laatste.get("omvang"),
                "budget_cent": laatste.get("budget_cent"),
                "ingangsdatum": laatste["ingangsdatum"],
                "einddatum": laatste.get("einddatum"),
                "toewijzingsdatum": laatste["toewijzingsdatum"],
                "toewijzingstijd": laatste["toewijzingstijd"],
                "reden_wijziging": laatste.get("reden_wijziging"),
                "referentie_aanbieder": laatste.get("referentie_aanbieder"),
                "status": _status([staat.gegevens(v) for v in versies]),
                "levering": levering.stand(staat.leveringen(st.db, gemeente, nummer)),
                "laatste_301": {"bericht_id": bericht["bericht_id"], "status": bericht["status"]},
            }
        )
    return rijen


def _status(versies: list[dict[str, Any]]) -> str:
    laatste, vandaag = versies[-1], klok.vandaag().isoformat()
    begin, eind, reden = laatste["ingangsdatum"], laatste.get("einddatum"), laatste.get("reden_wijziging")
    if reden in ("01", "13") and eind == begin:
        return "verwijderd"
    if _ingetrokken(versies):
        return "ingetrokken"
    if begin > vandaag:
        return "toekomstig"
    return "verlopen" if eind is not None and eind < vandaag else "actief"


def _ingetrokken(versies: list[dict[str, Any]]) -> bool:
    """Made shorter, and not made longer again since; a single version tells it by its reden only."""
    gezien = versies[0].get("reden_wijziging") in REDENEN_EINDE
    for vorige, volgende in pairwise(versies):
        oud, nieuw = vorige.get("einddatum") or OPEN, volgende.get("einddatum") or OPEN
        gezien = nieuw < oud or (gezien and nieuw == oud)
    return gezien


def berichten(st: staat.Staat) -> list[dict[str, Any]]:
    """Everything received and sent, newest first."""
    return [
        {
            "bericht_id": rij["bericht_id"],
            "richting": rij["richting"],
            "soort": rij["soort"],
            "identificatie": rij["identificatie"],
            "gemeente": rij["gemeente"],
            "dagtekening": rij["dagtekening"],
            "status": rij["status"],
            "retourcodes": staat.codes_van(rij),
        }
        for rij in staat.berichten(st.db)
    ]


def verzoeken(st: staat.Staat) -> list[dict[str, Any]]:
    """Every VOT product and VOW that was sent, oldest first, and what became of it."""
    rijen = st.db.execute(
        "SELECT v.*, b.status, b.aanbieder FROM verzoeken v JOIN berichten b USING (volgnr) ORDER BY v.volgnr, v.rowid"
    )
    return [
        {
            "soort": rij["soort"],
            "referentie_aanbieder": rij["referentie"],
            "aanbieder": rij["aanbieder"],
            "gemeente": rij["gemeente"],
            "status": _verzoekstatus(rij),
        }
        for rij in rijen
    ]


def _verzoekstatus(rij: sqlite3.Row) -> str:
    if rij["status"] in staat.GEWEIGERD:
        return "vervallen"
    if rij["toegewezen"] is not None:
        return "toegewezen"
    return {"1": "afgewezen", "2": "in_onderzoek"}.get(rij["antwoord"], "ingediend")


def status(st: staat.Staat) -> list[dict[str, Any]]:
    """How many messages of each kind stand where, and of how many the answer is overdue (OP090, OP090x4)."""
    rijen = st.db.execute(
        "SELECT richting, soort, status, count(*) AS aantal,"
        " count(*) FILTER (WHERE status = 'verstuurd' AND antwoord_uiterlijk < ?) AS antwoord_te_laat"
        " FROM berichten GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        (klok.vandaag().isoformat(),),
    )
    return [dict(rij) for rij in rijen]
