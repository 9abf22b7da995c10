"""One function per command: prints what it did, gives the exit code. 0: done and well; 1: not; 2: wrong question."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from beheer import bundel, herkansen, logboek, stand
from beheer import topics as onderwerpen
from beheer.omgeving import Omgeving
from chassis import kluis, outbox
from chassis import migrate as migraties
from chassis import republish as opnieuw
from chassis.db import connection_options


def status(om: Omgeving, args: Namespace) -> int:
    """Who answers, what waits, what is parked, which migrations are missing."""
    schemas = asyncio.run(stand.per_schema(om.dsn))
    gereed = asyncio.run(stand.gereed(om.urls))
    missing = asyncio.run(migraties.pending(om.dsn, migraties.services(), "alle"))
    print(
        f"{'service':<15}{'antwoordt':<15}{'te verzenden':>13}{'oudste':>9}{'geparkeerd':>12}{'oudste':>9}{'wacht':>7}"
    )
    for service, wat in schemas.items():
        print(
            f"{service:<15}{gereed.get(service, '-'):<15}{wat['outbox']:>13}{stand.duur(wat['outbox_oudste_s']):>9}"
            f"{wat['geparkeerd']:>12}{stand.duur(wat['geparkeerd_oudste_s']):>9}{wat['wachtend']:>7}"
        )
    for service, namen in missing.items():
        for naam in namen:
            print(f"migratie ontbreekt: {service} {naam}")
    goed = all(antwoord == "gereed" for antwoord in gereed.values())
    return 0 if goed and not any(missing.values()) and not any(w["geparkeerd"] for w in schemas.values()) else 1


def lag(om: Omgeving, args: Namespace) -> int:
    """How far each group of consumers is behind."""
    achter = asyncio.run(asyncio.wait_for(stand.achterstand(om.kafka, om.tls), 60))
    for groep, aantal in achter.items():
        print(f"{groep:<45}{aantal:>10}")
    return 1 if any(aantal > args.grens for aantal in achter.values()) else 0


def topics(om: Omgeving, args: Namespace) -> int:
    """Make the topics that are not there."""
    if not args.dry_run:
        onderwerpen.create_topics(om.kafka, seconds=120, tls=om.tls)
    hier = asyncio.run(onderwerpen.look(om.kafka, om.tls))
    for topic, aantal in hier.partities.items():
        print(f"{topic:<30}{f'{aantal} partities' if aantal else 'ontbreekt'}")
    for topic in hier.anders:
        print(f"{topic}: de code rekent op {onderwerpen.PARTITIONS} partities; maak een nieuwe versie van dit topic")
    return 1 if hier.ontbreekt or hier.anders else 0


def migrate(om: Omgeving, args: Namespace) -> int:
    """Apply the migrations that are missing."""
    services = args.services or migraties.services()
    if args.dry_run:
        for service, namen in asyncio.run(migraties.pending(om.dsn, services, args.fase)).items():
            print(f"{service}: {len(namen)} migraties zouden worden toegepast")
            print("".join(f"  {naam}\n" for naam in namen), end="")
        return 0
    gedaan = asyncio.run(migraties.migrate(om.dsn, services, args.fase, om.wachtwoord_rol))
    for service, aantal in gedaan.items():
        print(f"{service}: {aantal} migraties toegepast")
    return 0


def republish(om: Omgeving, args: Namespace) -> int:
    """Send events to the broker once more; consumers drop what they have seen."""
    for service in args.services or migraties.services():
        aantal = asyncio.run(
            opnieuw.republish(om.dsn, service, args.van or opnieuw.BEGIN, args.tot or opnieuw.EINDE, proef=args.dry_run)
        )
        print(f"{service}: {aantal} events {'zouden opnieuw gaan' if args.dry_run else 'gaan opnieuw'}")
    return 0


def redrive(om: Omgeving, args: Namespace) -> int:
    """Let parked events go again."""
    keuze = herkansen.Keuze(args.topic, args.type, args.reden, args.nummer)
    if keuze == herkansen.Keuze() and not args.alles:
        print("kies --topic, --type, --reden of --nummer, of geef --alles", file=sys.stderr)
        return 2
    uitkomst = herkansen.herkans(om.url(args.service), om.token, keuze, proef=args.dry_run)
    print("\n".join(uitkomst.regels))
    print(f"{uitkomst.gedaan} {'bekeken' if args.dry_run else 'vrijgegeven'}, {uitkomst.overgeslagen} overgeslagen")
    return 1 if uitkomst.overgeslagen else 0


def rotate_keys(om: Omgeving, args: Namespace) -> int:
    """Wrap the key of each client with the newest wrapping key."""
    aantal = asyncio.run(kluis.herverpak(om.kluis, proef=args.dry_run))
    print(f"{aantal} sleutels {'zouden opnieuw worden verpakt' if args.dry_run else 'opnieuw verpakt'}")
    return 0


def forget_client(om: Omgeving, args: Namespace) -> int:
    """Destroy the key of a client: what it sealed is gone for good."""
    if args.dry_run:
        er_is = asyncio.run(kluis.heeft_sleutel(om.kluis, args.client_id))
        print("de sleutel van deze client zou worden vernietigd" if er_is else "van deze client is geen sleutel")
        return 0 if er_is else 1
    if not args.onomkeerbaar:
        print("dit is niet terug te draaien; kijk eerst met --dry-run, en geef dan --onomkeerbaar", file=sys.stderr)
        return 2
    een = kluis.Vernietiging(args.client_id, datetime.now(UTC), args.door)
    print(f"{asyncio.run(kluis.vergeet(om.kluis, [een]))} sleutel vernietigd")
    return forgotten(om, args) if args.lijst else 0


def forgotten(om: Omgeving, args: Namespace) -> int:
    """Write the list of destroyed keys; it is kept outside the backups."""
    regels = [kluis.als_regel(een) for een in asyncio.run(kluis.lijst_vernietigd(om.kluis))]
    tekst = "".join(f"{regel}\n" for regel in regels)
    if args.lijst is None:
        print(tekst, end="")
        return 0
    nieuw = args.lijst.with_name(f".{args.lijst.name}.nieuw")
    nieuw.write_text(tekst)
    nieuw.replace(args.lijst)
    print(f"{len(regels)} vernietigde sleutels in de lijst")
    return 0


def forget_again(om: Omgeving, args: Namespace) -> int:
    """After a restore: destroy everything on the list once more."""
    lijst = [kluis.van_regel(regel) for regel in args.lijst.read_text().splitlines() if regel.strip()]
    if args.dry_run:
        er_zijn = sum(asyncio.run(kluis.heeft_sleutel(om.kluis, een.houder)) for een in lijst)
        print(f"{er_zijn} van {len(lijst)} sleutels zouden opnieuw worden vernietigd")
        return 0
    print(f"{asyncio.run(kluis.vergeet(om.kluis, lijst))} van {len(lijst)} sleutels opnieuw vernietigd")
    return 0


def prune(om: Omgeving, args: Namespace) -> int:
    """Drop sent events older than the topic keeps them; the services do this each hour by themselves."""
    for service in args.services or migraties.services():
        aantal = asyncio.run(_prune(om.dsn, service, args.dry_run))
        print(f"{service}: {aantal} verzonden events {'zouden weggaan' if args.dry_run else 'weg'}")
    return 0


async def _prune(dsn: str, service: str, proef: bool) -> int:
    async with _teruggedraaid(dsn, service, proef) as tx:
        return await outbox.prune(tx)


@contextlib.asynccontextmanager
async def _teruggedraaid(dsn: str, service: str, proef: bool) -> AsyncIterator[Any]:
    """A transaction that a trial rolls back: what is counted is what would happen."""
    connection = await asyncpg.connect(dsn, server_settings=connection_options(service, "beheer"))
    try:
        transactie = connection.transaction()
        await transactie.start()
        try:
            yield connection
        except BaseException:
            await transactie.rollback()
            raise
        await (transactie.rollback() if proef else transactie.commit())
    finally:
        await connection.close()


def support_bundle(om: Omgeving, args: Namespace) -> int:
    """Everything a maker needs to see, nothing about a person."""
    if args.dry_run:
        print("stand, achterstand, topics, gereed, migraties, geparkeerd (aantallen), postgres, namen van")
        print(f"instellingen, versies, metingen van: {', '.join(om.urls) or 'geen service (ZORGKETEN_URL_*)'}")
        return 0
    delen = asyncio.run(bundel.maak(args.naar, om.dsn, om.kafka, om.tls, om.urls))
    print(f"{len(delen)} delen in {args.naar.name}")
    return 0


def audit_export(om: Omgeving, args: Namespace) -> int:
    """The access log of a gemeente, and whether its chains hold."""
    vraag = logboek.Vraag(args.gemeente, args.van, args.tot, args.door)
    if args.dry_run:
        aantal, breuken = asyncio.run(logboek.export(om.dsn, vraag, None))
    else:
        with Path(args.naar).open("w", encoding="utf-8") as bestand:
            aantal, breuken = asyncio.run(logboek.export(om.dsn, vraag, bestand))
    print(json.dumps({"regels": aantal, "ketens_gebroken": len(breuken)}))
    for breuk in breuken:
        print(f"gebroken keten: {breuk}")
    return 1 if breuken else 0
