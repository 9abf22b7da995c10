"""From the bytes of a message to plain data, without a tree: it may cross to another process."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree
from pydantic_core import to_json

from chassis.errors import Bevinding
from chassis.vingerafdruk import fingerprint, pack
from schemas.iwmo import bericht as iwmo
from schemas.iwmo import codec, rules
from schemas.iwmo.bericht import SOORTEN, Bericht, Header
from schemas.iwmo.guard import guard
from schemas.iwmo.stroom import GROEP_BYTES, NietGeldig, Stroom


@dataclass(frozen=True)
class Ontleed:
    """A message that is right by its XSD: its Header as XML, its content, and its faults of level 2.

    Of a 323 `inhoud` has `delen` in place of `clienten`: per client the BSN and its prestaties as JSON. And
    `referenties`, packed fingerprints, and `dubbele_regels`: per part the lines that repeat a reference of an earlier
    part.
    """

    soort: str
    header: Header
    kop: bytes
    inhoud: dict[str, Any]
    niveau2: list[Bevinding]

    def bericht(self) -> Bericht:
        """The message with nothing but its Header; every path and line in it is that of the file."""
        return Bericht(SOORTEN[self.soort], self.header, etree.fromstring(self.kop))


def ontleed(raw: bytes, groot_bytes: int = 2 * GROEP_BYTES) -> Ontleed:
    """Guard, parse, and judge levels 1 and 2; raises NietLeesbaar for level 1.

    A declaratie of more than `groot_bytes` is read some clients at a time, to the same end.
    """
    if len(raw) > groot_bytes and guard(raw).code == "WMO323":
        with suppress(NietGeldig):
            return _in_groepen(raw)
    gelezen = codec.parse(raw)
    niveau2 = bevindingen(rules.check(gelezen))
    soort, inhoud = gelezen.soort.code, gelezen.inhoud()
    if soort == "WMO323":
        delen = _Delen()
        for client in inhoud["clienten"]:
            delen.add(client)
        inhoud = delen.in_place_of_clienten(inhoud)
    return Ontleed(soort, gelezen.header, _kop(gelezen.root), inhoud, niveau2)


def _in_groepen(raw: bytes) -> Ontleed:
    stroom = Stroom(raw)
    delen = _Delen()

    def clienten() -> Iterator[dict[str, Any]]:
        for client in stroom.clienten():
            delen.add(client)
            yield client

    kop = stroom.kop
    niveau2 = bevindingen(rules.check_clienten(kop, clienten(), stroom.zoek))
    return Ontleed(kop.soort.code, kop.header, _kop(kop.root), delen.in_place_of_clienten(kop.inhoud()), niveau2)


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


class _Delen:
    """The clients of a 323 in the smallest shape that can cross to another process, gathered one by one."""

    def __init__(self) -> None:
        self._delen: list[tuple[str, bytes]] = []
        self._referenties: set[str] = set()
        self._dubbel: dict[int, list[int]] = {}

    def add(self, client: dict[str, Any]) -> None:
        prestaties = client["prestaties"]
        referenties = [een["referentie_nummer"] for een in prestaties]
        if dubbel := [regel for regel, referentie in enumerate(referenties) if referentie in self._referenties]:
            self._dubbel[len(self._delen)] = dubbel
        self._referenties.update(referenties)
        self._delen.append((client["bsn"], to_json([{"regel": r, **een} for r, een in enumerate(prestaties)])))

    def in_place_of_clienten(self, inhoud: dict[str, Any]) -> dict[str, Any]:
        return {naam: waarde for naam, waarde in inhoud.items() if naam != "clienten"} | {
            "delen": self._delen,
            "referenties": pack(sorted(map(fingerprint, self._referenties))),
            "dubbele_regels": self._dubbel,
        }
