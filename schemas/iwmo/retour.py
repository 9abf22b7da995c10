"""The answers: retours 302, 306, 308, 316, 318, 320 and the 325.

A class of the heenbericht is copied as it was; only its namespace changes and its RetourCodes are added.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from schemas.iwmo import bouw, codec
from schemas.iwmo.bericht import Bericht
from schemas.iwmo.bouw import Knoop
from schemas.iwmo.inhoud import TEKEN
from schemas.iwmo.schrijf import gecontroleerd
from schemas.iwmo.structuur import BASIS_NS, BERICHTEN, Element

GEEN_FOUT = "0200"
NIET_BEOORDEELD = "0233"
TOEGEKEND = "8001"
_GEEN_AFKEUR = frozenset({GEEN_FOUT, TOEGEKEND})

Codes = Sequence[str]


@dataclass(frozen=True)
class Afkeuring:
    """What is refused of a client of a 323: itself (`codes`), or some of its prestaties by their place from 0."""

    codes: Codes = ()
    prestaties: Mapping[int, Codes] = field(default_factory=dict)


def retour(
    origineel: bytes | Bericht,
    *,
    identificatie: str,
    dagtekening: date,
    header_codes: Codes = (),
    codes: Mapping[str, Codes] | None = None,
) -> bytes:
    """The retour on a message that is valid according to its XSD (processes.md 8.1).

    No codes: full approval, a Header without RetourCodes. `header_codes`: a Header with those, alone.
    `codes`: Header 0200 and the whole content; a key is the end of the path of a class ('Client',
    'StartProduct[1]', 'Relatie[1]/Contact'), a class that is not named gets 0200.
    Raises ValueError for a key without a class.
    """
    bericht = codec.parse(origineel) if isinstance(origineel, bytes) else origineel
    assert bericht.soort.retour is not None
    soort = bericht.soort.retour
    heen = BERICHTEN[bericht.soort.code]
    klassen: tuple[Knoop, ...] = ()
    header_codes = header_codes if _afkeur(header_codes) else ()
    if codes and not header_codes:
        onbekend = set(codes)
        klassen = (_klasse(heen.kinderen[1], bericht.root[1], "/Bericht", codes, onbekend),)
        if onbekend:
            raise ValueError("retourcodes for a class that is not in the message")
        header_codes = (GEEN_FOUT,)
    header = Knoop("Header", (
        Knoop("BerichtCode", BERICHTEN[soort].kind("Header").kind("BerichtCode").patroon or ""),
        *(_kopie(deel) for deel in list(bericht.root[0])[1:]),
        Knoop("IdentificatieRetour", identificatie),
        Knoop("DagtekeningRetour", dagtekening.isoformat()),
        _xsd_versie("XsdVersieRetour"),
        *_retourcodes(header_codes),
    ))  # fmt: skip
    return gecontroleerd(soort, Knoop("Bericht", (header, *klassen)))


def antwoord_325(
    origineel_323: bytes | Bericht,
    *,
    identificatie: str,
    dagtekening: date,
    header_codes: Codes = (),
    declaratie_codes: Codes = (),
    toegekend_cent: int | None = None,
    client_codes: Mapping[int, Codes] | None = None,
    prestatie_codes: Mapping[tuple[int, int], Codes] | None = None,
) -> bytes:
    """The 325 on a 323 (processes.md 8.2): only rejected prestaties, and the total of the others (TR342).

    Client i and prestatie j count from 0; a rejected client brings all its prestaties, with 0233.
    Without `toegekend_cent` the awarded total is what follows from the rejections.
    """
    bericht = codec.parse(origineel_323) if isinstance(origineel_323, bytes) else origineel_323
    if _afkeur(header_codes):
        header = _header_325(bericht, identificatie, dagtekening, header_codes)
        return gecontroleerd("WMO325", Knoop("Bericht", (header,)))
    afkeuringen: dict[int, Afkeuring] = {}
    if not _afkeur(declaratie_codes):
        afkeuringen = _afkeuringen(client_codes or {}, prestatie_codes or {})
        declaratie_codes = (GEEN_FOUT,) if afkeuringen else (TOEGEKEND,)
    if toegekend_cent is None:
        toegekend_cent = 0 if _afkeur(declaratie_codes) else _wat_overblijft(bericht, afkeuringen)
    antwoord = Antwoord325(
        bericht,
        identificatie=identificatie,
        dagtekening=dagtekening,
        declaratie_codes=declaratie_codes,
        toegekend_cent=toegekend_cent,
        met_clienten=bool(afkeuringen),
    )
    return b"".join((antwoord.kop, *antwoord.clienten(bericht, afkeuringen), antwoord.einde))


class Antwoord325:
    """A 325 in pieces, so that an answer to a large file never stands in memory whole.

    The document is `kop`, then what `clienten` gives for the refused clients, in order and in any number of calls
    (none at all without `met_clienten`), then `einde`. `origineel` needs no clients of its own.
    """

    def __init__(
        self,
        origineel: Bericht,
        *,
        identificatie: str,
        dagtekening: date,
        declaratie_codes: Codes,
        toegekend_cent: int,
        met_clienten: bool,
    ) -> None:
        delen = {_naam(deel): deel for deel in origineel.root[1]}
        leeg = Knoop("Client", "")
        inhoud = Knoop("DeclaratieAntwoord", (
            _kopie(delen["DeclaratieNummer"]),
            _kopie(delen["TotaalIngediendBedrag"]),
            _totaal("TotaalToegekendBedrag", toegekend_cent),
            *((Knoop("Clienten", (leeg,)),) if met_clienten else ()),
            *_retourcodes(declaratie_codes),
        ))  # fmt: skip
        header = _header_325(origineel, identificatie, dagtekening, (GEEN_FOUT,))
        geheel = bouw.schrijf("WMO325", Knoop("Bericht", (header, inhoud)))
        # Nothing else is written as an empty Client: it marks where the clients come.
        self.kop, _, self.einde = geheel.partition(bouw.schrijf_deel(leeg, diepte=3))
        if not met_clienten:
            codec.parse(geheel)

    def clienten(self, bericht: Bericht, afkeuringen: Mapping[int, Afkeuring]) -> list[bytes]:
        """The refused clients of `bericht`, by their place in it from 0; each piece is valid by the XSD."""
        if not afkeuringen:
            return []
        bron = bericht.root[1].find("{*}Clienten")
        assert bron is not None
        stukken = [
            bouw.schrijf_deel(_afgekeurde_client(bron[plaats], afkeuring), diepte=3)
            for plaats, afkeuring in sorted(afkeuringen.items())
        ]
        codec.parse(b"".join((self.kop, *stukken, self.einde)))
        return stukken


def _header_325(bericht: Bericht, identificatie: str, dagtekening: date, codes: Codes) -> Knoop:
    """A 325 is a heenbericht with its own Afzender; TR337 and TR371: it names the 323 it answers."""
    bron = {_naam(deel): deel for deel in bericht.root[0]}
    eigen = (("Identificatie", identificatie), ("Dagtekening", dagtekening.isoformat()))
    return Knoop("Header", (
        Knoop("BerichtCode", BERICHTEN["WMO325"].kind("Header").kind("BerichtCode").patroon or ""),
        _kopie(bron["BerichtVersie"]),
        _kopie(bron["BerichtSubversie"]),
        Knoop("Afzender", bericht.header.ontvanger),
        Knoop("Ontvanger", bericht.header.afzender),
        Knoop("BerichtIdentificatie", tuple(Knoop(naam, waarde, basis=True) for naam, waarde in eigen)),
        _xsd_versie("XsdVersie"),
        _kopie(bron["BerichtIdentificatie"], naam="DeclaratieIdentificatie"),
        _kopie(bron["XsdVersie"], naam="XsdVersieDeclaratie"),
        *_retourcodes(codes),
    ))  # fmt: skip


def _afkeuringen(
    client_codes: Mapping[int, Codes], prestatie_codes: Mapping[tuple[int, int], Codes]
) -> dict[int, Afkeuring]:
    """Every client with a rejection, by its place."""
    uit: dict[int, dict[int, Codes]] = {i: {} for i, codes in client_codes.items() if _afkeur(codes)}
    for (i, j), codes in prestatie_codes.items():
        if _afkeur(codes):
            uit.setdefault(i, {})[j] = codes
    return {i: Afkeuring(client_codes.get(i, ()), prestaties) for i, prestaties in uit.items()}


def _afgekeurde_client(client: etree._Element, afkeuring: Afkeuring) -> Knoop:
    regels = _regels(client, afkeuring)
    return Knoop("Client", (
        _kopie(client[0]),
        Knoop("Prestaties", tuple(_kopie(regel, *_retourcodes(codes)) for regel, codes in regels)),
        *_retourcodes(afkeuring.codes or (GEEN_FOUT,)),
    ))  # fmt: skip


def _regels(client: etree._Element, afkeuring: Afkeuring) -> list[tuple[etree._Element, Codes]]:
    """The prestaties that go back with a client, and their codes."""
    prestaties = client.find("{*}Prestaties")
    assert prestaties is not None
    if _afkeur(afkeuring.codes):
        return [(prestatie, (NIET_BEOORDEELD,)) for prestatie in prestaties]
    return [(prestaties[plaats], codes) for plaats, codes in sorted(afkeuring.prestaties.items())]


def _wat_overblijft(bericht: Bericht, afkeuringen: Mapping[int, Afkeuring]) -> int:
    """In cents: what was claimed, without what goes back (TR342)."""
    clienten = bericht.root[1].find("{*}Clienten")
    ingediend = bericht.root[1].find("{*}TotaalIngediendBedrag")
    assert clienten is not None
    minder = sum(
        _cent(regel.find("{*}IngediendBedrag"))
        for plaats, afkeuring in afkeuringen.items()
        for regel, _ in _regels(clienten[plaats], afkeuring)
    )
    return _cent(ingediend) - minder


def _klasse(
    klasse: Element,
    knoop: etree._Element,
    boven: str,
    codes: Mapping[str, Codes],
    onbekend: set[str],
    rang: int = 0,
) -> Knoop:
    pad = f"{boven}/{klasse.naam}" + (f"[{rang}]" if klasse.meervoudig else "")
    per_naam = {kind.naam: kind for kind in klasse.kinderen}
    delen: list[Knoop] = []
    for nummer, deel in enumerate(knoop, 1):
        kind = per_naam[_naam(deel)]
        delen.append(_kopie(deel) if kind.type else _klasse(kind, deel, pad, codes, onbekend, nummer))
    if not klasse.houder:
        gevonden = [sleutel for sleutel in codes if pad.endswith("/" + sleutel.lstrip("/"))]
        onbekend.difference_update(gevonden)
        eigen = [code for sleutel in gevonden for code in codes[sleutel]]
        delen += _retourcodes(eigen or (GEEN_FOUT,))
    return Knoop(klasse.naam, tuple(delen))


def _kopie(knoop: etree._Element, *extra: Knoop, naam: str | None = None) -> Knoop:
    basis = str(knoop.tag).startswith("{" + BASIS_NS)
    inhoud = tuple(_kopie(kind) for kind in knoop) + extra
    return Knoop(naam or _naam(knoop), inhoud or knoop.text or "", basis)


def _retourcodes(codes: Codes) -> Iterator[Knoop]:
    if codes:
        yield Knoop("RetourCodes", tuple(Knoop("RetourCode", code) for code in dict.fromkeys(codes)))


def _xsd_versie(naam: str) -> Knoop:
    versies = bouw.XSD_VERSIE
    return Knoop(naam, (
        Knoop("BasisschemaXsdVersie", versies["basisschema_xsd_versie"], basis=True),
        Knoop("BerichtXsdVersie", versies["bericht_xsd_versie"], basis=True),
    ))  # fmt: skip


def _totaal(naam: str, cent: int) -> Knoop:
    return Knoop(naam, (
        Knoop("TotaalBedrag", str(abs(cent)), basis=True),
        Knoop("DebetCredit", "C" if cent < 0 else "D", basis=True),
    ))  # fmt: skip


def _cent(bedrag: etree._Element | None) -> int:
    assert bedrag is not None
    return int(bedrag[0].text or 0) * TEKEN[bedrag[1].text or "D"]


def _afkeur(codes: Codes) -> bool:
    return any(code not in _GEEN_AFKEUR for code in codes)


def _naam(knoop: etree._Element) -> str:
    return str(knoop.tag).rpartition("}")[2]
