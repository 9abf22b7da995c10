"""The commands and their arguments, with help in Dutch."""

import argparse
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from aanbieder import rekenen, urenlijst

EXITCODES = """\
exitcodes
  0  goed: goedgekeurd of ingeleverd (ook een 325 met afgekeurde regels)
  1  afgekeurd: met een retour, door de controle vooraf of door het knooppunt,
     of het knooppunt is niet bereikbaar; niets gaat verloren
  2  het bericht voldoet niet aan het schema, of de opdracht is verkeerd geschreven
"""

UITLEG = f"""\
De kant van de aanbieder in de keten: berichten ontvangen, beoordelen, beantwoorden,
maken en inleveren. Alles wat heen en weer gaat staat in een map (--staat).

{EXITCODES}
omgeving
  ZORGKETEN_KNOOPPUNT  adres van het knooppunt, als --knooppunt ontbreekt
  ZORGKETEN_TOKEN      toegangstoken, als --token en --token-bestand ontbreken

voorbeeld
  export ZORGKETEN_KNOOPPUNT=http://127.0.0.1:8101
  python -m aanbieder --staat praktijk --token-bestand token.txt synchroniseer
  python -m aanbieder --staat praktijk toewijzingen
"""

# argparse speaks English and repeats what was typed; these are its messages, without any value
_FOUTEN = (
    (r"the following arguments are required: (.+)", "er ontbreekt: {}"),
    (r"one of the arguments (.+) is required", "kies een van: {}"),
    (r"argument (.+?): not allowed with argument (.+)", "{} en {} gaan niet samen"),
    (r"argument (.+?): invalid choice: .*\(choose from (.+)\)", "{}: kies uit {}"),
    (r"argument (.+?): expected .+", "{}: hier hoort een waarde achter"),
    (r"argument (.+?): invalid .+ value: .+", "{}: de waarde is niet goed geschreven"),
    (r"argument (.+?): (.+)", "{}: {}"),
    (r"unrecognized arguments: .+", "er staat iets te veel op de regel"),
)


class _Vorm(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "gebruik: " if prefix is None else prefix)


class Lezer(argparse.ArgumentParser):
    """An argument parser that speaks Dutch."""

    def __init__(self, **opties: Any) -> None:
        """As argparse, with the titles and the help option in Dutch."""
        super().__init__(**opties, formatter_class=_Vorm, add_help=False)
        self._positionals.title, self._optionals.title = "argumenten", "opties"
        self.add_argument("-h", "--help", action="help", help="toon deze uitleg")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, and stop with 2."""
        for patroon, tekst in _FOUTEN:
            if gevonden := re.fullmatch(patroon, message, re.DOTALL):
                message = tekst.format(*gevonden.groups())
                break
        self.exit(2, f"{self.prog}: {message}\nzie: {self.prog} --help\n")


def lezer() -> Lezer:
    """The whole command line."""
    p = Lezer(prog="python -m aanbieder", description=UITLEG)
    p.add_argument(
        "--staat", type=Path, required=True, metavar="MAP", help="map waarin alles wordt bewaard, een per AGB-code"
    )
    p.add_argument("--knooppunt", metavar="URL", help="adres van het knooppunt")
    p.add_argument("--token", help="toegangstoken; liever --token-bestand, want een opdrachtregel is te lezen")
    p.add_argument("--token-bestand", type=Path, metavar="BESTAND", help="bestand met het toegangstoken")
    p.add_argument("--json", action="store_true", help="toon als JSON")
    sub = p.add_subparsers(dest="opdracht", required=True, metavar="OPDRACHT", title="opdrachten", parser_class=Lezer)
    _berichten(sub)
    _leveren(sub)
    _vragen(sub)
    _declareren(sub)
    _lijsten(sub)
    return p


def _opdracht(sub: Any, naam: str, kort: str, lang: str = "") -> argparse.ArgumentParser:
    deel: argparse.ArgumentParser = sub.add_parser(naam, help=kort, description=f"{kort}.\n\n{lang}".strip())
    # also after the command; SUPPRESS keeps what was given before it
    deel.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="toon als JSON")
    return deel


def _berichten(sub: Any) -> None:
    deel = _opdracht(sub, "ontvang", "beoordeel berichten uit bestanden", """\
Beoordeelt een 301, 319, 325 of een retour (306, 308, 316, 318) en bewaart hem. De 302 of 320
komt op standaarduitvoer en in MAP/uit/. Dezelfde bytes nog eens geven hetzelfde antwoord.
Wat er fout is staat op de foutuitvoer.

