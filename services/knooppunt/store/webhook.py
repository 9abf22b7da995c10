"""SQL of webhooks: where a provider hears that something lies in its mailbox."""

from typing import Any

from chassis import bsn
from chassis.db import Tx
from chassis.kluis import kluis


async def set_webhook(tx: Tx, aanbieder: str, url: str, geheim: bytes) -> None:
    """Record where and with which secret; what lies there now is told as well."""
    await tx.execute(
        "insert into webhook (aanbieder, url, geheim, volgende_at) values ($1, $2, $3, clock_timestamp())"
        " on conflict (aanbieder) do update set url = excluded.url, geheim = excluded.geheim, pogingen = 0,"
        " volgende_at = excluded.volgende_at",
        aanbieder,
        url,
        bsn.seal(await kluis.sleutel(aanbieder), geheim, f"webhook:{aanbieder}"),
    )


async def delete_webhook(tx: Tx, aanbieder: str) -> None:
    """Tell nothing any more."""
    await tx.execute("delete from webhook where aanbieder = $1", aanbieder)


async def claim(tx: Tx, lease_s: float, hoogstens: int) -> list[dict[str, Any]]:
    """Webhooks with something new to tell, each for one process; `tot` is the newest message."""
    rijen = await tx.fetch(
        "update webhook w set pogingen = pogingen + 1, volgende_at = clock_timestamp() + make_interval(secs => $1)"
        " from (select k.aanbieder, n.tot from webhook k cross join lateral (select max(b.volgorde) as tot"
        "   from bericht b where b.richting = 'uit' and b.aanbieder = k.aanbieder and b.bevestigd_at is null) n"
        "   where k.volgende_at <= clock_timestamp() and n.tot > k.gemeld_tot"
        "   order by k.volgende_at limit $2 for update of k skip locked) nieuw"
        " where w.aanbieder = nieuw.aanbieder"
        " returning w.aanbieder, w.url, w.geheim, w.pogingen, nieuw.tot",
        lease_s,
        hoogstens,
    )
    sleutels = await kluis.sleutels({rij["aanbieder"] for rij in rijen})
    return [
        {
            **dict(rij),
            "geheim": bsn.unseal(sleutels[rij["aanbieder"]], rij["geheim"], f"webhook:{rij['aanbieder']}"),
        }
        for rij in rijen
    ]


async def set_gemeld(tx: Tx, aanbieder: str, tot: int) -> None:
    """It was told, up to this message."""
    await tx.execute(
        "update webhook set gemeld_tot = greatest(gemeld_tot, $2), pogingen = 0, volgende_at = clock_timestamp()"
        " where aanbieder = $1",
        aanbieder,
        tot,
    )


async def stel_uit(tx: Tx, aanbieder: str, wacht_s: float) -> None:
    """Try again after so many seconds."""
    await tx.execute(
        "update webhook set volgende_at = clock_timestamp() + make_interval(secs => $2) where aanbieder = $1",
        aanbieder,
        wacht_s,
    )
