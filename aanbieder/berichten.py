"""Builds and sends the provider's own messages: start, stop, declaratie, or a ready-made file.

A message is stored before it leaves and leaves byte for byte as stored, so after a crash the
same bytes go again and the knooppunt gives its first answer.
"""

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aanbieder import klok, staat, verwerk
from aanbieder.knooppunt import Geweigerd, Knooppunt
from schemas.iwmo import codec, rules, schrijf


class Onmogelijk(Exception):
    """The message cannot be built or does not pass the pre-check; `bevindingen` tells why."""

    def __init__(self, titel: str, bevindingen: list[str] | None = None) -> None:
        """Keep the findings for the one who shows them."""
        super().__init__(titel)
        self.bevindingen = bevindingen or []


@dataclass(frozen=True)
class Klaar:
    """A stored message, ready to leave."""

    volgnr: int
    identificatie: str
    xml: bytes


def nieuwe_identificatie(letter: str = "") -> str:
    """An Identificatie of 12 characters that no other message of this provider has (TR056)."""
    tekens = string.digits + string.ascii_uppercase
    return letter + "".join(secrets.choice(tekens) for _ in range(12 - len(letter)))


def leg_klaar(st: staat.Staat, raw: bytes, *, sleutel: str | None = None, controleer: bool = True) -> Klaar:
    """Pre-check a message of our own at level 2 and store it; the same bytes are stored once."""
    bericht = codec.parse(raw)
    bevindingen = list(rules.check(bericht)) if controleer else []
    if bevindingen:
        raise Onmogelijk(
            "het bericht voldoet niet aan de regels en is niet verstuurd",
            [f"{b.regel}: {b.melding}" for b in bevindingen],
        )
    gemeente, aanbieder = verwerk.partijen(bericht)
    with st.tx() as db:
        eerder = staat.bericht_op_som(db, "uit", raw)
        if eerder is not None:
            return Klaar(eerder["volgnr"], eerder["identificatie"], raw)
        volgnr = staat.bewaar_bericht(
            db, richting="uit", soort=bericht.soort.code, identificatie=bericht.header.identificatie,
            gemeente=gemeente, aanbieder=aanbieder, dagtekening=str(bericht.header.dagtekening), xml=raw,
            status="te_versturen", sleutel=sleutel,
        )  # fmt: skip
        verwerk.verstuurd(db, bericht, bericht.inhoud(), volgnr)
    return Klaar(volgnr, bericht.header.identificatie, raw)


async def verstuur(st: staat.Staat, knooppunt: Knooppunt, klaar: Klaar) -> str:
    """Hand a stored message in; its bericht_id. Done again, it gives the same one."""
    try:
        bericht_id = await knooppunt.lever_in(klaar.xml)
    except Geweigerd as fout:
        if fout.status in (400, 403, 413, 415, 422):  # these bytes will never be taken
            with st.tx() as db:
                staat.zet_status(db, klaar.volgnr, "geweigerd")
        raise
    with st.tx() as db:
        staat.zet_bericht_id(db, klaar.volgnr, bericht_id)
        db.execute(
            "UPDATE berichten SET status = 'verstuurd' WHERE volgnr = ? AND status = 'te_versturen'",
            (klaar.volgnr,),
        )
    return bericht_id


def _eenmalig(st: staat.Staat, sleutel: str, vast: bool, maak: Callable[[], bytes], controleer: bool = True) -> Klaar:
    """The message of this act: an unsent one (or, with `vast`, any earlier one), else a new one."""
    eerder = staat.bericht_op_sleutel(st.db, sleutel)
    if eerder is not None and (vast or eerder["status"] == "te_versturen"):
        return Klaar(eerder["volgnr"], eerder["identificatie"], eerder["xml"])
    return leg_klaar(st, maak(), sleutel=sleutel, controleer=controleer)


def _actueel(st: staat.Staat, gemeente: str, nummer: int) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(aanbieder, client, product) of the actual version of a toewijzing."""
    rijen = staat.versies(st.db, gemeente, nummer)
    if not rijen:
        raise Onmogelijk("deze toewijzing is hier niet bekend: haal eerst de berichten op met synchroniseer")
    laatste = rijen[-1]
    client = staat.client(st.db, gemeente, laatste["bsn"])
    if client is None:
        raise Onmogelijk("van deze toewijzing is de client hier niet bekend")
    return laatste["aanbieder"], client, staat.gegevens(laatste)


def start(
    st: staat.Staat, gemeente: str, nummer: int, begindatum: str, *,
    identificatie: str | None = None, status: str = "1",
) -> Klaar:  # fmt: skip
    """A 305 for the real start; Product as in the toewijzing (IV075)."""

    def maak() -> bytes:
        aanbieder, client, product = _actueel(st, gemeente, nummer)
        regel = _regel(product, nummer, begindatum, status)
        return schrijf.start_305(
            afzender=aanbieder, ontvanger=gemeente, identificatie=identificatie or nieuwe_identificatie("S"),
            dagtekening=klok.vandaag(), client=client, start_producten=[regel],
        )  # fmt: skip

    sleutel = identificatie or f"305 {gemeente} {nummer} {begindatum} {status}"
    return _eenmalig(st, sleutel, identificatie is not None, maak)


def stop(
    st: staat.Staat, gemeente: str, nummer: int, einddatum: str, reden: str, *,
    identificatie: str | None = None, status: str = "1",
) -> Klaar:  # fmt: skip
    """A 307 for the real end, on the last start that is not deleted (20 = for the time being)."""

    def maak() -> bytes:
        aanbieder, client, product = _actueel(st, gemeente, nummer)
        regel = _regel(product, nummer, _laatste_start(st, gemeente, nummer), status)
        regel |= {"reden_beeindiging": reden, "einddatum": einddatum}
        return schrijf.stop_307(
            afzender=aanbieder, ontvanger=gemeente, identificatie=identificatie or nieuwe_identificatie("T"),
            dagtekening=klok.vandaag(), client=client, stop_producten=[regel],
        )  # fmt: skip

    sleutel = identificatie or f"307 {gemeente} {nummer} {einddatum} {reden} {status}"
    return _eenmalig(st, sleutel, identificatie is not None, maak)


def _laatste_start(st: staat.Staat, gemeente: str, nummer: int) -> str:
    starts: list[str] = []
    for levering in staat.leveringen(st.db, gemeente, nummer):
        if levering["soort"] == "start":
            if levering["status_aanlevering"] == "3":
                starts = [s for s in starts if s != levering["begindatum"]]
            else:
                starts.append(levering["begindatum"])
    if not starts:
        raise Onmogelijk("voor deze toewijzing is nog geen start gemeld, dus er valt niets te stoppen")
    return max(starts)


def _regel(product: dict[str, Any], nummer: int, begindatum: str, status: str) -> dict[str, Any]:
    return {
        "toewijzing_nummer": nummer,
        "product": product.get("product"),
        "toewijzing_ingangsdatum": product["ingangsdatum"],
        "begindatum": begindatum,
        "status_aanlevering": status,
    }
