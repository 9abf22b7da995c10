"""The judgement of all prestaties of one client in a 323: credits first, then debets (OP366)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.declaratie.domain.bedragen import contract_on
from services.declaratie.domain.oordeel import judge
from services.declaratie.domain.waarden import Contract, Feiten, Prestatie, Toewijzing, meet

NIET_GECONTROLEERD = "0233"
NA_ALLES = 2**62
"""A receipt number after every other: a trial is judged as the last one in, and waits for nothing."""


@dataclass(slots=True)
class Stand:
    """What is known of the toewijzingen that are named, for one aanbieder; grows while the lines are judged."""

    toewijzingen: Mapping[int, Toewijzing]
    contracten: Sequence[Contract]
    referenties_bekend: set[str] = field(default_factory=set)
    debets: dict[str, Prestatie] = field(default_factory=dict)
    gecrediteerd: set[str] = field(default_factory=set)
    maand: dict[tuple[int, date], int] = field(default_factory=dict)
    totaal: dict[int, int] = field(default_factory=dict)
    cent: dict[int, int] = field(default_factory=dict)

    _open: dict[tuple[int, str, str, date, date], set[str]] = field(init=False)
    _contract: dict[tuple[str, str, date], Contract | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._open = defaultdict(set)
        for referentie, debet in self.debets.items():
            if referentie not in self.gecrediteerd:
                self._open[debet.product_sleutel].add(referentie)

    def open_debet(self, prestatie: Prestatie) -> bool:
        """TR389: an awarded debet line on the same key that was not credited."""
        return bool(self._open[prestatie.product_sleutel])

    def contract(self, prestatie: Prestatie) -> Contract | None:
        """The contract that holds on ProductPeriode.Begindatum; many lines ask for the same one."""
        sleutel = prestatie.categorie, prestatie.code, prestatie.begindatum
        if sleutel not in self._contract:
            self._contract[sleutel] = contract_on(self.contracten, *sleutel)
        return self._contract[sleutel]

    def feiten(self, prestatie: Prestatie, toewijzing: Toewijzing | None, periode_eind: date) -> Feiten:
        nummer, vorig = prestatie.toewijzing_nummer, prestatie.vorig_referentie_nummer
        vorige = self.debets.get(vorig) if vorig else None
        # What another client credited is no fact here: it would make two clients wait for each other.
        if vorige is not None and vorige.toewijzing_nummer != nummer:
            vorige = None
        return Feiten(
            toewijzing=toewijzing,
            contract=self.contract(prestatie),
            declaratie_periode_eind=periode_eind,
            referentie_bekend=prestatie.referentie_nummer in self.referenties_bekend,
            open_debet=self.open_debet(prestatie),
            vorige=vorige,
            vorige_gecrediteerd=vorige is not None and vorig in self.gecrediteerd,
            gebruikt_maand=self.maand.get((nummer, prestatie.maand), 0),
            gebruikt_totaal=self.totaal.get(nummer, 0),
            gebruikt_cent=self.cent.get(nummer, 0),
        )

    def boek(self, prestatie: Prestatie) -> None:
        """An awarded line counts for the next one at once."""
        nummer, teken = prestatie.toewijzing_nummer, -1 if prestatie.is_credit else 1
        volume = teken * meet(prestatie.volume, prestatie.eenheid)
        sleutel = (nummer, prestatie.maand)
        self.maand[sleutel] = self.maand.get(sleutel, 0) + volume
        self.totaal[nummer] = self.totaal.get(nummer, 0) + volume
        self.cent[nummer] = self.cent.get(nummer, 0) + prestatie.bedrag_cent
        if prestatie.is_credit and prestatie.vorig_referentie_nummer:
            self.gecrediteerd.add(prestatie.vorig_referentie_nummer)
            self._open[prestatie.product_sleutel].discard(prestatie.vorig_referentie_nummer)
        else:
            self.debets[prestatie.referentie_nummer] = prestatie
            self._open[prestatie.product_sleutel].add(prestatie.referentie_nummer)


@dataclass(frozen=True, slots=True)
class Deel:
    """The lines of one client in a 323; `periode_eind` of its DeclaratiePeriode, None while the header has not come.

    `dubbel`: lines whose reference is in an earlier part of this 323 too. `uitgewacht`: it lay ready so long that a
    fact which is missing does not come any more.
    """

    bericht_id: str
    deel: int
    ontvangstnummer: int
    aanbieder: str
    client_id: str
    prestaties: tuple[Prestatie, ...]
    periode_eind: date | None = None
    dubbel: frozenset[int] = frozenset()
    uitgewacht: bool = False

    @property
    def is_proef(self) -> bool:
        return self.ontvangstnummer == NA_ALLES

    @property
    def sleutel(self) -> tuple[str, int]:
        return self.bericht_id, self.deel

    @property
    def plek(self) -> tuple[int, int]:
        """Its place in the order of receipt."""
        return self.ontvangstnummer, self.deel


def in_turn(delen: Iterable[Deel]) -> tuple[list[Deel], list[Deel]]:
    """Parts to judge, in order of receipt, and parts that wait: of a client, from the first without a header.

    Of one aanbieder: another one's 323 uses nothing of what this one may.
    """
    rijp: list[Deel] = []
    wacht: list[Deel] = []
    wachtend: set[tuple[str, str]] = set()
    for deel in sorted(delen, key=lambda d: d.plek):
        wie = deel.aanbieder, deel.client_id
        if deel.periode_eind is None:
            wachtend.add(wie)
        (wacht if wie in wachtend and not deel.is_proef else rijp).append(deel)
    return rijp, wacht


@dataclass(frozen=True, slots=True)
class DeelOordeel:
    """The codes of the client, and per line; empty is good."""

    client_codes: tuple[str, ...]
    regels: tuple[tuple[Prestatie, tuple[str, ...]], ...]

    @property
    def toegekend(self) -> tuple[Prestatie, ...]:
        return tuple(p for p, codes in self.regels if not codes)

    @property
    def toegekend_cent(self) -> int:
        return sum(p.bedrag_cent for p in self.toegekend)


def in_order(prestaties: Iterable[Prestatie]) -> list[Prestatie]:
    """OP366: credits before debets, within them the order of the lines."""
    return sorted(prestaties, key=lambda p: (not p.is_credit, p.regel))


def judge_deel(deel: Deel, stand: Stand) -> DeelOordeel:
    """TR304 for the client, else every line; `stand` is updated with what is awarded. The header must have come."""
    client_id, prestaties = deel.client_id, deel.prestaties
    assert deel.periode_eind is not None
    if prestaties and all(
        (t := stand.toewijzingen.get(p.toewijzing_nummer)) is not None and t.client_id != client_id for p in prestaties
    ):
        # TR304: every number belongs to another client. TR314: their references are used all the same.
        stand.referenties_bekend.update(p.referentie_nummer for p in prestaties)
        afgekeurd = tuple((p, (NIET_GECONTROLEERD,)) for p in prestaties)
        return DeelOordeel(("8187",), afgekeurd)
    codes: dict[int, tuple[str, ...]] = {}
    for prestatie in in_order(prestaties):
        toewijzing = stand.toewijzingen.get(prestatie.toewijzing_nummer)
        if toewijzing is not None and toewijzing.client_id != client_id:
            toewijzing = None
        if prestatie.regel in deel.dubbel:
            stand.referenties_bekend.add(prestatie.referentie_nummer)
        codes[prestatie.regel] = tuple(judge(prestatie, stand.feiten(prestatie, toewijzing, deel.periode_eind)))
        stand.referenties_bekend.add(prestatie.referentie_nummer)
        if not codes[prestatie.regel]:
            stand.boek(prestatie)
    return DeelOordeel((), tuple((p, codes[p.regel]) for p in prestaties))


def missing_facts(prestaties: Collection[Prestatie], stand: Stand) -> bool:
    """Whether a toewijzing (9338) or a contract may still be on its way."""
    return any(
        p.toewijzing_nummer not in stand.toewijzingen or (not p.is_credit and stand.contract(p) is None)
        for p in prestaties
    )
