"""Writing a 325 client by client: a large file is never in memory whole, neither its 323 nor its answer."""

from collections.abc import Sequence

from chassis.clock import clock
from chassis.db import Tx
from schemas.iwmo import codec, retour
from services.knooppunt import domain
from services.knooppunt.handlers import bewaren
from services.knooppunt.handlers.bewaren import Stuk
from services.knooppunt.handlers.lezen import draden
from services.knooppunt.handlers.uitgaand import Zending, leg_klaar
from services.knooppunt.handlers.uitgaand import verstuur as verstuur_geheel
from services.knooppunt.store import oordelen

_PER_KEER = 50
"""Clients at once: each thread that parses keeps the memory of its largest group."""


async def verstuur(
    tx: Tx,
    zending: Zending,
    *,
    header_codes: Sequence[str],
    declaratie_codes: Sequence[str],
    toegekend_cent: int,
    met_clienten: bool,
) -> str:
    """Put the 325 on `zending.op_bericht` in the mailbox; its bericht_id. With `header_codes` it has a Header only.

    Raises Vergeten when a refused client was forgotten; ValueError, IndexError or NietLeesbaar when the judgement
    does not fit the 323.
    """
    heen = zending.op_bericht or ""
    begin, einde = await bewaren.randen(tx, heen)
    origineel = await draden.doe(codec.heropen, begin + einde)
    vandaag = clock.today()
    if header_codes:
        xml = retour.antwoord_325(
            origineel, identificatie=zending.identificatie, dagtekening=vandaag, header_codes=header_codes
        )
        return await verstuur_geheel(tx, zending, xml)
    antwoord = retour.Antwoord325(
        origineel,
        identificatie=zending.identificatie,
        dagtekening=vandaag,
        declaratie_codes=declaratie_codes,
        toegekend_cent=toegekend_cent,
        met_clienten=met_clienten,
    )
    rij = await leg_klaar(tx, zending)
    if not met_clienten:
        await bewaren.bewaar(tx, rij, antwoord.kop)
        return rij.bericht_id
    await bewaren.bewaar_stukken(tx, rij, [Stuk(0, rij.gemeente, antwoord.kop)])
    volgnummer, na = 1, -1
    while delen := await oordelen.afgekeurde_delen(tx, heen, na, _PER_KEER):
        na = delen[-1].deel
        bron = await bewaren.clienten(tx, heen, [deel.deel for deel in delen])
        if len(bron) != len(delen):
            raise IndexError("a judgement on a client that is not in the declaratie")
        deel_323 = b"".join((begin, *(stuk.raw for stuk in bron), einde))
        raws = await draden.doe(_schrijf, deel_323, antwoord, delen)
        stukken = [Stuk(volgnummer + n, bron[n].houder, raw) for n, raw in enumerate(raws)]
        await bewaren.bewaar_stukken(tx, rij, stukken)
        volgnummer += len(stukken)
    await bewaren.bewaar_stukken(tx, rij, [Stuk(volgnummer, rij.gemeente, antwoord.einde)])
    return rij.bericht_id


def _schrijf(deel_323: bytes, antwoord: retour.Antwoord325, delen: Sequence[domain.DeelOordeel]) -> list[bytes]:
    afkeuringen = {n: retour.Afkeuring(*domain.afgekeurd(deel)) for n, deel in enumerate(delen)}
    return antwoord.clienten(codec.heropen(deel_323), afkeuringen)
