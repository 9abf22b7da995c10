"""From the bytes of a message to plain data, without a tree: it may cross to another process."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree
from pydantic_core import to_json

from chassis.errors import Bevinding
from schemas.iwmo import bericht as iwmo
from schemas.iwmo import codec, rules
from schemas.iwmo.bericht import SOORTEN, Bericht, Header


@dataclass(frozen=True)
class Ontleed:
    """A message that is right by its XSD: its Header as XML, its content, and its faults of level 2.

    Of a 323 `inhoud` has `delen` in place of `clienten`: per client the BSN and its prestaties as JSON.
    """

    soort: str
    header: Header
    kop: bytes
    inhoud: dict[str, Any]
    niveau2: list[Bevinding]

    def bericht(self) -> Bericht:
        """The message with nothing but its Header; every path and line in it is that of the file."""
        return Bericht(SOORTEN[self.soort], self.header, etree.fromstring(self.kop))


def ontleed(raw: bytes) -> Ontleed:
    """Guard, parse, and judge levels 1 and 2; raises NietLeesbaar for level 1."""
    gelezen = codec.parse(raw)
    del raw
    niveau2 = bevindingen(rules.check(gelezen))
    soort, header, inhoud, kop = gelezen.soort.code, gelezen.header, gelezen.inhoud(), _kop(gelezen.root)
    # The tree of a full file takes the most memory of all, and is not needed any more.
    del gelezen
    return Ontleed(soort, header, kop, _in_delen(inhoud) if soort == "WMO323" else inhoud, niveau2)


def _kop(root: etree._Element) -> bytes:
    """The root with a copy of its Header: taking the rest out of the tree costs its size squared."""
    kaal = etree.Element(root.tag, nsmap=root.nsmap)  # type: ignore[arg-type]  # None is the default namespace
    kaal.text = root.text
    kaal.append(deepcopy(root[0]))
    regel = root.sourceline
    return b"\n" * (regel - 1 if isinstance(regel, int) else 0) + etree.tostring(kaal)


def bevindingen(gevonden: Iterable[iwmo.Bevinding]) -> list[Bevinding]:
    """Findings of the standard as the findings of a problem document."""
    return [Bevinding(**asdict(een)) for een in gevonden]


def _in_delen(inhoud: dict[str, Any]) -> dict[str, Any]:
    """A declaratie with its clients as JSON: the smallest shape that can cross to another process."""
    delen = [
        (
            client["bsn"],
            to_json([{"regel": regel, **prestatie} for regel, prestatie in enumerate(client["prestaties"])]),
        )
        for client in inhoud["clienten"]
    ]
    return {naam: waarde for naam, waarde in inhoud.items() if naam != "clienten"} | {"delen": delen}
