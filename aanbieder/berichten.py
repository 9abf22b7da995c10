"""Builds and sends the provider's own messages; here the start, the stop and a ready-made file.

A message is stored before it leaves and leaves byte for byte as stored, so after a crash the
same bytes go again and the knooppunt gives its first answer.
"""

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aanbieder import klok, levering, staat, verwerk
from aanbieder.knooppunt import Geweigerd, Knooppunt
from schemas.iwmo import codec, rules, schrijf
from schemas.iwmo.bericht import Bevinding, NietLeesbaar

EIGEN_SOORTEN = {"WMO305", "WMO307", "WMO315", "WMO317", "WMO323"}
ONDERWEG = ("te_versturen", "verstuurd")
GELDT = (*ONDERWEG, "goedgekeurd", "beantwoord")
"""A message in one of these states was not refused: doing the same act again sends it again."""


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


def regel_van(bevinding: Bevinding) -> str:
    """A finding as one line: rule, what is wrong, what is expected, where."""
    waar = f"{bevinding.pad}, regel {bevinding.regelnummer}" if bevinding.regelnummer else bevinding.pad
    return f"{bevinding.regel}: {bevinding.melding} Verwacht: {bevinding.verwacht} ({waar})"


def leg_klaar(st: staat.Staat, raw: bytes, *, sleutel: str | None = None) -> Klaar:
    """Pre-check a message of our own at level 2 and on its Header, and store it.

    The same bytes are stored once. Raises NietLeesbaar (level 1) and Onmogelijk; then nothing is stored.
    """
    bericht = codec.parse(raw)
    soort, ident = bericht.soort.code, bericht.header.identificatie
    if soort not in EIGEN_SOORTEN:
        raise Onmogelijk("een aanbieder verstuurt zelf alleen een 305, 307, 315, 317 of 323")
    gemeente, aanbieder = verwerk.partijen(bericht)
    with st.tx() as db:
        eerder = staat.bericht_op_som(db, "uit", raw)
        if eerder is not None:
            return Klaar(eerder["volgnr"], eerder["identificatie"], raw)
        bekend = staat.identificatie_bekend(db, "uit", soort, gemeente, ident)
        bevindingen = rules.check(bericht) or rules.check_header(bericht, klok.vandaag(), bekend)
        if bevindingen:
            raise Onmogelijk(
                "het bericht voldoet niet aan de regels en is niet verstuurd", [regel_van(b) for b in bevindingen]
            )
        volgnr = staat.bewaar_bericht(
            db, richting="uit", soort=soort, identificatie=ident, gemeente=gemeente, aanbieder=aanbieder,
            dagtekening=str(bericht.header.dagtekening), xml=raw, status="te_versturen", sleutel=sleutel,
        )  # fmt: skip
        verwerk.verstuurd(db, bericht, bericht.inhoud(), volgnr)
    return Klaar(volgnr, ident, raw)


async def verstuur(st: staat.Staat, knooppunt: Knooppunt, klaar: Klaar) -> str:
    """Hand a stored message in; its bericht_id. Done again, it gives the same one."""
    try:
        bewijs = await knooppunt.lever_in(klaar.xml)
    except Geweigerd as fout:
        if fout.status in (400, 403, 413, 415, 422):  # these bytes will not be taken from us
            with st.tx() as db:
                staat.zet_status(db, klaar.volgnr, "geweigerd")
        raise
    with st.tx() as db:
        staat.zet_verstuurd(db, klaar.volgnr, bewijs["bericht_id"], bewijs.get("antwoord_uiterlijk"))
    return str(bewijs["bericht_id"])


def eenmalig(
    st: staat.Staat, sleutel: str, maak: Callable[[], bytes], statussen: tuple[str, ...] | None = GELDT
) -> Klaar:
    """The message of this act: an earlier one in one of these states (None = any), else a new one.

    So an act that a crash interrupted, or that is done twice, sends the same bytes.
    """
    eerder = staat.bericht_op_sleutel(st.db, sleutel)
    if eerder is not None and (statussen is None or eerder["status"] in statussen):
        return Klaar(eerder["volgnr"], eerder["identificatie"], eerder["xml"])
    try:
        raw = maak()
    except NietLeesbaar as fout:
        raise Onmogelijk("hiervan is geen geldig bericht te maken", [regel_van(b) for b in fout.bevindingen]) from None
    return leg_klaar(st, raw, sleutel=sleutel)


