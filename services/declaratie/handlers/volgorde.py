"""The order of receipt between parts: what waits for a part received earlier."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.db import Tx
from chassis.vingerafdruk import fingerprint
from services.declaratie.domain import volgorde as domein
from services.declaratie.domain.deel import Deel
from services.declaratie.store import volgorde as store


async def after_earlier(tx: Tx, gemeente: str, rijp: Sequence[Deel]) -> tuple[list[Deel], list[Deel]]:
    """Parts to judge now and parts that wait; almost always nothing is open before them, and all may go on."""
    voor: dict[str, int] = {}
    for deel in rijp:
        voor[deel.aanbieder] = max(deel.ontvangstnummer, voor.get(deel.aanbieder, 0))
    eerdere = await store.load_eerdere(tx, gemeente, voor) if voor else []
    if not eerdere:
        return list(rijp), []
    met_kenmerk = [(deel, _kenmerk(deel)) for deel in rijp]
    van_client = {een for deel, kenmerk in met_kenmerk for een in domein.may_be_of(deel, kenmerk, eerdere)}
    return domein.after_earlier(met_kenmerk, eerdere, await store.load_beoordeeld(tx, van_client))


def _kenmerk(deel: Deel) -> domein.Kenmerk:
    referenties = frozenset(fingerprint(p.referentie_nummer) for p in deel.prestaties)
    return domein.Kenmerk(fingerprint(deel.client_id), referenties)
