"""Reads a message: guard, tree, XSD. Whatever comes out is valid on level 1."""

from datetime import date

from lxml import etree

from schemas.iwmo.bericht import Bericht, Header, NietLeesbaar
from schemas.iwmo.fouten import guard_fout, xsd_fouten
from schemas.iwmo.guard import guard
from schemas.iwmo.xsd import schema


def parse(raw: bytes) -> Bericht:
    """Read one message. Raises NietLeesbaar with every XSD fault at once (RS rules, CS015, CS025, CS319)."""
    soort = guard(raw)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                             huge_tree=True, remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as fout:
        raise guard_fout("XML", 415, regelnummer=fout.lineno) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise guard_fout("DOCTYPE", 422)
    xsd = schema(soort.code)
    if not xsd.validate(root):
        raise NietLeesbaar(xsd_fouten(soort, root, xsd.error_log), 422)
    return Bericht(soort, _header(root[0]), root)


def _header(knoop: etree._Element) -> Header:
    def tekst(pad: str) -> str | None:
        return knoop.findtext("/".join(f"{{*}}{deel}" for deel in pad.split("/")))

    def dag(pad: str) -> date | None:
        waarde = tekst(pad)
        return date.fromisoformat(waarde.strip()) if waarde else None

    dagtekening = dag("BerichtIdentificatie/Dagtekening")
    assert dagtekening is not None  # the XSD demands it
    return Header(
        afzender=tekst("Afzender") or "",
        ontvanger=tekst("Ontvanger") or "",
        identificatie=tekst("BerichtIdentificatie/Identificatie") or "",
        dagtekening=dagtekening,
        identificatie_retour=tekst("IdentificatieRetour"),
        dagtekening_retour=dag("DagtekeningRetour"),
        declaratie_identificatie=tekst("DeclaratieIdentificatie/Identificatie"),
        declaratie_dagtekening=dag("DeclaratieIdentificatie/Dagtekening"),
        retourcodes=tuple(e.text or "" for e in knoop.iterfind("{*}RetourCodes/{*}RetourCode")),
    )
