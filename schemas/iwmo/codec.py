"""Reads a message: guard, tree, XSD. Whatever comes out is valid on level 1."""

import contextlib
from datetime import date
from typing import Any

from lxml import etree

from schemas.iwmo.bericht import Bericht, Bevinding, Header, NietLeesbaar, Soort
from schemas.iwmo.fouten import FOUTEN_MAX, bereik_fouten, guard_fout, xsd_fouten
from schemas.iwmo.guard import guard
from schemas.iwmo.xsd import schema

_KLEIN_BYTES = 64 * 1024
_STUK = 16 * 1024
_TE_GROOT = {etree.ErrorTypes.ERR_INTERNAL_ERROR, etree.ErrorTypes.ERR_NAME_TOO_LONG, 114}
"""What libxml2 calls a text of more than 10 MB or a depth of more than 256 (114: XML_ERR_RESOURCE_LIMIT)."""


def parse(raw: bytes) -> Bericht:
    """Read one message. Raises NietLeesbaar with every XSD fault at once (RS rules, CS015, CS025, CS319).

    Of more than FOUTEN_MAX faults the first are told, and that there are more.
    """
    soort = guard(raw)
    root = _in_een_keer(soort, raw) if len(raw) > _KLEIN_BYTES else None
    if root is None:
        root = _boom(raw)
        fouten = _oordeel(soort, root)
        if fouten:
            raise NietLeesbaar(fouten, 422)
    try:
        bericht = Bericht(soort, _header(root[0]), root)
        bericht.inhoud()
    except ValueError:
        raise NietLeesbaar(bereik_fouten(soort, root), 422) from None
    return bericht


def _oordeel(soort: Soort, root: etree._Element) -> tuple[Bevinding, ...]:
    xsd = schema(soort.code)
    try:
        return () if xsd.validate(root) else xsd_fouten(soort, root, xsd.error_log)
    except etree.XMLSchemaValidateError:
        # A text that the patterns of the XSD cannot take.
        raise guard_fout("TEKST", 413) from None


def heropen(raw: bytes) -> Bericht:
    """A message that was valid when it came in, or some clients of it between its own begin and end: no XSD."""
    soort, root = guard(raw), _boom(raw)
    return Bericht(soort, _header(root[0]), root)


def probeer(soort: Soort, raw: bytes) -> Bericht | None:
    """A message whose bytes passed the guard, or some clients of one; None when `parse` would refuse it."""
    try:
        root = _boom(raw)
        if not schema(soort.code).validate(root):
            return None
        bericht = Bericht(soort, _header(root[0]), root)
        bericht.inhoud()
    except (NietLeesbaar, ValueError, etree.XMLSchemaValidateError):
        return None
    return bericht


def _parser(**anders: Any) -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                           huge_tree=False, remove_comments=True, remove_pis=True, **anders)  # fmt: skip


def _boom(raw: bytes) -> etree._Element:
    try:
        root = etree.fromstring(raw, _parser())
    except etree.XMLSyntaxError as fout:
        te_groot = getattr(fout, "code", None) in _TE_GROOT
        raise guard_fout("TEKST" if te_groot else "XML", 413 if te_groot else 415, fout.lineno) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise guard_fout("DOCTYPE", 422)
    return root


def _in_een_keer(soort: Soort, raw: bytes) -> etree._Element | None:
    """The tree of a big message that is valid, judged while it is read; None when it is not.

    Every fault that the validation of a tree reports costs a walk along all its siblings, so a megabyte of empty
    elements would take minutes and a full file hours. While reading it stops after FOUTEN_MAX faults.
    """
    lezer = _parser(schema=schema(soort.code))
    try:
        for begin in range(0, len(raw), _STUK):
            lezer.feed(raw[begin : begin + _STUK])
            if len(lezer.feed_error_log) > FOUTEN_MAX:
                raise NietLeesbaar(_eerste_fouten(soort, raw[: begin + _STUK]), 422)
        root: etree._Element = lezer.close()
    except etree.XMLSyntaxError:
        return None  # judged with its line when the tree is made
    finally:
        # What was read so far is only let go by closing.
        with contextlib.suppress(etree.XMLSyntaxError):
            lezer.close()
    return None if root.getroottree().docinfo.internalDTD is not None else root


def _eerste_fouten(soort: Soort, begin: bytes) -> tuple[Bevinding, ...]:
    root = etree.fromstring(begin, _parser(recover=True))
    paden, knoop = set[str](), root
    while knoop is not None:
        paden.add(root.getroottree().getpath(knoop))
        knoop = knoop[-1] if len(knoop) else None
    xsd = schema(soort.code)
    xsd.validate(root)
    return xsd_fouten(soort, root, xsd.error_log, open_paden=paden)


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
