"""G17 and G19 through the whole chain: every look stands in the back office, and a forgotten client is gone."""

import asyncio
import base64
import json
import subprocess
import sys

import asyncpg
import pytest

from chassis.bsn import SealError, pseudonym, unseal
from chassis.kluis import Kluis, kluis_dsn
from lokaal.postgres import binaries
from lokaal.spel import wacht_tot
from tests.chain.spel import A1, GOES, Zaak, begeleiding
from tests.chain.test_g18_geen_bsn import alle_records


@pytest.fixture
def geheimen(keten, monkeypatch):
    """The keys of this chain: who has them all still finds nothing of a forgotten client."""
    geheim = json.loads((keten.map / "geheimen.json").read_text())
    for naam in ("pseudoniem", "gegevens", "kluis"):
        monkeypatch.setenv(f"ZORGKETEN_SLEUTEL_{naam.upper()}", geheim[naam])
    return geheim


async def _alle_sleutels(dsn):
    kluis = Kluis()
    await kluis.open(kluis_dsn(dsn), "toets")
    houders = [rij["houder"] for rij in await kluis._open_pool().fetch("select houder from sleutel")]
    sleutels = await kluis.bekende_sleutels(houders)
    await kluis.close()
    return sleutels


async def _zegels(dsn, bootstrap):
    """(context, sealed bytes) of every block and piece in Postgres and in Kafka."""
    eigenaar = await asyncpg.connect(dsn)
    zegels = [
        (f"{r['bericht_id']}/{r['volgnummer']}", r["verzegeld"])
        for r in await eigenaar.fetch("select * from knooppunt.segment")
    ]
    for tabel in ("knooppunt.client", "intake.client"):
        zegels += [(r["client_id"], r["verzegeld"]) for r in await eigenaar.fetch(f"select * from {tabel}")]
    await eigenaar.close()
    for record in await alle_records(bootstrap):
        if b'"intake.client_vastgelegd"' in record:
            event = json.loads(record[record.index(b"{") :])
            zegels.append((event["client_id"], base64.b64decode(event["data"]["verzegeld"])))
    return zegels


async def alles_wat_opengaat(keten):
    """What all keys of the vault together open."""
    dsn = keten.urls["postgres"]
    sleutels = await _alle_sleutels(dsn)
    uit = []
    for context, zegel in await _zegels(dsn, keten.urls["kafka"]):
        for sleutel in [sleutels[context]] if context in sleutels else sleutels.values():
            try:
                uit.append(unseal(sleutel, zegel, context))
            except SealError:
                continue
    return b"\n".join(uit)


def dump(keten):
    """A dump of all databases, the vault too."""
    dsn = keten.urls["postgres"]
    return b"".join(
        subprocess.run([binaries() / "pg_dump", "--dbname", een], capture_output=True, check=True, timeout=120).stdout
        for een in (dsn, kluis_dsn(dsn))
    )


def test_g17_g19_elke_inzage_staat_in_het_logboek_en_een_vergeten_client_is_weg(keten, geheimen):
    keten.klok("2026-01-19T10:00:00+01:00")
    weg, blijft = Zaak(keten), Zaak(keten)
    for zaak in (weg, blijft):
        zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    weg.start(weg.nummers[0], "2026-02-04")
    client_id = pseudonym(GOES, weg.bsn)
    assert keten.vraag("GET", "intake", f"/v1/clienten/{client_id}", GOES).status_code == 200

    def logboek(verwacht):
        def zoek():
            antwoord = keten.vraag("GET", "backoffice", f"/v1/logboek?client_id={client_id}", GOES)
            handelingen = {rij["handeling"] for rij in antwoord.json().get("logboek", [])}
            return handelingen if handelingen >= verwacht else None

        return wacht_tot(zoek, "het logboek noemt elke inzage")

    logboek({"vastgelegd", "ingezien", "301_opgesteld", "bericht_opgehaald"})
    assert "logboek_ingezien" in logboek({"vastgelegd"})
    assert keten.vraag("GET", "backoffice", f"/v1/logboek?client_id={client_id}", A1).status_code == 403

    nummers = [zaak.bsn.encode() for zaak in (weg, blijft)]
    leesbaar = asyncio.run(alles_wat_opengaat(keten))
    assert all(nummer in leesbaar for nummer in nummers), "a search that finds nothing proves nothing"
    subprocess.run(
        [sys.executable, "-m", "chassis.kluis", "--dsn", keten.urls["postgres"], "vergeet", client_id],
        check=True, timeout=60, capture_output=True,
    )  # fmt: skip

    leesbaar = asyncio.run(alles_wat_opengaat(keten))
    assert [nummer in leesbaar for nummer in nummers] == [False, True]
    for plek in (dump(keten), b"\n".join(asyncio.run(alle_records(keten.urls["kafka"])))):
        for nummer in nummers:
            for vorm in (nummer, nummer.hex().encode(), base64.b64encode(nummer)):
                assert vorm not in plek
    assert client_id in dump(keten).decode(), "that it was forgotten stays on record"

    def vergeten():
        antwoord = keten.vraag("GET", "intake", f"/v1/clienten/{client_id}", GOES)
        return True if antwoord.status_code == 410 else None

    wacht_tot(vergeten, "intake kent de sleutel niet meer", seconden=40)
    ander = keten.vraag("GET", "intake", f"/v1/clienten/{pseudonym(GOES, blijft.bsn)}", GOES)
    assert ander.status_code == 200