""" + EXITCODES)  # fmt: skip
    deel.add_argument("bestand", type=Path, nargs="+", metavar="BESTAND")
    deel = _opdracht(
        sub,
        "verstuur",
        "lever kant-en-klare berichten in",
        """\
Een 305, 307, 315, 317 of 323 uit een bestand wordt eerst hier gecontroleerd, dan bewaard en
ingeleverd. Nog eens versturen kan geen kwaad: het knooppunt geeft zijn eerste antwoord.""",
    )
    deel.add_argument("bestand", type=Path, nargs="+", metavar="BESTAND")
    _opdracht(sub, "synchroniseer", "leeg de postbus, beoordeel en beantwoord", """\
Haalt op wat nieuw is, beoordeelt het, levert de 302 of 320 in en bevestigt de ontvangst.
Ook eigen berichten die nog niet weg waren gaan nu. Breekt het af, geef de opdracht dan
opnieuw: er gaat niets verloren en niets gaat dubbel.""")  # fmt: skip


def _leveren(sub: Any) -> None:
    for naam, kort in (("start", "meld de start van een levering (305)"), ("stop", "meld het einde (307)")):
        deel = _opdracht(sub, naam, kort, "Client en product komen uit de toewijzing.")
        deel.add_argument("--gemeente", required=True, type=gemeente, help="code van de gemeente, 4 cijfers")
        deel.add_argument("--verwijder", action="store_true", help="neem een eerdere melding terug (status 3)")
        deel.add_argument("nummer", type=int, metavar="NUMMER", help="nummer van de toewijzing")
        deel.add_argument("datum", type=dag, metavar="DATUM", help="bijvoorbeeld 2026-02-04")
        if naam == "stop":
            deel.add_argument("--reden", required=True, help="reden beeindiging; 20 is tijdelijk")


def _vragen(sub: Any) -> None:
    deel = _opdracht(sub, "verzoek", "vraag om een toewijzing (315) of een wijziging (317)")
    soorten = deel.add_subparsers(dest="soort", required=True, metavar="SOORT", title="soorten", parser_class=Lezer)
    vot = _opdracht(
        soorten,
        "vot",
        "verzoek om toewijzing (315)",
        """\
Het bestand is TOML (of JSON, met de uitgang .json):

  gemeente = "1695"
  aanbieder = "75750101"          # alleen nodig zonder eerdere toewijzing
  [client]                        # alleen bsn is genoeg als de client bekend is
  bsn = "999900080"
  geboortedatum = "1950-05-17"
  geslacht = "2"
  naam = {achternaam = "Testduin", voorletters = "A"}
  [[aangevraagde_producten]]
  referentie_aanbieder = "REF-7001"   # weglaten mag
  product = {categorie = "02", code = "02A05"}
  toewijzing_ingangsdatum = "2026-03-16"
  toewijzing_einddatum = "2026-12-31"
  omvang = {volume = 3, eenheid = "04", frequentie = "2"}
  verwijzer = {type = "01"}
""",
    )
    vot.add_argument("bestand", type=Path, metavar="BESTAND")
    vow = _opdracht(
        soorten,
        "vow",
        "verzoek om wijziging (317)",
        """\
Noem alleen wat moet veranderen; de andere actuele toewijzingen van de client gaan als
ongewijzigd mee. Voor een toewijzing kan dat met opties, voor meer met een bestand:

  gemeente = "0664"
  bsn = "999900018"               # alleen nodig als er niets verandert en er iets bij komt
  [[te_wijzigen_producten]]
  toewijzing_nummer = 610001
  gewenste_ingangsdatum = "2026-05-04"
  volume = 5                      # de rest blijft zoals hij is
  [[nieuwe_producten]]
  product = {categorie = "07", code = "07A12"}
  gewenste_ingangsdatum = "2026-05-04"
  einddatum = "2026-07-31"
  omvang = {volume = 2, eenheid = "16", frequentie = "2"}
