"""`python -m chassis.republish --service X (--alles | --van T --tot T)`: send events once more.

For a broker that lost its data: Postgres is the truth, and sent rows are kept 14 days. Consumers drop what they
have seen, so sending too much does no harm. The relay of the running service does the sending, in the old order.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg

from chassis.db import connection_options

BEGIN, EINDE = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


async def republish(
    dsn: str, service: str, van: datetime = BEGIN, tot: datetime = EINDE, *, proef: bool = False
) -> int:
    """Mark what was written from `van` up to `tot` as unsent; gives how many events will go again.

    With `proef` it only counts.
    """
    connection = await asyncpg.connect(dsn, server_settings=connection_options(service, f"{service}-republish"))
    try:
        if proef:
            return int(
                await connection.fetchval(
                    """select count(*) from outbox
                       where verzonden_at is not null and gemaakt_at >= $1 and gemaakt_at < $2""",
                    van,
                    tot,
                )
            )
        return int(
            await connection.fetchval(
                """with opnieuw as (
                       update outbox set verzonden_at = null
                       where verzonden_at is not null and gemaakt_at >= $1 and gemaakt_at < $2
                       returning 1)
                   select count(*) from opnieuw""",
                van,
                tot,
            )
        )
    finally:
        await connection.close()


def moment(tekst: str) -> datetime:
    """An instant of the command line, with its time zone; raises ArgumentTypeError."""
    try:
        gelezen = datetime.fromisoformat(tekst)
    except ValueError:
        raise argparse.ArgumentTypeError("geen tijdstip; bijvoorbeeld 2026-03-10T10:00:00+01:00") from None
    if gelezen.tzinfo is None:
        raise argparse.ArgumentTypeError("noem ook de tijdzone, bijvoorbeeld 2026-03-10T10:00:00+01:00")
    return gelezen


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; the dsn is the service's own, or the migrator's."""
    parser = argparse.ArgumentParser(prog="chassis.republish", description="Verstuur events opnieuw naar Kafka.")
    parser.add_argument("--service", required=True)
    parser.add_argument("--dsn", default=os.environ.get("ZORGKETEN_DSN"))
    parser.add_argument("--alles", action="store_true", help="alles wat bewaard is (14 dagen)")
    parser.add_argument("--van", type=moment, metavar="TIJDSTIP")
    parser.add_argument("--tot", type=moment, metavar="TIJDSTIP")
    args = parser.parse_args(argv)
    if not args.dsn:
        parser.error("--dsn (of ZORGKETEN_DSN) is nodig")
    if args.alles == bool(args.van or args.tot):
        parser.error("kies --alles, of --van en/of --tot")
    aantal = asyncio.run(republish(args.dsn, args.service, args.van or BEGIN, args.tot or EINDE))
    print(f"{args.service}: {aantal} events gaan opnieuw")
    return 0


if __name__ == "__main__":
    sys.exit(main())
