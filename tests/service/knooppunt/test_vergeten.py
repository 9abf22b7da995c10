"""Messages at rest: in pieces, each under the key of its client; one client can be forgotten (G17, G19 in small)."""

import asyncio
import json
import os
import random
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis import bsn
from chassis import kluis as kluizen
from chassis.audit import gebroken
from chassis.db import OVERAL, Tenant, transaction
from chassis.errors import BadData
from chassis.kluis import Kluis
from schemas.iwmo.codes import bsn_valid
from services.knooppunt.handlers import bewaren, opdrachten
from tests.service.knooppunt.spel import A1, A2, BSN, BSN_2, GOES, declaratie, opdracht, start, vastgelegd

pytestmark = pytest.mark.asyncio

BSN_WEG = "999991772"


def een_323(identificatie):
    """Clients BSN_WEG and BSN_2."""
    return declaratie(identificatie).replace(BSN.encode(), BSN_WEG.encode())


async def vernietig(postgres_dsn, *bsns):
    """The owner of the vault forgets clients of Goes; every process has lost them from its cache."""
    lijst = [
        kluizen.Vernietiging(bsn.pseudonym(GOES, nummer), kluizen.datetime.now(kluizen.UTC), "toets") for nummer in bsns
    ]
    await kluizen.vergeet(kluizen.kluis_dsn(postgres_dsn), lijst)
    kluizen.kluis._cache.clear()


async def alle(pool, sql, *waarden):
    """Rows of every tenant."""
    async with transaction(pool, OVERAL) as tx:
        return await tx.fetch(sql, *waarden)


async def alles_in_de_database(pool):
    """Every value of every table, as text and as bytes."""
    uit = b""
    for (tabel,) in await pool.fetch(
        "select table_name from information_schema.tables where table_schema = 'knooppunt'"
    ):
        for rij in await alle(pool, f"select * from {tabel}"):
            for waarde in rij.values():
                uit += waarde if isinstance(waarde, bytes) else str(waarde).encode()
    return uit


async def alles_wat_nog_opengaat(pool, dsn):
    """Every piece and block in the database that opens with any key that is left in the vault."""
    alle_sleutels = Kluis()
    await alle_sleutels.open(dsn, "toets")
    houders = [rij["houder"] for rij in await alle_sleutels._open_pool().fetch("select houder from sleutel")]
    sleutels = (await alle_sleutels.bekende_sleutels(houders)).values()
    await alle_sleutels.close()
    zegels = [
        (rij["verzegeld"], f"{rij['bericht_id']}/{rij['volgnummer']}")
        for rij in await alle(pool, "select * from segment")
    ] + [(rij["verzegeld"], rij["client_id"]) for rij in await alle(pool, "select * from client")]
    uit = b""
    for zegel, context in zegels:
        for sleutel in sleutels:
            try:
                uit += bsn.unseal(sleutel, zegel, context)
            except bsn.SealError:
                continue
    return uit


async def test_g19_een_vergeten_client_is_nergens_meer_te_lezen_en_de_ander_wel(knooppunt, kluis_dsn, postgres_dsn):
    bericht_id = (await knooppunt.lever_in(een_323("D1"))).json()["bericht_id"]
    pad = f"/v1/berichten/{bericht_id}/xml"
    assert (await knooppunt.get(None, pad, gemeente=GOES)).content == een_323("D1")
    nummers = (BSN_WEG.encode(), BSN_2.encode())
    in_de_database = await alles_in_de_database(knooppunt.pool)
    assert not any(nummer in in_de_database for nummer in nummers)
    leesbaar = await alles_wat_nog_opengaat(knooppunt.pool, kluis_dsn)
    assert all(nummer in leesbaar for nummer in nummers), "a search that finds nothing proves nothing"

    await vernietig(postgres_dsn, BSN_WEG)
    leesbaar = await alles_wat_nog_opengaat(knooppunt.pool, kluis_dsn)
    assert BSN_WEG.encode() not in leesbaar and b"R1" not in leesbaar
    assert BSN_2.encode() in leesbaar and b"R2" in leesbaar
    weg = await knooppunt.get(None, pad, gemeente=GOES)
    assert weg.status_code == 410 and weg.json()["code"] == "bericht_vergeten"

    # The key never comes back by itself: a new message about this client is refused, with the place and no value.
    opnieuw = await knooppunt.lever_in(een_323("D2"))
    assert opnieuw.status_code == 422 and BSN_WEG not in opnieuw.text
    assert [b["pad"] for b in opnieuw.json()["bevindingen"]] == ["Declaratie/Clienten/Client[1]"]
    assert (await knooppunt.lever_in(start("S1").replace(BSN.encode(), BSN_WEG.encode()))).status_code == 422
    assert (await knooppunt.lever_in(declaratie("D3"))).status_code == 202


