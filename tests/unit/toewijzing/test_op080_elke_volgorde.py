"""OP080, G5: messages about one client end in the same state in every order, and none is refused for its order.

A fault of absence waits, as the waiting queue of the chassis does: after each message that could go on, what
waits is offered again, oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations

import pytest

from services.toewijzing.domain import verzoek
from services.toewijzing.domain.levering import (
    Levering,
    Oordeel,
    Start,
    StartRegel,
    Stop,
    StopRegel,
    beoordeel_start,
    beoordeel_stop,
    stand_van,
)
from services.toewijzing.domain.toewijzing import Omvang, Versie, actuele_versie, na_302, te_zenden_versie
from services.toewijzing.domain.wijziging import Wijziging, wijzig
from tests.unit.toewijzing.een import een_start, een_stop, een_versie

NUMMER = 610001
DAG = date(2026, 4, 1)
HERSTART = een_start(begindatum=date(2026, 5, 4))


@dataclass(frozen=True)
class Stand:
    """What the municipality knows of one client at one provider."""

    versies: tuple[Versie, ...] = (een_versie(),)
    levering: Levering = Levering()
    verzoeken: tuple[str, ...] = ()

    def buitenkant(self) -> object:
        actueel = actuele_versie(self.versies)
        statussen = sorted((v.versie, v.status, v.einddatum) for v in self.versies)
        return actueel, statussen, self.levering, stand_van(self.levering, NUMMER), self.verzoeken


class Wacht(Exception):
    pass


Bericht = Callable[[Stand], Stand]


def _geleverd(stand: Stand, oordeel: Oordeel) -> Stand:
    if oordeel.wacht:
        raise Wacht
    assert not oordeel.afgekeurd, oordeel.codes
    return replace(stand, levering=oordeel.na)


def start(wat: Start, status: str = "1") -> Bericht:
    return lambda s: _geleverd(s, beoordeel_start([StartRegel(wat, status)], s.levering, frozenset({NUMMER})))


def stop(wat: Stop, status: str = "1") -> Bericht:
    return lambda s: _geleverd(s, beoordeel_stop([StopRegel(wat, status)], s.levering, frozenset({NUMMER})))


def verlenging(stand: Stand) -> Stand:
    """A second version, decided by the municipality while messages are on their way."""
    basis = te_zenden_versie(stand.versies)
    assert basis is not None
    nieuw, fouten = wijzig(basis, Wijziging(frozenset({"einddatum"}), "04", date(2026, 12, 31)), DAG)
    assert not fouten
    return replace(stand, versies=(*stand.versies, replace(nieuw, versie=2, status="verzonden")))


def antwoord_302(uitkomst: str) -> Bericht:
    """The 302 on the 301 with the first version."""

    def verwerk(stand: Stand) -> Stand:
        def na(v: Versie) -> Versie:
            if v.versie != 1:
                return v
            status, fout = na_302(v, {uitkomst}, zelf_fout=False)
            return replace(v, status=status, eigen_fout=fout)

        return replace(stand, versies=tuple(na(v) for v in stand.versies))

    return verwerk


def vow(stand: Stand) -> Stand:
    """A 317 for more hours a week."""
    actueel = actuele_versie(stand.versies)
    feiten = verzoek.Feiten(
        verzoek.actuele_toewijzingen([actueel] if actueel else [], DAG), frozenset(), bool(stand.verzoeken)
    )
    gewenst = verzoek.TeWijzigen(NUMMER, date(2026, 5, 4), date(2026, 7, 31), Omvang(5, "04", "2"), None)
    assert verzoek.beoordeel_vow(verzoek.Wijzigingsverzoek("R", (), (gewenst,), ()), feiten, DAG) == {}
    return replace(stand, verzoeken=(*stand.verzoeken, "R"))


def speel(berichten: Sequence[Bericht]) -> Stand:
    """One order of arrival; a message that still waits at the end is refused, and that fails."""
    stand, wachtend = Stand(), list[Bericht]()
    for bericht in berichten:
        wachtend.append(bericht)
        klaar = False
        while not klaar:
            klaar = True
            for plek, ander in enumerate(wachtend):
                try:
                    stand = ander(stand)
                except Wacht:
                    continue
                del wachtend[plek]
                klaar = False
                break
    assert not wachtend, "refused for its order alone"
    return stand


VERHALEN: dict[str, list[Bericht]] = {
    "301, 302, 305, 307, delete, 317": [
        verlenging, antwoord_302("goedgekeurd"), start(een_start()), stop(een_stop("20")), stop(een_stop("20"), "3"), vow,
    ],
    "een stop wordt in twee berichten hersteld": [
        start(een_start()), stop(een_stop("22")), stop(een_stop("22"), "3"), antwoord_302("goedgekeurd"), verlenging,
    ],
    "een start wordt ingetrokken": [
        start(een_start()), start(een_start(), "3"), verlenging, antwoord_302("goedgekeurd"), vow,
    ],
    "gestopt, opnieuw gestart en weer gestopt": [
        start(een_start()), stop(een_stop("23")), start(HERSTART), stop(Stop(HERSTART, "19", date(2026, 6, 30))),
        verlenging, antwoord_302("goedgekeurd"),
    ],
    "twee leveringen na elkaar": [
        start(een_start()), stop(een_stop("19")), antwoord_302("goedgekeurd"),
        start(een_start(begindatum=date(2026, 4, 20))), stop(een_stop("20", date(2026, 5, 1), begindatum=date(2026, 4, 20))),
    ],
}  # fmt: skip


@pytest.mark.parametrize("verhaal", VERHALEN)
def test_op080_elke_volgorde_van_hoogstens_zes_berichten_eindigt_gelijk(verhaal: str) -> None:
    berichten = VERHALEN[verhaal]
    verwacht = speel(berichten).buitenkant()
    for volgorde in permutations(berichten):
        assert speel(volgorde).buitenkant() == verwacht


def test_op080_een_geweigerde_301_maakt_geen_verschil_voor_de_verlenging() -> None:
    weigering = antwoord_302("afgekeurd")
    een, ander = speel([verlenging, weigering]), speel([weigering, verlenging])
    assert een.buitenkant() == ander.buitenkant()
