"""From the bytes of a message to plain data, without a tree: it may cross to another process."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree
from pydantic_core import to_json

from chassis.errors import Bevinding
from schemas.iwmo import bericht as iwmo
from schemas.iwmo import codec, inhoud, rules
from schemas.iwmo.bericht import SOORTEN, Bericht, Header
from schemas.iwmo.structuur import BERICHTEN

_CLIENT = BERICHTEN["WMO323"].kind("Declaratie").kind("Clienten").kind("Client")


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
    soort, root = gelezen.soort.code, gelezen.root
    niveau2 = bevindingen(rules.check(gelezen))
    gegevens = _declaratie(root) if soort == "WMO323" else gelezen.inhoud()
    del root[1:]
    regel = root.sourceline
    kop = b"\n" * (regel - 1 if isinstance(regel, int) else 0) + etree.tostring(root)
    return Ontleed(soort, gelezen.header, kop, gegevens, niveau2)


def bevindingen(gevonden: Iterable[iwmo.Bevinding]) -> list[Bevinding]:
    """Findings of the standard as the findings of a problem document."""
    return [Bevinding(**asdict(een)) for een in gevonden]


def _declaratie(root: etree._Element) -> dict[str, Any]:
    """Client by client, letting each go: the dicts of a full file would take more memory than its tree."""
    clienten = root[1].find("{*}Clienten")
    assert clienten is not None
    delen = []
    for client in clienten:
        regels = inhoud.lees_klasse(_CLIENT, client)
        prestaties = [{"regel": regel, **prestatie} for regel, prestatie in enumerate(regels["prestaties"])]
        delen.append((regels["bsn"], to_json(prestaties)))
        client.clear()
    del clienten[:]
    return {**inhoud.lees("WMO323", root), "delen": delen}