async def test_een_opdracht_over_een_vergeten_client_wordt_geparkeerd(knooppunt, postgres_dsn):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await vernietig(postgres_dsn, BSN)
    with pytest.raises(BadData):
        await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())


async def test_een_stuk_past_alleen_op_zijn_eigen_plek(knooppunt):
    een = (await knooppunt.lever_in(start("S1"))).json()["bericht_id"]
    ander = (await knooppunt.lever_in(start("S2"))).json()["bericht_id"]
    await alle(
        knooppunt.pool,
        "update segment set verzegeld = (select verzegeld from segment where bericht_id = $2) where bericht_id = $1",
        een, ander,
    )  # fmt: skip
    with pytest.raises(bsn.SealError):
        async with transaction(knooppunt.pool, Tenant(GOES)) as tx:
            await bewaren.inhoud(tx, een)


async def test_een_bericht_van_voor_de_stukken_wordt_gelezen_en_dan_in_stukken_bewaard(knooppunt):
    raw = declaratie("D1")
    gelezen = [
        (await knooppunt.lever_in(raw)).json()["bericht_id"],
        (await knooppunt.lever_in(start("S1"))).json()["bericht_id"],
    ]
    for bericht_id, bytes_ in zip(gelezen, (raw, start("S1")), strict=True):
        oud = b"\x01" + b"n" * 12 + AESGCM(b"g" * 32).encrypt(b"n" * 12, bytes_, bericht_id.encode())
        await alle(knooppunt.pool, "delete from segment where bericht_id = $1", bericht_id)
        await alle(knooppunt.pool, "insert into inhoud values ($1, $2, $3, $4)", bericht_id, oud, GOES, A1)
    eerste = await knooppunt.get(None, f"/v1/berichten/{gelezen[0]}/xml", gemeente=GOES)
    assert eerste.content == raw
    await knooppunt.verwerk(lambda tx, _: bewaren.zet_om(tx), None)
    houders = await alle(
        knooppunt.pool, "select houder from segment where bericht_id = $1 order by volgnummer", gelezen[0]
    )
    assert [rij["houder"] for rij in houders] == [
        GOES, bsn.pseudonym(GOES, BSN), bsn.pseudonym(GOES, BSN_2), GOES,
    ]  # fmt: skip
    assert await knooppunt.aantal("inhoud") == 0
    tweede = await knooppunt.get(None, f"/v1/berichten/{gelezen[1]}/xml", gemeente=GOES)
    assert tweede.content == start("S1")


async def test_g17_elke_inzage_een_regel_en_een_geweigerde_geen(knooppunt):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    (post,) = await knooppunt.postbus(A1)
    ontvangen = (await knooppunt.lever_in(start("S1"))).json()["bericht_id"]
    seed = random.randrange(10**6)
    print("seed", seed)
    keuze = random.Random(seed).choices(range(5), k=100)

    async def kijk(soort):
        postbus, xml = f"/v1/postbus/{post['bericht_id']}", f"/v1/berichten/{ontvangen}/xml"
        vraag = [(A1, postbus, None), (None, xml, GOES), (A2, postbus, None), (None, xml, "0687"), (A1, xml, None)][
            soort
        ]
        antwoord = await knooppunt.get(*vraag)
        return antwoord.status_code == 200

    gezien = sum(await asyncio.gather(*(kijk(soort) for soort in keuze)))
    assert gezien == sum(soort < 2 for soort in keuze) > 0
    per_handeling = {
        rij["handeling"]: rij["n"]
        for rij in await alle(knooppunt.pool, "select handeling, count(*) n from toegang group by 1")
    }
    assert per_handeling == {
        "301_opgesteld": 1,
        "bericht_opgehaald": sum(soort == 0 for soort in keuze),
        "bericht_ingezien": sum(soort == 1 for soort in keuze),
    }
    async with transaction(knooppunt.pool, Tenant(GOES)) as tx:
        assert await gebroken(tx, GOES) == []
    events = await knooppunt.events("knooppunt.toegang_vastgelegd")
    assert len(events) == gezien + 1 and BSN not in json.dumps(events)


