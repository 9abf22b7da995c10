"""A toewijzing and its versions: kinds of values, actual version, status, content of a 301."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

VERWIJDERD = "13"
VERVALLEN_CORRECTIE = "01"
TOTAAL = "6"


@dataclass(frozen=True, slots=True)
class Product:
    """Product of a 301: specifiek with a code, aspecifiek without."""

    categorie: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Omvang:
    """Volume per frequentie in a unit (WJ756, WMO757)."""

    volume: int
    eenheid: str
    frequentie: str


@dataclass(frozen=True, slots=True)
class Versie:
    """One version of a toewijzing, as it stands in a 301.

    `status` is verzonden, goedgekeurd or afgekeurd, by its 302. `eigen_fout`: the 302 refused this class
    itself, so sending it again does not help. `ontvangen_at`: when it first lay in the mailbox of the provider.
    """

    nummer: int
    versie: int
    aanbieder: str
    product: Product | None
    omvang: Omvang | None
    budget_cent: int | None
    ingangsdatum: date
    einddatum: date | None
    besluit_at: datetime
    toewijzingsdatum: date
    toewijzingstijd: time
    variant: str
    reden_wijziging: str | None = None
    commentaar: str | None = None
    status: str = "verzonden"
    eigen_fout: bool = False
    ingetrokken: bool = False
    ontvangen_at: datetime | None = field(default=None, compare=False)

    @property
    def verwijderd(self) -> bool:
        """OP087: reden 13 (or the old 01) with einddatum = ingangsdatum counts as never sent."""
        return self.reden_wijziging in (VERWIJDERD, VERVALLEN_CORRECTIE) and self.einddatum == self.ingangsdatum


@dataclass(frozen=True, slots=True)
class Fout:
    """A rule that forbids a decision. `pad` is a JSON pointer into the command."""

    regel: str
    melding: str
    volgende_stap: str
    pad: str | None = None


@dataclass(frozen=True, slots=True)
class Regel301:
    """A ToegewezenProduct in a 301: the version, and whether it changed since the previous 301 (IV099)."""

    versie: Versie
    gewijzigd: bool
    referentie_aanbieder: str | None = None


def actuele_versie(versies: Iterable[Versie]) -> Versie | None:
    """IV013: the highest version not refused, whatever the order of receipt; None when there is none."""
    geldig = [v for v in versies if v.status != "afgekeurd"]
    return max(geldig, key=lambda v: v.versie, default=None)


def te_zenden_versie(versies: Iterable[Versie]) -> Versie | None:
    """OP087: the version that the next 301 carries.

    A decision that was refused with a whole message goes again; a version that was wrong itself does not.
    """
    return max((v for v in versies if not v.eigen_fout), key=lambda v: v.versie, default=None)


def na_302(versie: Versie, statussen: Collection[str], zelf_fout: bool) -> tuple[str, bool]:
    """OP286: (status, eigen_fout) of a version, from what became of every 301 that held it.

    Approved as soon as one of them is, refused when all are; `zelf_fout`: the 302 named this class itself.
    """
    status = next(s for s in ("goedgekeurd", "verzonden", "afgekeurd") if s in statussen)
    return status, status == "afgekeurd" and (versie.eigen_fout or zelf_fout)


def toewijzing_status(versie: Versie, vandaag: date) -> str:
    """Status for the outside: toekomstig, actief, ingetrokken, verwijderd or verlopen."""
    if versie.verwijderd:
        return "verwijderd"
    if versie.ingetrokken:
        return "ingetrokken"
    if versie.einddatum is not None and versie.einddatum < vandaag:
        return "verlopen"
    return "toekomstig" if versie.ingangsdatum > vandaag else "actief"


def inhoud_301(
    versies_per_nummer: Mapping[int, Sequence[Versie]],
    verzonden: frozenset[tuple[int, int]],
    vandaag: date,
) -> list[Regel301]:
    """OP087: all numbers that hold today or later, plus all that changed since the previous 301.

    `verzonden` names (nummer, versie) of every earlier 301 that was not refused; what is not in it has
    changed. A deleted number that was told already is not actual and stays away.
    """
    regels = []
    for _, versies in sorted(versies_per_nummer.items()):
        versie = te_zenden_versie(versies)
        if versie is None:
            continue
        gewijzigd = (versie.nummer, versie.versie) not in verzonden
        geldig = versie.einddatum is None or versie.einddatum >= vandaag
        if gewijzigd or (geldig and not versie.verwijderd):
            regels.append(Regel301(versie, gewijzigd))
    return regels


def besluitmoment(besluit_lokaal: datetime, vorige: Versie | None) -> tuple[date, time]:
    """IV013: Toewijzingsdatum/-tijd of a new version, at least one second after the previous one.

    `besluit_lokaal` is wall-clock time in Amsterdam. After the end of summer time a later decision can have
    an earlier wall-clock time; then the previous version plus one second counts.
    """
    lokaal = besluit_lokaal.replace(tzinfo=None, microsecond=0)
    if vorige is not None:
        minimaal = datetime.combine(vorige.toewijzingsdatum, vorige.toewijzingstijd) + timedelta(seconds=1)
        lokaal = max(lokaal, minimaal)
    return lokaal.date(), lokaal.time()


def toets_besluitmoment(besluit_at: datetime, nu: datetime, vorige: Versie | None) -> list[Fout]:
    """IV013, TR134: a decision lies neither in the future nor before the previous one."""
    fouten = []
    if besluit_at > nu:
        fouten.append(
            Fout(
                "TR134",
                "Het besluit ligt in de toekomst.",
                "Geef het moment van het besluit op.",
                "/besluit_at",
            )
        )
    if vorige is not None and besluit_at < vorige.besluit_at:
        fouten.append(
            Fout(
                "IV013",
                "Het besluit ligt voor dat van de vorige versie van deze toewijzing.",
                "Geef een later besluitmoment op, of laat het weg.",
                "/besluit_at",
            )
        )
    return fouten
