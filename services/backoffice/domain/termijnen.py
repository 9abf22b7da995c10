"""Terms that near or have passed, and what was told about them."""

from __future__ import annotations

from .regel import Data, Regel
from .taal import WACHT_OP, datum, soort_naam


def antwoord_te_laat(data: Data) -> Regel:
    """knooppunt.termijn_verstreken: we owe a provider an answer."""
    return Regel(
        f"De termijn is voorbij. Er is nog geen {soort_naam(str(data['wacht_op'])).lower()}.",
        status="wacht",
        soort=str(data["soort"]),
        bericht_id=str(data["bericht_id"]),
        aan_zet=str(data["partij"]),
        uiterlijk=str(data["uiterlijk"])[:10],
    )


def termijn_nadert(data: Data) -> Regel:
    return _termijn(data, f"Er is tijd tot en met {datum(str(data['uiterlijk']))} voor {_wacht_op(data)}.")


def termijn_verstreken(data: Data) -> Regel:
    return _termijn(data, f"De termijn is voorbij voor {_wacht_op(data)}.")


def termijn_hervat(data: Data) -> Regel:
    if data["soort"] == "vervolg":
        return einde_nadert(data)
    return _termijn(data, f"De termijn loopt weer voor {_wacht_op(data)}.")


def termijn_beeindigd(data: Data) -> Regel:
    te_laat = data.get("afloop") == "te_laat_gehaald"
    wat = (
        "Er wordt niet meer gewacht op"
        if data.get("afloop") == "vervallen"
        else "Te laat, maar er is nu"
        if te_laat
        else "Er is nu"
    )
    zin = (
        "De toewijzing die bijna eindigde, vraagt geen aandacht meer."
        if data["soort"] == "vervolg"
        else f"{wat} {_wacht_op(data)}."
    )
    nummer = data.get("toewijzing_nummer")
    return Regel(zin, velden={"Toewijzing": str(nummer)} if nummer else {})


def einde_nadert(data: Data) -> Regel:
    einde = datum(str(data["uiterlijk"]))
    zin = f"De toewijzing eindigt op {einde}, zonder vervolg. Kijk of er nog hulp nodig is."
    return _termijn(data, zin, status="signaal")


def _wacht_op(data: Data) -> str:
    return WACHT_OP.get(str(data["soort"]), "een bericht")


def _termijn(data: Data, zin: str, status: str = "wacht") -> Regel:
    nummer = data.get("toewijzing_nummer")
    return Regel(
        zin,
        status=status,
        bericht_id=data.get("bericht_id"),
        aan_zet=str(data["partij"]),
        uiterlijk=str(data["uiterlijk"])[:10],
        onderwerp=data.get("verzoek_id"),
        velden={"Toewijzing": str(nummer)} if nummer else {},
    )


WAAROVER = {
    "termijn_verstreken": "een termijn die voorbij is",
    "termijn_nadert": "een termijn die bijna voorbij is",
    "einde_nadert": "een toewijzing die binnenkort eindigt",
    "bericht_afgekeurd": "een afgekeurd bericht",
    "budget_bereikt": "een budget dat bijna op is",
    "melding_ontvangen": "een nieuwe melding",
    "outreach_gevraagd": "een inwoner die niet reageert",
    "beschikking_vastgesteld": "een besluit over hulp",
    "respijt_geboden": "rust voor wie zorgt",
    "postbus_nieuw": "post die klaarligt",
    "verzameld": "alles van die dag",
}
"""Per cause of notifications what the e-mail is about."""


def notificatie_verzonden(data: Data) -> Regel:
    """An e-mail went out."""
    return Regel(f"Er is een e-mail gestuurd over {WAAROVER.get(str(data['aanleiding']), 'een gebeurtenis')}.")
