"""Een toewijzing en haar versies: soorten waarden, actuele versie, status, inhoud van een 301."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

VERWIJDERD = "13"
VERVALLEN_CORRECTIE = "01"
TOTAAL = "6"


@dataclass(frozen=True, slots=True)
class Product:
    """Product van een 301: specifiek met code, aspecifiek zonder."""

    categorie: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Omvang:
    """Volume per frequentie in een eenheid (WJ756, WMO757)."""

    volume: int
    eenheid: str
    frequentie: str


@dataclass(frozen=True, slots=True)
class Versie:
    """Een versie van een toewijzing, zoals zij in een 301 staat.

    `status` is verzonden, goedgekeurd of afgekeurd, naar de 302. `eigen_fout`: de 302 keurde deze
    klasse zelf af, dus opnieuw zenden helpt niet.
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

    @property
    def verwijderd(self) -> bool:
        """OP087: reden 13 (of de oude 01) met einddatum = ingangsdatum telt als nooit verzonden."""
        return self.reden_wijziging in (VERWIJDERD, VERVALLEN_CORRECTIE) and self.einddatum == self.ingangsdatum


@dataclass(frozen=True, slots=True)
class Fout:
    """Een regel die een besluit verbiedt. `pad` is een JSON-pointer in de opdracht."""

    regel: str
    melding: str
    volgende_stap: str
    pad: str | None = None


@dataclass(frozen=True, slots=True)
class Regel301:
    """Een ToegewezenProduct in een 301: de versie, en of zij sinds de vorige 301 wijzigde (IV099)."""

    versie: Versie
    gewijzigd: bool
    referentie_aanbieder: str | None = None


def actuele_versie(versies: Iterable[Versie]) -> Versie | None:
    """IV013: de hoogste niet-afgekeurde versie, ongeacht de volgorde van ontvangst; None als er geen is."""
    geldig = [v for v in versies if v.status != "afgekeurd"]
    return max(geldig, key=lambda v: v.versie, default=None)


def te_zenden_versie(versies: Iterable[Versie]) -> Versie | None:
    """OP087: de versie die de volgende 301 draagt.

    Een besluit dat met een heel bericht werd afgekeurd gaat opnieuw mee; een versie die zelf fout was niet.
    """
    return max((v for v in versies if not v.eigen_fout), key=lambda v: v.versie, default=None)


def toewijzing_status(versie: Versie, vandaag: date) -> str:
    """Status voor de buitenwereld: toekomstig, actief, ingetrokken, verwijderd of verlopen."""
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
    """OP087: alle nummers die vandaag of later gelden, plus alles wat wijzigde sinds de vorige 301.

    `verzonden` noemt (nummer, versie) uit elke eerdere 301 die niet is afgekeurd; wat daar niet in
    staat is gewijzigd. Een verwijderd nummer dat al gemeld is, is niet actueel en blijft weg.
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
    """IV013: Toewijzingsdatum/-tijd van een nieuwe versie, minstens een seconde na de vorige.

    `besluit_lokaal` is de wandkloktijd in Amsterdam. Na het einde van de zomertijd kan een later besluit
    een eerdere kloktijd hebben; dan telt de vorige versie plus een seconde.
    """
    lokaal = besluit_lokaal.replace(tzinfo=None, microsecond=0)
    if vorige is not None:
        minimaal = datetime.combine(vorige.toewijzingsdatum, vorige.toewijzingstijd) + timedelta(seconds=1)
        lokaal = max(lokaal, minimaal)
    return lokaal.date(), lokaal.time()


def toets_besluitmoment(besluit_at: datetime, nu: datetime, vorige: Versie | None) -> list[Fout]:
    """IV013, TR134: een besluit ligt niet in de toekomst en niet voor het vorige besluit."""
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
