"""The facts on which a prestatie is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MINUUT, UUR, ETMAAL, DAGDEEL, STUKS, EURO = "01", "04", "14", "16", "82", "83"
PER_DAG, PER_WEEK, PER_MAAND, TOTAAL = "1", "2", "4", "6"
VERWIJDERD = "13"


@dataclass(frozen=True, slots=True)
class Omvang:
    """CDT_Omvang: volume per frequentie in a unit."""

    volume: int
    eenheid: str
    frequentie: str


@dataclass(frozen=True, slots=True)
class Toewijzing:
    """The last version that was not refused."""

    nummer: int
    client_id: str
    aanbieder: str
    ingangsdatum: date
    einddatum: date | None = None
    categorie: str | None = None
    code: str | None = None
    omvang: Omvang | None = None
    budget_cent: int | None = None
    reden_wijziging: str | None = None
    variant: str = "inspanning"


@dataclass(frozen=True, slots=True)
class Contract:
    """The agreement that holds on ProductPeriode.Begindatum."""

    categorie: str
    code: str | None
    eenheid: str | None
    tarief_cent: int | None
    minuten_toegestaan: bool
    geldig_vanaf: date
    geldig_tot: date | None = None


@dataclass(frozen=True, slots=True)
class Prestatie:
    """A line of a 323; amounts are always positive, debet_credit gives the direction."""

    regel: int
    referentie_nummer: str
    toewijzing_nummer: int
    categorie: str
    code: str
    begindatum: date
    einddatum: date
    volume: int
    eenheid: str
    tarief_cent: int | None
    ingediend_cent: int
    debet_credit: str = "D"
    vorig_referentie_nummer: str | None = None

    @property
    def is_credit(self) -> bool:
        return self.debet_credit == "C"

    @property
    def bedrag_cent(self) -> int:
        """The amount with its sign."""
        return -self.ingediend_cent if self.is_credit else self.ingediend_cent

    @property
    def maand(self) -> date:
        """The calendar month of the ProductPeriode (CS337)."""
        return self.begindatum.replace(day=1)

    @property
    def product_sleutel(self) -> tuple[int, str, str, date, date]:
        """TR389: one debet per toewijzing, product and period."""
        return self.toewijzing_nummer, self.categorie, self.code, self.begindatum, self.einddatum


@dataclass(frozen=True, slots=True)
class Feiten:
    """What is settled for a prestatie, under the lock of its toewijzing."""

    toewijzing: Toewijzing | None
    contract: Contract | None
    declaratie_periode_eind: date
    referentie_bekend: bool = False
    open_debet: bool = False
    vorige: Prestatie | None = None
    vorige_gecrediteerd: bool = False
    gebruikt_maand: int = 0
    gebruikt_totaal: int = 0
    gebruikt_cent: int = 0


def meet(volume: int, eenheid: str) -> int:
    """Volume in the measure of the grootboek: hours as minutes, so that both add up (TR341)."""
    return volume * 60 if eenheid == UUR else volume
