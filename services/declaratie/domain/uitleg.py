"""Why a line was refused, in plain Dutch: the rule, what is wrong, what to do, and which earlier line it met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Tekst:
    """A retourcode explained; `regel` is the rule of the standard."""

    regel: str
    niveau: int
    melding: str
    volgende_stap: str


UITLEG = MappingProxyType({
    "8187": Tekst("TR304", 3, "De toewijzingen zijn van een andere inwoner.",
                  "Controleer het BSN en declareer bij de juiste inwoner."),
    "0233": Tekst("TR304", 3, "Deze regel is niet beoordeeld, omdat de inwoner niet klopt.",
                  "Verbeter eerst de inwoner en dien de regel opnieuw in."),
    "9338": Tekst("TR338", 3, "Dit toewijzingnummer is bij deze gemeente en aanbieder niet bekend.",
                  "Neem het nummer over uit de toewijzing (301)."),
    "9384": Tekst("TR384", 3, "De toewijzing is verwijderd.",
                  "Declareer niet op dit nummer. Vraag de gemeente welke toewijzing geldt."),
    "9339": Tekst("TR339", 3, "De productcategorie is een andere dan in de toewijzing.",
                  "Neem de categorie over uit de toewijzing."),
    "9340": Tekst("TR340", 3, "De productcode is een andere dan in de toewijzing.",
                  "Neem de productcode over uit de toewijzing."),
    "S329": Tekst("TR381", 4, "De productcode hoort niet bij deze categorie.",
                  "Controleer de categorie en de code van het product."),
    "9307": Tekst("TR307", 3, "De periode begint voor de toewijzing.",
                  "Laat de periode beginnen op of na de ingangsdatum van de toewijzing."),
    "9308": Tekst("TR308", 3, "De periode eindigt na de toewijzing.",
                  "Laat de periode eindigen op of voor de einddatum van de toewijzing."),
    "9387": Tekst("TR387", 3, "De periode begint niet op de goede dag.",
                  "Begin op de eerste van de maand, of op de ingangsdatum als die later in de maand ligt."),
    "9388": Tekst("TR388", 3, "De periode eindigt niet op de goede dag.",
                  "Eindig op de laatste dag van de maand, of op de einddatum als die eerder in de maand ligt."),
    "9319": Tekst("TR319", 3, "De periode ligt na de maand van de declaratie.",
                  "Zet de regel in de declaratie van die maand of van een latere maand."),
    "9341": Tekst("TR341", 3, "De eenheid past niet bij de toewijzing.",
                  "Declareer in de eenheid van de toewijzing of het contract."),
    "0611": Tekst("TR418", 4, "Het tarief is niet dat van het contract, of er is geen contract.",
                  "Neem het tarief van het contract over. Mist het contract, neem dan contact op met de gemeente."),
    "9346": Tekst("TR346", 4, "Het bedrag is niet volume maal tarief.",
                  "Reken het bedrag opnieuw uit. Reken minuten met het hele uurtarief en rond aan het eind af."),
    "8021": Tekst("TR314", 3, "Het referentienummer is al gebruikt.",
                  "Geef de regel een nieuw referentienummer, ook als de vorige regel is afgekeurd."),
    "9389": Tekst("TR389", 3, "Voor dit product en deze periode is al een regel goedgekeurd.",
                  "Crediteer eerst die regel. Dien daarna een nieuwe regel in met het hele volume."),
    "8017": Tekst("TR323", 3, "Er is geen goedgekeurde regel die gelijk is aan deze credit.",
                  "Neem alles over van de goedgekeurde regel. Een afgekeurde regel hoeft u niet te crediteren."),
    "9390": Tekst("TR390", 3, "De regel is al een keer gecrediteerd.",
                  "Doe niets: er is al gecrediteerd."),
    "9321": Tekst("TR321", 3, "Het volume past niet in deze periode.",
                  "Declareer hoogstens wat in de periode over is. Meer nodig? Vraag een wijziging aan (317)."),
    "9322": Tekst("TR322", 3, "Het volume past niet meer in de toewijzing.",
                  "Declareer hoogstens wat in totaal over is. Meer nodig? Vraag een wijziging aan (317)."),
    "9369": Tekst("TR369", 3, "Het bedrag past niet meer in het budget van de toewijzing.",
                  "Declareer hoogstens wat van het budget over is. Meer nodig? Vraag een wijziging aan (317)."),
    "9333": Tekst("TR333", 3, "Het declaratienummer is al gebruikt.",
                  "Geef de declaratie een nieuw nummer en dien haar opnieuw in."),
    "8214": Tekst("TR318", 3, "De maand sluit niet aan op de vorige declaratie.",
                  "Dien eerst de overgeslagen maand in. Een oudere maand zet u in de declaratie van nu."),
})  # fmt: skip
"""Every retourcode that declaratie gives, on a line, a client or a whole declaratie."""


@dataclass(frozen=True, slots=True)
class Boekregel:
    """A judged line with its place in the order of judgement, oldest first in every list of them."""

    declaratie_id: str
    referentie_nummer: str
    vorig_referentie_nummer: str | None
    product_sleutel: tuple[str, str, str, str]
    is_credit: bool
    retourcodes: tuple[str, ...]

    @property
    def toegekend(self) -> bool:
        return not self.retourcodes


def earlier_line(regels: Sequence[Boekregel], plek: int) -> Mapping[str, Boekregel]:
    """Retourcode -> the earlier line of this toewijzing that caused it; `""` -> the debet of an awarded credit.

    9389 the open debet of the same product and period, 8017 what the credit points at, 9390 the credit before it.
    """
    return dict(_earlier(regels[plek], regels[:plek]))


def _earlier(regel: Boekregel, eerder: Sequence[Boekregel]) -> Iterator[tuple[str, Boekregel]]:
    if "9389" in regel.retourcodes:
        zelfde = (e for e in eerder if e.toegekend and not e.is_credit and e.product_sleutel == regel.product_sleutel)
        yield from (("9389", debet) for debet in zelfde)
    if not regel.is_credit:
        return
    # A refused line may bear the same number; an awarded one is what was meant.
    debets = [e for e in eerder if e.referentie_nummer == regel.vorig_referentie_nummer and not e.is_credit]
    for debet in sorted(debets, key=lambda e: e.toegekend)[-1:]:
        yield ("8017" if "8017" in regel.retourcodes else ""), debet
    if "9390" in regel.retourcodes:
        for credit in eerder:
            if credit.toegekend and credit.vorig_referentie_nummer == regel.vorig_referentie_nummer:
                yield "9390", credit
