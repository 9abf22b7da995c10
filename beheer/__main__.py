"""`python -m beheer COMMANDO`: what an operator does."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from aiokafka.errors import KafkaError

from beheer import opdrachten
from beheer.herkansen import NietGelukt
from beheer.omgeving import Omgeving
from chassis.bsn import SealError
from chassis.migrate import MigrationError, services
from chassis.republish import moment
from chassis.settings import SettingsError

_EINDE = """\
Instellingen komen uit de omgeving: ZORGKETEN_DSN_BEHEER (rol van de migraties), ZORGKETEN_KLUIS_BEHEER en
ZORGKETEN_SLEUTEL_KLUIS (eigenaar van de kluis), ZORGKETEN_KAFKA en ZORGKETEN_KAFKA_TLS, ZORGKETEN_URL_<SERVICE>,
ZORGKETEN_TOKEN (uw eigen token). Elk commando dat iets verandert kent --dry-run: dan kijkt het alleen.
Afsluitcode 0: gedaan en in orde; 1: niet in orde of niet gelukt; 2: verkeerd gevraagd."""


def maak_parser() -> argparse.ArgumentParser:
    """The whole command line; the runbook is checked against it."""
    parser = argparse.ArgumentParser(
        prog="python -m beheer", description="Beheer van de keten.", epilog=_EINDE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commando = parser.add_subparsers(dest="commando", required=True, metavar="COMMANDO")

    def nieuw(naam: str, help: str, *, verandert: bool = True) -> argparse.ArgumentParser:
        een = commando.add_parser(naam, help=help, description=help)
        if verandert:
            een.add_argument("--dry-run", action="store_true", help="verander niets; toon wat er zou gebeuren")
        een.set_defaults(doe=getattr(opdrachten, naam.replace("-", "_")))
        return een

    def diensten(een: argparse.ArgumentParser) -> None:
        een.add_argument("services", nargs="*", choices=[*services(), []], help="alleen deze services; anders alle")

    nieuw("status", "wie antwoordt, wat wacht, wat geparkeerd staat en welke migraties ontbreken", verandert=False)
    achter = nieuw("lag", "hoeveel gebeurtenissen elke groep nog moet lezen", verandert=False)
    achter.add_argument("--grens", type=int, default=10_000, help="meer dan dit is afsluitcode 1 (anders 10000)")
    nieuw("topics", "maak de topics die er nog niet zijn")
    migratie = nieuw("migrate", "pas de migraties toe die nog ontbreken")
    migratie.add_argument("--fase", choices=("pre", "post", "alle"), required=True, help="pre voor, alle na een uitrol")
    diensten(migratie)
    verstuur = nieuw("republish", "verstuur gebeurtenissen opnieuw naar Kafka, bijvoorbeeld na verlies van de broker")
    wanneer = verstuur.add_mutually_exclusive_group(required=True)
    wanneer.add_argument("--alles", action="store_true", help="alles wat bewaard is (14 dagen)")
    wanneer.add_argument("--van", type=moment, metavar="TIJDSTIP", help="bijvoorbeeld 2026-03-10T10:00:00+01:00")
    verstuur.add_argument("--tot", type=moment, metavar="TIJDSTIP")
    diensten(verstuur)
    _herkansing(nieuw("redrive", "laat geparkeerde gebeurtenissen opnieuw verwerken, met wat erachter staat"))
    nieuw("rotate-keys", "verpak de sleutel van elke client met de nieuwste sleutel van ZORGKETEN_SLEUTEL_KLUIS")
    vergeet = nieuw("forget-client", "vernietig de sleutel van een client: diens gegevens zijn dan voorgoed weg")
    vergeet.add_argument("client_id", help="het pseudoniem; nooit een BSN")
    vergeet.add_argument("--door", default=getpass.getuser(), help="wie dit opdroeg")
    vergeet.add_argument("--lijst", type=Path, help="werk ook deze lijst van vernietigde sleutels bij")
    vergeet.add_argument("--onomkeerbaar", action="store_true", help="ik weet dat dit niet terug te draaien is")
    lijst = nieuw("forgotten", "schrijf de lijst van vernietigde sleutels; bewaar haar buiten de back-up",
                  verandert=False)  # fmt: skip
    lijst.add_argument("--lijst", type=Path, help="naar dit bestand; anders naar het scherm")
    nogmaals = nieuw("forget-again", "vernietig na terugzetten alles van de lijst opnieuw")
    nogmaals.add_argument("lijst", type=Path)
    diensten(nieuw("prune", "ruim verzonden gebeurtenissen op die ouder zijn dan 14 dagen"))
    bundel = nieuw("support-bundle", "verzamel wat een maker nodig heeft om mee te kijken, zonder persoonsgegevens")
    bundel.add_argument("--naar", type=Path, default=Path("zorgketen-bundel.tar.gz"))
    logboek = nieuw("audit-export", "schrijf het logboek van een gemeente (NEN 7513) en controleer de ketens")
    logboek.add_argument("--gemeente", required=True, help="code van vier cijfers")
    logboek.add_argument("--van", type=moment, required=True, metavar="TIJDSTIP")
    logboek.add_argument("--tot", type=moment, required=True, metavar="TIJDSTIP")
    logboek.add_argument("--door", default=getpass.getuser(), help="wie dit opdroeg; komt zelf in het logboek")
    logboek.add_argument("--naar", type=Path, default=Path("logboek.jsonl"))
    return parser


def _herkansing(een: argparse.ArgumentParser) -> None:
    een.add_argument("--service", choices=services(), required=True, help="de service die parkeerde")
    een.add_argument("--topic")
    een.add_argument("--type", help="soort gebeurtenis, bijvoorbeeld toewijzing.bericht_opgesteld")
    een.add_argument("--reden", help="bijvoorbeeld onbruikbaar")
    een.add_argument("--nummer", type=int, help="een gebeurtenis, met haar nummer")
    een.add_argument("--alles", action="store_true", help="alles wat er staat")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; an error is one sentence on stderr, without a value."""
    args = maak_parser().parse_args(argv)
    try:
        code: int = args.doe(Omgeving.van_nu(), args)
        return code
    except (SettingsError, MigrationError, SealError, NietGelukt) as fout:
        print(f"beheer: {fout}", file=sys.stderr)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as fout:
        print(f"beheer: niet gelukt ({type(fout).__name__}); antwoorden Postgres en Kafka?", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
