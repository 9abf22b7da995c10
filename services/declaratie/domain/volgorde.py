"""The order of receipt: what must be judged first, whatever came first over the wire."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.declaratie.domain.deel import Deel


@dataclass(frozen=True, slots=True)
class Eerdere:
    """An accepted declaratie with parts that are not judged yet, by the fingerprints of what knooppunt found in it.

    `clienten` gives the parts that a client may be in; a fingerprint may be of another name too.
    """

    bericht_id: str
    aanbieder: str
    ontvangstnummer: int
    clienten: Mapping[int, Sequence[int]]
    referenties: frozenset[int]


def by_client(vingerafdrukken: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """Fingerprints of clients in the order of their parts -> per fingerprint the parts."""
    delen: dict[int, list[int]] = {}
    for deel, client in enumerate(vingerafdrukken):
        delen.setdefault(client, []).append(deel)
    return delen


@dataclass(frozen=True, slots=True)
class Kenmerk:
    """The fingerprints of a part: its client, and the references of its lines."""

    client: int
    referenties: frozenset[int]


def may_be_of(deel: Deel, kenmerk: Kenmerk, eerdere: Iterable[Eerdere]) -> Iterator[tuple[str, int]]:
    """Parts received before this one that may be of its client."""
    for een in _before(deel, eerdere):
        yield from ((een.bericht_id, deel) for deel in een.clienten.get(kenmerk.client, ()))


def after_earlier(
    rijp: Sequence[tuple[Deel, Kenmerk]], eerdere: Collection[Eerdere], beoordeeld: Collection[tuple[str, int]]
) -> tuple[list[Deel], list[Deel]]:
    """Parts to judge now, and parts that wait for one received earlier; `rijp` is in order of receipt.

    A part waits for an unjudged part of its client, which uses the same volume, and for a declaratie that is not
    closed and may hold one of its references (TR314). Nothing else waits: other clients go on.
    """
    nu: list[Deel] = []
    later: list[Deel] = []
    klaar = set(beoordeeld)
    for deel, kenmerk in rijp:
        wacht_op_client = any(een not in klaar for een in may_be_of(deel, kenmerk, eerdere))
        if wacht_op_client or any(not kenmerk.referenties.isdisjoint(e.referenties) for e in _before(deel, eerdere)):
            later.append(deel)
        else:
            klaar.add(deel.sleutel)
            nu.append(deel)
    return nu, later


def _before(deel: Deel, eerdere: Iterable[Eerdere]) -> Iterator[Eerdere]:
    if not deel.is_proef:
        yield from (e for e in eerdere if e.aanbieder == deel.aanbieder and e.ontvangstnummer < deel.ontvangstnummer)
