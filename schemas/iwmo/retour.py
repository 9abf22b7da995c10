"""The answers: retours 302, 306, 308, 316, 318, 320 and the 325.

A class of the heenbericht is copied as it was; only its namespace changes and its RetourCodes are added.
"""

from collections.abc import Iterator, Mapping, Sequence
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
Afgekeurd = tuple[etree._Element, Codes, list[tuple[etree._Element, Codes]]]
"""A client of a 323, its codes, and its returned prestaties with theirs."""


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
    inhoud: tuple[Knoop, ...] = ()
    if not _afkeur(header_codes):
        afgekeurd = _afgekeurd(bericht.root[1], client_codes or {}, prestatie_codes or {})
        inhoud = (_declaratie_antwoord(bericht.root[1], afgekeurd, declaratie_codes, toegekend_cent),)
        header_codes = (GEEN_FOUT,)
    header = _header_325(bericht, identificatie, dagtekening, header_codes)
    return gecontroleerd("WMO325", Knoop("Bericht", (header, *inhoud)))


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


def _afgekeurd(
    declaratie: etree._Element,
    client_codes: Mapping[int, Codes],
    prestatie_codes: Mapping[tuple[int, int], Codes],
) -> list[Afgekeurd]:
    """Every client with a rejection."""
    uit = []
    nummers = {i for i, codes in client_codes.items() if _afkeur(codes)}
    nummers |= {i for (i, _), codes in prestatie_codes.items() if _afkeur(codes)}
    clienten = declaratie.find("{*}Clienten")
    assert clienten is not None
    for i in sorted(nummers):
        codes = client_codes.get(i, ())
        prestaties = clienten[i].find("{*}Prestaties")
        assert prestaties is not None
        if _afkeur(codes):
            regels: list[tuple[etree._Element, Codes]] = [(p, (NIET_BEOORDEELD,)) for p in prestaties]
        else:
            rijen = sorted((j, c) for (k, j), c in prestatie_codes.items() if k == i and _afkeur(c))
            regels = [(prestaties[j], c) for j, c in rijen]
        uit.append((clienten[i], codes or (GEEN_FOUT,), regels))
    return uit


def _declaratie_antwoord(
    declaratie: etree._Element,
    afgekeurd: list[Afgekeurd],
    codes: Codes,
    toegekend: int | None,
) -> Knoop:
    delen = {_naam(deel): deel for deel in declaratie}
    ingediend = _cent(delen["TotaalIngediendBedrag"])
    if _afkeur(codes):
        afgekeurd = []
    else:
        codes = (GEEN_FOUT,) if afgekeurd else (TOEGEKEND,)
    if toegekend is None:
        minder = sum(_cent(p.find("{*}IngediendBedrag")) for _, _, regels in afgekeurd for p, _ in regels)
        toegekend = 0 if _afkeur(codes) else ingediend - minder
    clienten = tuple(
        Knoop("Client", (
            _kopie(client[0]),
            Knoop("Prestaties", tuple(_kopie(regel, *_retourcodes(c)) for regel, c in regels)),
            *_retourcodes(client_codes),
        ))
        for client, client_codes, regels in afgekeurd
    )  # fmt: skip
    return Knoop("DeclaratieAntwoord", (
        _kopie(delen["DeclaratieNummer"]),
        _kopie(delen["TotaalIngediendBedrag"]),
        _totaal("TotaalToegekendBedrag", toegekend),
        *((Knoop("Clienten", clienten),) if clienten else ()),
        *_retourcodes(codes),
    ))  # fmt: skip


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
