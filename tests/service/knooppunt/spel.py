"""The players of the tests of knooppunt: messages of a provider, events of the other services."""

import base64
import datetime as dt
import json
import time
import uuid
from contextlib import asynccontextmanager

import httpx

from chassis import bsn
from chassis.db import OVERAL, open_pool, transaction
from chassis.kafka import Event
from chassis.kluis import kluis
from schemas.iwmo import codec, retour, schrijf
from services.knooppunt.__main__ import bouw
from services.knooppunt.handlers.lezen import werker

A1 = "75750101"
A2 = "75750202"
GOES = "0664"
BSN = "999920005"
BSN_2 = "999990019"
CLIENT = {
    "bsn": BSN,
    "geboortedatum": "1950-05-17",
    "geslacht": "2",
    "naam": {"achternaam": "Testduin", "voorletters": "A"},
    "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"},
}
PRODUCT = {
    "toewijzing_nummer": 610001,
    "referentie_aanbieder": None,
    "product": {"categorie": "02", "code": "02A05"},
    "toewijzingsdatum": "2026-04-07",
    "toewijzingstijd": "10:00:00",
    "ingangsdatum": "2026-02-02",
    "einddatum": "2026-07-31",
    "reden_wijziging": None,
    "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
    "budget_cent": None,
    "commentaar": None,
}


def start(identificatie, dagtekening="2026-04-07", begindatum="2026-02-04", afzender=A1, ontvanger=GOES):
    """A 305 of a provider to a municipality."""
    regel = {
        "toewijzing_nummer": 999999999,
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-02-02",
        "begindatum": begindatum,
        "status_aanlevering": "1",
    }
    return schrijf.start_305(
        afzender=afzender,
        ontvanger=ontvanger,
        identificatie=identificatie,
        dagtekening=dagtekening,
        client=CLIENT,
        start_producten=[regel],
    )


def declaratie(identificatie):
    """A 323 of A1 to Goes over february 2026: two clients with a line each."""

    def regel(referentie, nummer):
        return {
            "referentie_nummer": referentie,
            "vorig_referentie_nummer": None,
            "toewijzing_nummer": nummer,
            "product_categorie": "02",
            "product_code": "02A05",
            "begindatum": "2026-02-02",
            "einddatum": "2026-02-28",
            "geleverd_volume": 12,
            "eenheid": "04",
            "product_tarief_cent": 5875,
            "ingediend_cent": 70500,
            "debet_credit": "D",
        }

    inhoud = {
        "declaratie_nummer": f"DN{identificatie}",
        "declaratie_periode": {"begindatum": "2026-02-01", "einddatum": "2026-02-28"},
        "declaratie_dagtekening": "2026-04-07",
        "clienten": [
            {"bsn": BSN, "prestaties": [regel("R1", 610001)]},
            {"bsn": BSN_2, "prestaties": [regel("R2", 610002)]},
        ],
    }
    return schrijf.declaratie_323(
        afzender=A1, ontvanger=GOES, identificatie=identificatie, dagtekening="2026-04-07", declaratie=inhoud
    )


def gebeurtenis(data, **anders):
    """An event about the client of these tests."""
    kop = {
        "event_id": str(uuid.uuid4()),
        "type": "proef",
        "versie": 1,
        "gemeente": GOES,
        "aanbieder": A1,
        "client_id": bsn.pseudonym(GOES, BSN),
        "volgnummer": 1,
        "gebeurd_at": dt.datetime.now(dt.UTC),
        "oorzaak": None,
        "keten": None,
        "data": data,
    }
    return Event(**(kop | anders))


async def vastgelegd():
    """intake recorded the client."""
    client_id = bsn.pseudonym(GOES, BSN)
    zegel = bsn.seal(await kluis.sleutel(client_id), json.dumps(CLIENT).encode(), client_id)
    return gebeurtenis({"verzegeld": base64.b64encode(zegel).decode()}, aanbieder=None)


def opdracht(opdracht_id="opdracht-1", **anders):
    """toewijzing drew up a 301."""
    data = {"opdracht_id": opdracht_id, "soort": "WMO301", "toegewezen_producten": [PRODUCT]}
    return gebeurtenis(data, **anders)


class Knooppunt:
    """The service under test: its routes over ASGI, its handlers on its own database."""

    def __init__(self, pool, http, teken, klok):
        self.pool, self.http, self._teken, self._klok = pool, http, teken, klok

    @classmethod
    @asynccontextmanager
    async def open(cls, teken, klok):
        app = bouw()
        pool = await open_pool(app.settings)
        app.api.state.pool = pool
        transport = httpx.ASGITransport(app=app.api, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://knooppunt") as http:
            yield cls(pool, http, teken, klok)
        # Its pipes belong to the loop of this test.
        await werker.stop()
        await pool.close()

    event = staticmethod(gebeurtenis)

    def zet_klok(self, moment):
        """Business time from now on."""
        offset_s = dt.datetime.fromisoformat(moment).timestamp() - time.time()
        self._klok.write_text(json.dumps({"versie": 2, "offset_s": offset_s}))

    def _kop(self, agb, gemeente=None):
        """`agb` may be a dict of claims, for a token of another kind."""
        if isinstance(agb, dict):
            return {"Authorization": f"Bearer {self._teken(**{'rollen': ['aanbieder']} | agb)}"}
        partij = {"gemeente": gemeente} if gemeente else {"agb": agb}
        rollen = ["consulent"] if gemeente else ["aanbieder"]
        return {"Authorization": f"Bearer {self._teken(rollen=rollen, **partij)}"}

    async def lever_in(self, inhoud, agb=A1, gemeente=None, soort="application/xml", pad="/v1/berichten"):
        kop = self._kop(agb, gemeente) | {"Content-Type": soort}
        return await self.http.post(pad, content=inhoud, headers=kop)

    async def get(self, agb, pad, gemeente=None):
        return await self.http.get(pad, headers=self._kop(agb, gemeente))

    async def post(self, agb, pad):
        return await self.http.post(pad, headers=self._kop(agb))

    async def doe(self, methode, wie, pad, **verder):
        return await self.http.request(methode, pad, headers=self._kop(wie), **verder)

    async def postbus(self, agb, status="nieuw"):
        return (await self.get(agb, f"/v1/postbus?status={status}")).json()["berichten"]

    async def antwoord_op(self, agb, bericht_id):
        """The bytes of the one answer in the mailbox to this message."""
        (post,) = [een for een in await self.postbus(agb) if een["op_bericht"] == bericht_id]
        return (await self.get(agb, f"/v1/postbus/{post['bericht_id']}")).content

    async def verwerk(self, handler, event):
        async with transaction(self.pool, event.tenant if event else OVERAL) as tx:
            await handler(tx, event)

    async def events(self, soort):
        rijen = await self.pool.fetch("select bericht from outbox where type = $1 order by id", soort)
        return [json.loads(rij["bericht"]) for rij in rijen]

    async def aantal(self, tabel):
        async with transaction(self.pool, OVERAL) as tx:
            return await tx.fetchval(f"select count(*) from {tabel}")

    @staticmethod
    def een_301(identificatie):
        return schrijf.toewijzing_301(
            afzender=GOES,
            ontvanger=A1,
            identificatie=identificatie,
            dagtekening="2026-04-07",
            client=CLIENT,
            toegewezen_producten=[PRODUCT],
        )

    @staticmethod
    def een_302(xml_301):
        """The approving answer of A1 to a 301."""
        return retour.retour(
            codec.parse(xml_301),
            identificatie="R302",
            dagtekening=dt.date(2026, 4, 7),
            header_codes=[],
            codes={},
        )
