"""Our own XSDs, made from `structuur`. `python -m schemas.iwmo.xsd` writes the files again."""

import threading
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from schemas.iwmo.codes import codelijst
from schemas.iwmo.structuur import BASIS_NS, BERICHTEN, MAP, SAMENGESTELD, WAARDEN, Element, Waarde, namespace

_van_deze_draad = threading.local()
_KOP = '<?xml version="1.0" encoding="UTF-8"?>\n'


def schema(code: str) -> etree.XMLSchema:
    """The compiled XSD of a message, loaded once in a thread: its error log is not for two at a time."""
    schemas = _van_deze_draad.__dict__
    if code not in schemas:
        schemas[code] = etree.XMLSchema(etree.parse(MAP / f"{code}.xsd", etree.XMLParser(no_network=True)))
    compiled: etree.XMLSchema = schemas[code]
    return compiled


def basisschema() -> str:
    """The XSD of all LDT and CDT types."""
    regels = [f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:iwmo="{BASIS_NS}"',
              f'    targetNamespace="{BASIS_NS}" elementFormDefault="qualified">']  # fmt: skip
    for naam, kinderen in SAMENGESTELD.items():
        regels += [f'  <xs:complexType name="CDT_{naam}"><xs:sequence>',
                   *(f"    {_los(kind)}/>" for kind in kinderen), "  </xs:sequence></xs:complexType>"]  # fmt: skip
    for waarde in WAARDEN.values():
        facetten = "".join(_facetten(waarde))
        regels.append(f'  <xs:simpleType name="LDT_{waarde.naam}"><xs:restriction base="xs:{waarde.basis}">'
                      f"{facetten}</xs:restriction></xs:simpleType>")  # fmt: skip
    return _KOP + "\n".join([*regels, "</xs:schema>"]) + "\n"


def bericht_xsd(code: str) -> str:
    """The XSD of one message."""
    ns = namespace(code)
    regels = [f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:iwmo="{BASIS_NS}"',
              f'    targetNamespace="{ns}" elementFormDefault="qualified">',
              f'  <xs:import namespace="{BASIS_NS}" schemaLocation="basisschema.xsd"/>',
              *_element(BERICHTEN[code], 2), "</xs:schema>"]  # fmt: skip
    return _KOP + "\n".join(regels) + "\n"


def _facetten(waarde: Waarde) -> Iterator[str]:
    lengte = waarde.basis == "string"
    if waarde.minimum is not None:
        yield f'<xs:{"minLength" if lengte else "minInclusive"} value="{waarde.minimum}"/>'
    if waarde.maximum is not None:
        yield f'<xs:{"maxLength" if lengte else "maxInclusive"} value="{waarde.maximum}"/>'
    if waarde.patroon:
        yield f"<xs:pattern value={quoteattr(waarde.patroon)}/>"
    for code in codelijst(waarde.lijst) if waarde.lijst else ():
        yield f'<xs:enumeration value="{code}"/>'


def _soort(element: Element) -> str:
    return f"iwmo:{'CDT' if element.type in SAMENGESTELD else 'LDT'}_{element.type}"


def _los(element: Element) -> str:
    keer = (' minOccurs="0"' if element.optioneel else "") + (' maxOccurs="unbounded"' if element.meervoudig else "")
    soort = "" if element.type is None or element.patroon else f' type="{_soort(element)}"'
    return f'<xs:element name="{element.naam}"{soort}{keer}'


def _element(element: Element, diepte: int) -> Iterator[str]:
    wit = " " * diepte
    if element.type is None:
        yield f"{wit}{_los(element)}><xs:complexType><xs:sequence>"
        for kind in element.kinderen:
            yield from _element(kind, diepte + 2)
        yield f"{wit}</xs:sequence></xs:complexType></xs:element>"
    elif element.patroon:
        yield (f'{wit}{_los(element)}><xs:simpleType><xs:restriction base="{_soort(element)}">'
               f'<xs:pattern value="{escape(element.patroon)}"/>'
               f"</xs:restriction></xs:simpleType></xs:element>")  # fmt: skip
    else:
        yield f"{wit}{_los(element)}/>"


def bestanden() -> dict[str, str]:
    """File name -> text of every XSD."""
    return {"basisschema.xsd": basisschema()} | {f"{code}.xsd": bericht_xsd(code) for code in BERICHTEN}


if __name__ == "__main__":
    for naam, tekst in bestanden().items():
        (MAP / naam).write_text(tekst, encoding="utf-8")
