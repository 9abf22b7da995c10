"""The same life for two municipalities and three providers, through the routes and handlers of every service."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import httpx

from chassis import bsn, inbox
from chassis.clock import clock
from chassis.db import OVERAL, Pool, transaction
from chassis.kafka import Event
from chassis.kluis import kluis
from schemas.iwmo import schrijf
from services.backoffice.handlers import leesmodel, logboek
from services.declaratie.handlers import beeld, declaratie, delen
from services.declaratie.handlers import budget as budgetten
from services.declaratie.store import gebruik as gebruik_store
from services.knooppunt.handlers import opdrachten
from services.notifications.handlers import melden
from services.toewijzing.handlers import bericht, indicatie
from tests.service.intake.een import KAART, STAPPEN, een_beschikking, een_signaal

Partij = str
"""A gemeente (4 digits) or an AGB (8 digits)."""
Bezit = dict[str, set[str]]
"""Per route parameter the ids that a party may see."""

GEMEENTEN = ("0664", "0716")
AANBIEDERS = ("75750101", "75750202", "75750303")
BSNS = ("999990019", "999990020", "999990032")
PRODUCT = {"categorie": "02", "code": "02A05"}
OMVANG = {"volume": 3, "eenheid": "04", "frequentie": "2"}
TOEGEWEZEN = {
    "toewijzing_nummer": 610001, "referentie_aanbieder": None, "product": PRODUCT,
    "toewijzingsdatum": "2026-01-19", "toewijzingstijd": "10:00:00", "ingangsdatum": "2026-02-02",
    "einddatum": None, "reden_wijziging": None, "omvang": OMVANG, "budget_cent": None, "commentaar": None,
}  # fmt: skip


def een_client(nummer: str) -> dict[str, Any]:
    return {
        "bsn": nummer, "geboortedatum": "1950-05-17", "geslacht": "2", "naam": {"achternaam": "Testduin"},
        "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"},
    }  # fmt: skip


async def een_deel(tx: Any, event: Event) -> None:
    assert not await delen.declaratiedelen_ontvangen(tx, [event]), "it waits: a fact is missing"


class Vulling:
    """Writes, and keeps who owns which id."""

    def __init__(self, pools: dict[str, Pool], http: dict[str, httpx.AsyncClient], token: Callable[..., Any]) -> None:
        self.pools, self.http, self.token = pools, http, token
        self.regel = 0
        self.bezit: dict[Partij, Bezit] = {partij: defaultdict(set) for partij in GEMEENTEN + AANBIEDERS}

    async def _event(
        self, service: str, handler: Any, type_: str, data: Any, client_id: str | None, **wie: str
    ) -> None:
        event = Event(event_id=str(uuid.uuid4()), type=type_, client_id=client_id, volgnummer=1,
                      gebeurd_at=clock.now(), data=data, **wie)  # fmt: skip
        async with transaction(self.pools[service], event.tenant) as tx:
            await handler(tx, event)

    async def _json(self, service: str, methode: str, pad: str, wie: Partij, rol: str, **verder: Any) -> Any:
        antwoord = await self.http[service].request(
            methode, pad, headers=self.token(wie, rol) | verder.pop("kop", {}), **verder
        )
        assert antwoord.is_success, f"{service} {pad}: {antwoord.status_code} {antwoord.text}"
        return antwoord.json() if antwoord.content else None

    async def gemeente(self, gemeente: Partij, volgorde: int) -> None:
        """Contracts, a resident with an indicatie, toewijzingen, and a message each way with every provider."""
        mijn = self.bezit[gemeente]
        contract = {"product_categorie": "02", "product_code": "02A05", "variant": "inspanning", "eenheid": "04",
                    "tarief_cent": 5875, "geldig_vanaf": "2025-01-01"}  # fmt: skip
        contracten = [
            contract | {"aanbieder": agb, "product_code": code} for agb in AANBIEDERS for code in ("02A05", "02A03")
        ]
        await self._json("toewijzing", "PUT", "/v1/contracten", gemeente, "beheerder", json=contracten)
        await self._json("toewijzing", "PUT", "/v1/instellingen", gemeente, "beheerder", json={})
        await self._json("notifications", "PUT", "/v1/voorkeuren", gemeente, "beheerder",
                         json={"email": f"wmo@gemeente-{gemeente}.example"})  # fmt: skip
        await self._webhook(gemeente, "beheerder")
        for plek, agb in enumerate(AANBIEDERS):
            nummer = BSNS[plek]
            producten = [{"aanbieder": agb, "product": PRODUCT, "ingangsdatum": "2026-02-02", "omvang": OMVANG}]
            gemaakt = await self._json(
                "intake", "POST", "/v1/indicaties", gemeente, "consulent", kop={"Idempotency-Key": f"{plek}"},
                json={"client": een_client(nummer), "beschikking": {"nummer": "1", "ingangsdatum": "2026-01-01"},
                      "producten": producten},
            )  # fmt: skip
            mijn["indicatie_id"].add(gemaakt["indicatie_id"])
            client_id = gemaakt["client_id"]
            mijn["client_id"].add(client_id)
            # The numbers start alike everywhere: only the last municipality has the later ones.
            for beurt in range(volgorde + 1):
                dag = dt.date(2026, 2 + 2 * beurt, 1)
                deel = producten[0] | {"ingangsdatum": f"{dag}", "einddatum": f"{dag.replace(day=28)}"}
                data = {"indicatie_id": str(uuid.uuid4()), "producten": [deel],
                        "beschikking": {"nummer": "1", "ingangsdatum": "2026-01-01"}}  # fmt: skip
                await self._event("toewijzing", indicatie.indicatie_vastgesteld, "intake.indicatie_vastgesteld", data,
                                  client_id, gemeente=gemeente)  # fmt: skip
            await self._verzoek(gemeente, agb, client_id)
            await self._berichten(gemeente, agb, nummer, client_id)
            await self._declaratie(gemeente, agb, client_id, plek, volgorde)
            await self._meldingen(gemeente, agb, client_id)
        await self._weg_naar_besluit(gemeente)
        await self._brieven(gemeente)
        await self._betalen(gemeente)
        for plek, van in enumerate(sorted(mijn["client_id"])[:2]):
            await self._parkeer(gemeente, van, plek)
        lijst = await self._json("toewijzing", "GET", "/v1/toewijzingen?limit=500", gemeente, "consulent")
        mijn["nummer"] = {str(rij["toewijzing_nummer"]) for rij in lijst["toewijzingen"]}
        lijst = await self._json("toewijzing", "GET", "/v1/verzoeken?limit=500", gemeente, "consulent")
        mijn["verzoek_id"] = {rij["verzoek_id"] for rij in lijst["verzoeken"]}
        lijst = await self._json("notifications", "GET", "/v1/notificaties?limit=500", gemeente, "consulent")
        mijn["notificatie_id"] = {rij["notificatie_id"] for rij in lijst["notificaties"]}

    async def _webhook(self, wie: Partij, rol: str) -> None:
        for naam in (f"mijn-webhook-{wie}", f"mijn-oude-webhook-{wie}"):
            await self._json(
                "notifications", "PUT", f"/v1/webhooks/{naam}", wie, rol, json={"url": "http://localhost:1/"}
            )
            self.bezit[wie]["webhook_id"].add(naam)

    async def _brieven(self, gemeente: Partij) -> None:
        """A team that wants to hear by post, and a batch for it."""
        voorkeur = {"team": "noord", "kanaal": "brief", "adres": ["Team noord", "Markt 1", "4461 AA Goes"]}
        await self._json("notifications", "PUT", "/v1/voorkeuren", gemeente, "beheerder", json=voorkeur)
        data = {"termijn_id": str(uuid.uuid4()), "soort": "signaal", "wie": "team", "team": "noord", "signaal_id": "s",
                "uiterlijk": "2026-02-05"}  # fmt: skip
        await self._event("notifications", melden.meld_termijn_van_melding, "intake.termijn_verstreken", data, None,
                          gemeente=gemeente)  # fmt: skip
        batch = await self._json("notifications", "POST", "/v1/brieven", gemeente, "consulent")
        self.bezit[gemeente]["batch_id"].add(batch["batch_id"])

    async def _weg_naar_besluit(self, gemeente: Partij) -> None:
        """A signal, and a melding up to and including its letter."""
        mijn = self.bezit[gemeente]
        instellingen = {"geldig_vanaf": "2026-01-01", "standaard_team": "west"}
        await self._json("intake", "PUT", "/v1/instellingen", gemeente, "beheerder", json=instellingen)
        await self._json("intake", "PUT", "/v1/sociale-kaart", gemeente, "beheerder", json=KAART)
        signaal = await self._json("intake", "POST", "/v1/signalen", gemeente, "consulent", json=een_signaal())
        mijn["signaal_id"].add(signaal["signaal_id"])
        melding = {"client": een_client(BSNS[0]), "melder": {"soort": "inwoner"}, "hulpvraag": "-"}
        gemeld = await self._json("intake", "POST", "/v1/meldingen", gemeente, "consulent", json=melding)
        mijn["melding_id"].add(gemeld["melding_id"])
        for stap in (
            "PUT plan",
            "PUT onderzoek",
            "POST onderzoek/afronding",
            "PUT afweging",
            "POST aanvraag",
            "POST beschikking",
        ):
            methode, _, pad = stap.partition(" ")
            body = STAPPEN[stap]
            if stap == "POST beschikking":
                body = een_beschikking(herziening_op=f"{clock.today() + dt.timedelta(days=90)}")
            await self._json("intake", methode, f"/v1/meldingen/{gemeld['melding_id']}/{pad}", gemeente, "consulent", json=body)  # fmt: skip

    async def _verzoek(self, gemeente: Partij, agb: Partij, client_id: str) -> None:
        product = {"referentie_aanbieder": f"V-{agb}", "product": {"categorie": "02", "code": "02A03"},
                   "toewijzing_ingangsdatum": "2026-03-02", "omvang": OMVANG}  # fmt: skip
        nu = clock.now()
        data = {"bericht_id": str(uuid.uuid4()), "ontvangstnummer": 1, "soort": "WMO315", "identificatie": f"V{agb}",
                "dagtekening": f"{nu.date()}", "ontvangen_at": nu.isoformat(), "inhoud": {"aangevraagde_producten": [product]}}  # fmt: skip
        await self._event("toewijzing", bericht.bericht_ontvangen, "knooppunt.bericht_ontvangen", data, client_id,
                          gemeente=gemeente, aanbieder=agb)  # fmt: skip

    async def _berichten(self, gemeente: Partij, agb: Partij, nummer: str, client_id: str) -> None:
        client = een_client(nummer)
        zegel = base64.b64encode(
            bsn.seal(await kluis.sleutel(client_id), json.dumps(client).encode(), client_id)
        ).decode()
        wie = {"gemeente": gemeente, "aanbieder": agb}
        await self._event("knooppunt", opdrachten.client_vastgelegd, "intake.client_vastgelegd", {"verzegeld": zegel},
                          client_id, gemeente=gemeente)  # fmt: skip
        data = {"opdracht_id": str(uuid.uuid4()), "soort": "WMO301", "toegewezen_producten": [TOEGEWEZEN]}
        await self._event(
            "knooppunt", opdrachten.bericht_opgesteld, "toewijzing.bericht_opgesteld", data, client_id, **wie
        )
        xml = schrijf.start_305(
            afzender=agb, ontvanger=gemeente, identificatie=f"S{gemeente}", client=client,
            dagtekening=clock.today(),
            start_producten=[{"toewijzing_nummer": 610001, "product": PRODUCT, "toewijzing_ingangsdatum": "2026-02-02",
                              "begindatum": "2026-02-04", "status_aanlevering": "1"}],
        )  # fmt: skip
        kop = {"Content-Type": "application/xml"}
        await self._json("knooppunt", "POST", "/v1/berichten", agb, "aanbieder", content=xml, kop=kop)
        for partij, rol in ((gemeente, "consulent"), (agb, "aanbieder")):
            lijst = await self._json("knooppunt", "GET", "/v1/berichten?limit=500", partij, rol)
            self.bezit[partij]["bericht_id"] = {rij["bericht_id"] for rij in lijst["berichten"]}
        post = await self._json("knooppunt", "GET", "/v1/postbus?status=alle&limit=500", agb, "aanbieder")
        self.bezit[agb]["postbus"] = {rij["bericht_id"] for rij in post["berichten"]}
        self.bezit[agb]["sub"] = {f"leverancier-{agb}", f"oude-leverancier-{agb}"}
        for sub in self.bezit[agb]["sub"]:
            await self._json("knooppunt", "PUT", f"/v1/mandaten/{sub}", agb, "aanbieder", json={})

    async def _declaratie(self, gemeente: Partij, agb: Partij, client_id: str, plek: int, volgorde: int) -> None:
        wie = {"gemeente": gemeente, "aanbieder": agb}
        # Two numbers in the last municipality, so that it has one that the first does not know.
        nummers = [700001 + plek + 100 * beurt for beurt in range(volgorde + 1)]
        self.bezit[gemeente]["toewijzing_nummer"] |= {str(nummer) for nummer in nummers}
        for nummer in nummers:
            toewijzing = {"toewijzing_nummer": nummer, "versie": 1, "aanbieder": agb, "product": PRODUCT, "omvang": OMVANG,
                          "budget_cent": None, "ingangsdatum": "2026-02-02", "einddatum": None, "reden_wijziging": None,
                          "variant": "inspanning", "status": "goedgekeurd"}  # fmt: skip
            await self._event("declaratie", beeld.toewijzing_vastgelegd, "toewijzing.toewijzing_vastgelegd", toewijzing,
                              client_id, **wie)  # fmt: skip
            levering = {
                "toewijzing_nummer": nummer,
                "levering": "gestart",
                "begindatum": "2026-02-04",
                "einddatum": None,
            }
            await self._event(
                "declaratie", beeld.levering_gewijzigd, "toewijzing.levering_gewijzigd", levering, client_id, **wie
            )
        contract = {"variant": "inspanning", "geldig_vanaf": "2025-01-01", "product_categorie": "02",
                    "product_code": "02A05", "eenheid": "04", "tarief_cent": 5875}  # fmt: skip
        await self._event("declaratie", beeld.contracten_vastgelegd, "toewijzing.contracten_vastgelegd",
                          {"contracten": [contract | {"aanbieder": een} for een in AANBIEDERS]}, None, gemeente=gemeente)  # fmt: skip
        bericht_id = f"d-{gemeente}-{agb}"
        gedeeld = {"bericht_id": bericht_id, "ontvangstnummer": 1 + plek, "declaratie_nummer": "DN1",
                   "declaratie_periode": {"begindatum": "2026-02-01", "einddatum": "2026-02-28"},
                   "declaratie_dagtekening": "2026-03-02"}  # fmt: skip
        regel = {"regel": 0, "referentie_nummer": "R1", "vorig_referentie_nummer": None, "toewijzing_nummer": nummers[0],
                 "product_categorie": "02", "product_code": "02A05", "begindatum": "2026-02-02", "einddatum": "2026-02-28",
                 "geleverd_volume": 12, "eenheid": "04", "product_tarief_cent": 5875, "ingediend_cent": 70500,
                 "debet_credit": "D"}  # fmt: skip
        kop = gedeeld | {"identificatie": "I1", "dagtekening": "2026-03-02", "delen": 1, "ontvangen_at": "2026-03-02T08:00:00Z",
                         "totaal_ingediend_cent": 70500, "antwoord_uiterlijk": "2026-03-16"}  # fmt: skip
        await self._event(
            "declaratie", declaratie.declaratie_ontvangen, "knooppunt.declaratie_ontvangen", kop, None, **wie
        )
        await self._event("declaratie", een_deel, "knooppunt.declaratiedeel_ontvangen",
                          gedeeld | {"deel": 0, "prestaties": [regel]}, client_id, **wie)  # fmt: skip
        self.bezit[gemeente]["declaratie_id"].add(bericht_id)

    async def _betalen(self, gemeente: Partij) -> None:
        """A budget, accounts that two persons agreed on, and a payment to every provider."""
        budget = {"budgetten": [{"product_categorie": "02", "plafond_cent": 1}]}
        await self._json("declaratie", "PUT", "/v1/budgetten/2026", gemeente, "financien", json=budget)
        async with transaction(self.pools["declaratie"], OVERAL) as tx:
            await budgetten.watch_budgets(tx)
            # The same table that the watch over use fills once a month is closed.
            await gebruik_store.claim_gebruik(tx, gemeente, 700001, "minder", dt.date(2026, 2, 1), dt.date(2026, 1, 1))
        rekeningen = {
            "gemeente": {"iban": "NL91ABNA0417164300", "naam": "Gemeente"},
            "aanbieders": [{"aanbieder": agb, "iban": "NL02ABNA0123456789", "naam": "Zorg"} for agb in AANBIEDERS],
        }
        for rol in ("financien", "beheerder"):
            await self._json("declaratie", "PUT", "/v1/betaalgegevens", gemeente, rol, json=rekeningen)
        bestand = await self._json(
            "declaratie", "POST", "/v1/betaalbestanden", gemeente, "financien", json={"t_m": f"{clock.today()}"}
        )
        mijn = self.bezit[gemeente]
        mijn["betaalbestand_id"].add(bestand["betaalbestand_id"])
        for betaling in bestand["betalingen"]:
            mijn["betaling_id"].add(betaling["betaling_id"])
            self.bezit[betaling["aanbieder"]]["betaling_id"].add(betaling["betaling_id"])

    async def _parkeer(self, gemeente: Partij, client_id: str, plek: int) -> None:
        """In every service an event of this gemeente that could not be handled."""
        event = {"event_id": str(uuid.uuid4()), "type": "x.y", "gemeente": gemeente, "client_id": client_id,
                 "gebeurd_at": "2026-02-05T08:00:00Z", "data": {}}  # fmt: skip
        bron = inbox.Herkomst("x.v1", plek, int(gemeente), None, json.dumps(event).encode())
        for service, pool in self.pools.items():
            async with transaction(pool, OVERAL) as tx:
                await inbox.park(tx, bron, "onbruikbaar", event_id=event["event_id"], klant=client_id, type="x.y")
            lijst = await self._json(service, "GET", "/v1/geparkeerd", gemeente, "consulent")
            self.bezit[gemeente]["geparkeerd_id"] = {str(rij["geparkeerd_id"]) for rij in lijst["geparkeerd"]}

    async def _werk(self, gemeente: Partij) -> None:
        lijst = await self._json("backoffice", "GET", "/v1/werkvoorraad?limit=500", gemeente, "consulent")
        self.bezit[gemeente]["taak_id"] = {taak["taak_id"] for taak in lijst["werkvoorraad"]}
        pad = f"/v1/werkvoorraad/{lijst['werkvoorraad'][0]['taak_id']}"
        await self._json("backoffice", "PUT", f"{pad}/toedeling", gemeente, "consulent", json={"behandelaar": "jan"})
        await self._json("backoffice", "POST", f"{pad}/notities", gemeente, "consulent", json={"tekst": "gebeld"})
        vervanging = {"afwezig": "jan", "vervanger": f"ans-van-{gemeente}", "t_m": "2099-01-01"}
        await self._json("backoffice", "PUT", "/v1/vervangingen", gemeente, "consulent", json=vervanging)

    async def _meldingen(self, gemeente: Partij, agb: Partij, client_id: str) -> None:
        data = {
            "bericht_id": str(uuid.uuid4()),
            "soort": "WMO301",
            "wacht_op": "WMO302",
            "uiterlijk": "2026-02-05",
            "partij": agb,
        }
        wie = {"gemeente": gemeente, "aanbieder": agb}

        async def meld(tx: Any, event: Event) -> None:
            await melden.meld_termijn(tx, event, backoffice="http://backoffice.example")

        await self._event("notifications", meld, "knooppunt.termijn_verstreken", data, client_id, **wie)

        async def meld_ook_aanbieder(tx: Any, event: Event) -> None:
            await melden.meld_gemelde_termijn(tx, event, backoffice="http://backoffice.example")

        termijn = {"termijn_id": str(uuid.uuid4()), "soort": "start", "wie": "aanbieder", "partij": agb,
                   "uiterlijk": "2026-02-05", "toewijzing_nummer": 610001, "bericht_id": None}  # fmt: skip
        await self._event(
            "notifications", meld_ook_aanbieder, "toewijzing.termijn_verstreken", termijn, client_id, **wie
        )
        lijst = await self._json("notifications", "GET", "/v1/notificaties?limit=500", agb, "aanbieder")
        self.bezit[agb]["notificatie_id"] = {rij["notificatie_id"] for rij in lijst["notificaties"]}

        async def leg_vast(tx: Any, event: Event) -> None:
            await leesmodel.leg_vast(tx, [event])

        await self._event("backoffice", leg_vast, "knooppunt.termijn_verstreken", data, client_id, **wie)
        stap = {
            "melding_id": str(uuid.uuid4()),
            "volgnummer": 1,
            "stap": "melding",
            "status": "ontvangen",
            "team": "west",
        }
        gebruik = {"toewijzing_nummer": 700001 + self.regel, "soort": "minder", "sinds": "2026-01-01", "t_m": "2026-03-01",
                   "maanden": 3, "verplicht_cent": 100, "gerealiseerd_cent": 1}  # fmt: skip
        oordeel = {"bericht_id": str(uuid.uuid4()), "soort": "WMO305", "codes": {"StartProduct": ["9326"]}}
        await self._event("backoffice", leg_vast, "intake.melding_ontvangen", stap, client_id, gemeente=gemeente)
        await self._event("backoffice", leg_vast, "declaratie.gebruik_wijkt_af", gebruik, client_id, **wie)
        await self._event("backoffice", leg_vast, "toewijzing.bericht_beoordeeld", oordeel, client_id, **wie)
        await self._werk(gemeente)
        self.regel += 1
        inzage = {"volgnummer": self.regel, "wie": "jan", "namens": gemeente, "handeling": "ingezien",
                  "gebeurd_at": "2026-02-05T08:00:00Z", "vorige": "", "schakel": "00"}  # fmt: skip
        await self._event("backoffice", logboek.leg_toegang_vast, "intake.toegang_vastgelegd", inzage, client_id,
                          gemeente=gemeente)  # fmt: skip


async def vul(
    pools: dict[str, Pool], http: dict[str, httpx.AsyncClient], token: Callable[..., Any]
) -> dict[Partij, Bezit]:
    """Fill every service for every party; gives who may see which ids."""
    vulling = Vulling(pools, http, token)
    for agb in AANBIEDERS:
        await vulling._webhook(agb, "aanbieder")
    for volgorde, gemeente in enumerate(GEMEENTEN):
        await vulling.gemeente(gemeente, volgorde)
    return vulling.bezit
