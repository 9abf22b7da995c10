"""A defect in toewijzing for one client: the 302 of its provider cannot be recorded, so it is parked."""

import asyncio

import asyncpg

_GIF = """
create function toewijzing.gif() returns trigger language plpgsql as $$ begin raise numeric_value_out_of_range; end $$;
grant execute on function toewijzing.gif() to public;
create trigger gif before update of status on toewijzing.opdracht for each row
    when (new.client_id = '{}') execute function toewijzing.gif();
"""


def vergiftig(keten, client_id):
    asyncio.run(_voer_uit(keten, _GIF.format(client_id)))


def herstel(keten):
    asyncio.run(_voer_uit(keten, "drop function toewijzing.gif() cascade"))


async def _voer_uit(keten, sql):
    db = await asyncpg.connect(keten.urls["postgres"])
    try:
        await db.execute(sql)
    finally:
        await db.close()