def aanbieder_van(st: staat.Staat, gemeente: str) -> str:
    """Our own AGB, as the municipality addressed us."""
    rij = st.db.execute("SELECT aanbieder FROM toewijzingen WHERE gemeente = ? LIMIT 1", (gemeente,)).fetchone()
    if rij is None:
        raise Onmogelijk("van deze gemeente is hier geen toewijzing: geef de eigen AGB-code op met --aanbieder")
    return str(rij["aanbieder"])


def _actueel(st: staat.Staat, gemeente: str, nummer: int) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(aanbieder, client, product) of the actual version of a toewijzing."""
    rijen = staat.versies(st.db, gemeente, nummer)
    if not rijen:
        raise Onmogelijk("deze toewijzing is hier niet bekend: haal eerst de berichten op met synchroniseer")
    laatste = rijen[-1]
    client = staat.client(st.db, gemeente, laatste["bsn"])
    assert client is not None  # stored with the version
    return laatste["aanbieder"], client, staat.gegevens(laatste)


def start(
    st: staat.Staat, gemeente: str, nummer: int, begindatum: str, *,
    identificatie: str | None = None, status: str = "1",
) -> Klaar:  # fmt: skip
    """A 305 for the real start; Product as in the toewijzing (IV075). Status 3 takes a start back (IV008)."""

    def maak() -> bytes:
        aanbieder, client, product = _actueel(st, gemeente, nummer)
        regel = _regel(product, nummer, begindatum, status)
        return schrijf.start_305(
            afzender=aanbieder, ontvanger=gemeente, identificatie=identificatie or nieuwe_identificatie("S"),
            dagtekening=klok.vandaag(), client=client, start_producten=[regel],
        )  # fmt: skip

    return _regiebericht(st, identificatie, f"305 {gemeente} {nummer} {begindatum} {status}", maak)


def stop(
    st: staat.Staat, gemeente: str, nummer: int, einddatum: str, reden: str, *,
    identificatie: str | None = None, status: str = "1",
) -> Klaar:  # fmt: skip
    """A 307 for the real end, on the last start that is not deleted (20 = for the time being)."""

    def maak() -> bytes:
        aanbieder, client, product = _actueel(st, gemeente, nummer)
        begindatum = levering.laatste_start(staat.leveringen(st.db, gemeente, nummer))
        if begindatum is None:
            raise Onmogelijk("voor deze toewijzing is nog geen start gemeld, dus er valt niets te stoppen")
        regel = _regel(product, nummer, begindatum, status)
        regel |= {"reden_beeindiging": reden, "einddatum": einddatum}
        return schrijf.stop_307(
            afzender=aanbieder, ontvanger=gemeente, identificatie=identificatie or nieuwe_identificatie("T"),
            dagtekening=klok.vandaag(), client=client, stop_producten=[regel],
        )  # fmt: skip

    return _regiebericht(st, identificatie, f"307 {gemeente} {nummer} {einddatum} {reden} {status}", maak)


def _regiebericht(st: staat.Staat, identificatie: str | None, daad: str, maak: Callable[[], bytes]) -> Klaar:
    """An Identificatie of the caller stands for one message for good.

    Without one, only a message that is still under way is this act again: a start that was deleted may be
    sent anew.
    """
    return eenmalig(st, identificatie or daad, maak, None if identificatie else ONDERWEG)


def _regel(product: dict[str, Any], nummer: int, begindatum: str, status: str) -> dict[str, Any]:
    return {
        "toewijzing_nummer": nummer,
        "product": product["product"],
        "toewijzing_ingangsdatum": product["ingangsdatum"],
        "begindatum": begindatum,
        "status_aanlevering": status,
    }