def een_grote_323(bsns, regels):
    """A 323 with so many lines per client, each of a toewijzing of its own."""
    begin, rest = declaratie("D1").split(b"      <Client>", 1)
    einde = rest[rest.index(b"    </Clienten>") :]
    client, _, _ = rest.partition(b"      </Client>")
    kop, _, regel = client.partition(b"          <Prestatie>")
    regel, _, voet = regel.partition(b"          </Prestatie>\r\n")
    delen = [begin.replace(b">141000<", b">%d<" % (len(bsns) * regels * 70500))]
    for i, nummer in enumerate(bsns):
        delen += [b"      <Client>", kop.replace(BSN.encode(), nummer.encode())]
        for n in range(i * regels, (i + 1) * regels):
            eigen = regel.replace(b">R1<", b">R%d<" % n).replace(b">610001<", b">%d<" % (610001 + n))
            delen += [b"          <Prestatie>", eigen, b"          </Prestatie>\r\n"]
        delen += [voet, b"      </Client>\r\n"]
    return b"".join([*delen, einde])


DRIJVER = """
import asyncio, json, sys
from chassis import kluis
from chassis.db import open_pool, transaction
from chassis.kafka import Event
from chassis.settings import Settings
from services.knooppunt.handlers import oordelen

def rss_kb():
    regels = open("/proc/self/status").read().split("VmHWM:")[1]
    return int(regels.split()[0])

async def main(event):
    settings = Settings.from_env("knooppunt")
    pool = await open_pool(settings)
    await kluis.kluis.open(sys.argv[2], "drijver")
    async with transaction(pool, event.tenant) as tx:
        await tx.fetchval("select 1")
    voor = rss_kb()
    async with transaction(pool, event.tenant) as tx:
        await oordelen.declaratie_afgehandeld(tx, event)
    print(rss_kb() - voor)

asyncio.run(main(Event.model_validate_json(sys.argv[1])))
"""


async def test_een_325_met_30000_afgekeurde_regels_kost_hoogstens_64_mb(knooppunt, kluis_dsn):
    bsns = [nummer for nummer in map(str, range(999_900_000, 1_000_000_000)) if bsn_valid(nummer)][:7500]
    raw = een_grote_323(bsns, regels=4)
    antwoord = await knooppunt.lever_in(raw)
    assert antwoord.status_code == 202, antwoord.text
    bericht_id, delen = antwoord.json()["bericht_id"], len(bsns)
    regels = [{"regel": j, "toewijzing_nummer": 1, "ingediend_cent": 70500, "retourcodes": ["9321"]} for j in range(4)]
    await alle(
        knooppunt.pool,
        "insert into deel_oordeel (bericht_id, deel, client_codes, prestaties, gemeente)"
        " select $1, n, '{}', $2, $4 from generate_series(0, $3 - 1) n",
        bericht_id,
        regels,
        delen,
        GOES,
    )
    geheel = knooppunt.event({"bericht_id": bericht_id, "toegekend_cent": 0, "delen": delen})
    klaar = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", DRIJVER, geheel.model_dump_json(), kluis_dsn],
        env=dict(os.environ), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert klaar.returncode == 0, klaar.stderr
    print("extra", int(klaar.stdout) // 1024, "MB")
    assert int(klaar.stdout) <= 64 * 1024
    xml = await knooppunt.antwoord_op(A1, bericht_id)
    assert xml.count(b"<RetourCode>9321</RetourCode>") == 4 * delen == 30_000