""",
    )
    vow.add_argument("bestand", type=Path, nargs="?", metavar="BESTAND")
    vow.add_argument("--gemeente", type=gemeente, help="code van de gemeente, 4 cijfers")
    vow.add_argument("--nummer", type=int, help="nummer van de toewijzing die moet veranderen")
    vow.add_argument("--vanaf", type=dag, metavar="DATUM", help="gewenste ingangsdatum")
    vow.add_argument("--tot", type=dag, metavar="DATUM", help="andere einddatum")
    vow.add_argument("--volume", type=heel, help="ander volume")
    vow.add_argument("--budget-cent", type=heel, help="ander budget")
    vow.add_argument("--reden", choices=["1", "2"], help="reden van het verzoek (WJ758)")


def _declareren(sub: Any) -> None:
    kolommen = "\n".join(f"  {naam:<18} {uitleg}" for naam, uitleg in urenlijst.KOLOMMEN.items())
    deel = _opdracht(
        sub,
        "declareer",
        "maak van een CSV een declaratie (323)",
        f"""\
Een regel per toewijzing en maand. Product, eenheid en periode komen uit de toewijzing, het
bedrag is volume maal tarief. Hetzelfde bestand nog eens geeft dezelfde declaratie.

kolommen
{kolommen}

voorbeeld
  toewijzing_nummer,volume,tarief_cent
  610001,12,5875
""",
    )
    deel.add_argument("bestand", type=Path, metavar="BESTAND.csv")
    deel.add_argument("--periode", required=True, type=periode, help="maand, bijvoorbeeld 2026-02")
    deel.add_argument("--gemeente", type=gemeente, help="als een nummer bij meer dan een gemeente bekend is")
    deel = _opdracht(
        sub,
        "corrigeer",
        "crediteer een toegekende prestatie en dien haar juist in (323)",
        """\
De credit en de nieuwe prestatie gaan in een declaratie. Met --volume 0 alleen de credit.""",
    )
    deel.add_argument("referentie", metavar="REFERENTIE", help="referentienummer van de prestatie")
    _volume(deel, verplicht=True)
    deel = _opdracht(
        sub,
        "opnieuw",
        "dien afgekeurde prestaties opnieuw in (323)",
        """\
Elke prestatie krijgt een nieuw referentienummer. Noem de referenties, of de declaratie
waarvan alle afgekeurde prestaties opnieuw gaan.""",
    )
    deel.add_argument("referentie", nargs="*", metavar="REFERENTIE")
    deel.add_argument("--declaratie", metavar="NUMMER", help="declaratienummer")
    deel.add_argument("--tarief-cent", type=heel, help="het juiste tarief")
    _volume(deel, verplicht=False)


def _volume(deel: argparse.ArgumentParser, *, verplicht: bool) -> None:
    keuze = deel.add_mutually_exclusive_group(required=verplicht)
    keuze.add_argument("--volume", type=heel, help="het juiste volume, in de eenheid van de prestatie")
    keuze.add_argument("--minuten", type=heel, help="de juiste minuten; bij uren rondt het programma af (IV079)")
    deel.add_argument("--uurtarief-cent", type=heel, help="tarief per uur, als de prestatie in minuten is")
    deel.add_argument("--periode", type=periode, help="declaratiemaand; anders de laatste die is ingediend")


def _lijsten(sub: Any) -> None:
    lijsten: Iterable[tuple[str, str, str]] = (
        ("toewijzingen", "wat is toegewezen", "Van elke toewijzing de versie die nu geldt (de laatste)."),
        ("verzoeken", "wat is gevraagd, en wat ervan werd", ""),
        ("berichten", "wat is gewisseld, het nieuwste eerst", ""),
        ("status", "aantallen per soort, en welke antwoorden te laat zijn", ""),
    )
    for naam, kort, lang in lijsten:
        _opdracht(sub, naam, kort, lang)


def dag(tekst: str) -> str:
    """A date such as 2026-02-04."""
    try:
        return date.fromisoformat(tekst).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError("een datum zoals 2026-02-04") from None


def periode(tekst: str) -> str:
    """A month such as 2026-02."""
    try:
        return rekenen.maand(tekst)[0].isoformat()[:7]
    except ValueError:
        raise argparse.ArgumentTypeError("een maand zoals 2026-02") from None


def gemeente(tekst: str) -> str:
    """A CBS code of 4 digits."""
    if not re.fullmatch("[0-9]{4}", tekst):
        raise argparse.ArgumentTypeError("een gemeentecode van 4 cijfers")
    return tekst


def heel(tekst: str) -> int:
    """A whole number of at least 0."""
    if not re.fullmatch("[0-9]{1,9}", tekst):
        raise argparse.ArgumentTypeError("een heel getal, zonder punt of komma")
    return int(tekst)
