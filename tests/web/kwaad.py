"""Markup and script in every field that somebody else fills in, brought in by the doors through which it would come."""

from __future__ import annotations

import json
import uuid
from itertools import cycle
from typing import Any
from urllib.parse import quote

import httpx

from chassis import bsn
from chassis.clock import clock
from chassis.db import transaction
from chassis.kafka import Event
from schemas.iwmo import schrijf
from tests.web.buurt import Buurt
from tests.web.geld import RESIDENT, een_305
from tests.web.spel import Kantoor

NOORD_BEVELAND, A3 = "1695", "75750303"
CORPUS = (
    "<img src=x onerror=document.title='stuk'>",
    "\"><script>document.title='stuk'</script>",
    "'\"--></style></script><svg onload=alert(1)>",
    "</textarea><iframe src=javascript:alert(1)>",
    "' autofocus onfocus=alert(1) x='",
    '<a href="javascript:alert(1)">klik</a>',
    "{{ 7 * 7 }}${7*7}<%= 7*7 %>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<base href=//kwaad.example><b>vet</b>",
    "<math><mtext></p><style><img src onerror=alert(1)>",
)
KORT = ("<script>1</script>", "<i onx=1>")
"""As a ReferentieNummer (20) and an Identificatie (12) of a message can hold; a DeclaratieNummer holds none (CS319)."""
KAPOT = (
    b"<Bericht xmlns='x'>" + "".join(f"<v>{t.replace('&', '&amp;').replace('<', '&lt;')}</v>" for t in CORPUS).encode()
)
LEEFT = """() => ({
    titel: document.title.includes('stuk'),
    elementen: document.querySelectorAll(
        'main script, main iframe, main object, main embed, main img, main base, main style, main math, main b').length,
    handlers: [...document.querySelectorAll('*')].filter(
        e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
    adressen: [...document.querySelectorAll('[href], [action], [src]')].filter(e => ['href', 'action', 'src'].some(
        n => /^\\s*javascript:/i.test(e.getAttribute(n) ?? ''))).length,
})"""
"""What of the corpus came alive on a page."""
TEKST = """() => {
    document.querySelectorAll('details').forEach(d => { d.open = true; });
    return [document.body.innerText, ...[...document.querySelectorAll('main input')].map(veld => veld.value)].join(' ');
}"""
"""What stands on a page for a person to read, folded out."""
DOOD = {"titel": False, "elementen": 0, "handlers": 0, "adressen": 0}
_GEVULD: dict[str, str] = {}


async def vul(b: Buurt) -> None:
    """Two messages and a declaratie in XML, contracts, settings, notes, names, and a person with a strange name."""
    await b.contracten(NOORD_BEVELAND, (A3,), leveringsvorm=CORPUS[0][:40])
    client_id = bsn.pseudonym(NOORD_BEVELAND, RESIDENT["bsn"])
    _GEVULD["client_id"] = client_id
    await b.toewijzing(NOORD_BEVELAND, A3, 630001, client_id)
    teams = [{"team": "west", "naam": CORPUS[1]}, {"team": "oost", "naam": CORPUS[2]}]
    instellingen = {"geldig_vanaf": "2026-01-01", "standaard_team": "west", "teams": teams}
    await b.vraag("intake", "PUT", "/v1/instellingen", NOORD_BEVELAND, json=instellingen)
    vreemd = {"Authorization": f"Bearer {b.kantoor.token(gemeente=NOORD_BEVELAND, sub=CORPUS[3])}"}
    plafond = {"budgetten": [{"product_categorie": "02", "plafond_cent": 1}]}
    jaar = clock.today().year
    await b.vraag("declaratie", "PUT", f"/v1/budgetten/{jaar}", NOORD_BEVELAND, json=plafond, kop=vreemd)
    xml = {"Content-Type": "application/xml"}
    for tekst, identificatie in zip(CORPUS, KORT, strict=False):
        bericht = een_305(A3, NOORD_BEVELAND, achternaam=tekst, identificatie=identificatie[-12:])
        await b.vraag("knooppunt", "POST", "/v1/berichten", A3, content=bericht, kop=xml)
    _GEVULD["declaratie"] = (await b.vraag("knooppunt", "POST", "/v1/berichten", A3, content=_een_323(), kop=xml))[
        "bericht_id"
    ]
    await _breng_rond(b)
    _werk(b.kantoor, client_id)


def _een_323() -> bytes:
    regel = {"toewijzing_nummer": 630001, "product_categorie": "02", "product_code": "02A05", "begindatum": "2026-02-02",
             "einddatum": "2026-02-28", "geleverd_volume": 99, "eenheid": "04", "product_tarief_cent": 5875,
             "ingediend_cent": 99 * 5875, "debet_credit": "D", "referentie_nummer": KORT[0]}  # fmt: skip
    vandaag = clock.today()
    inhoud = {"declaratie_nummer": "KWAAD323", "declaratie_dagtekening": f"{vandaag}",
              "declaratie_periode": {"begindatum": "2026-02-01", "einddatum": "2026-02-28"},
              "clienten": [{"bsn": RESIDENT["bsn"], "prestaties": [regel]}]}  # fmt: skip
    return schrijf.declaratie_323(
        afzender=A3, ontvanger=NOORD_BEVELAND, identificatie="X323", dagtekening=vandaag, declaratie=inhoud
    )


async def _breng_rond(b: Buurt) -> None:
    """Every event of this gemeente, from the outbox of its owner to who reads it, until there are no more."""
    from services.declaratie.handlers import declaratie, delen
    from services.toewijzing.handlers import bericht

    async def deel(tx: Any, event: Event) -> None:
        assert not await delen.declaratiedelen_ontvangen(tx, [event]), "it waits: a fact is missing"

    lezers = {
        "knooppunt.declaratie_ontvangen": ("declaratie", declaratie.declaratie_ontvangen),
        "knooppunt.declaratiedeel_ontvangen": ("declaratie", deel),
        "knooppunt.bericht_ontvangen": ("toewijzing", bericht.bericht_ontvangen),
    }
    for dienst in ("knooppunt", "declaratie", "toewijzing"):
        for rij in await b.pools[dienst].fetch("SELECT bericht FROM outbox ORDER BY id"):
            event = Event.model_validate_json(rij["bericht"])
            if event.gemeente != NOORD_BEVELAND:
                continue
            if lezer := lezers.get(event.type):
                async with transaction(b.pools[lezer[0]], event.tenant) as tx:
                    # What it would wait for does not come.
                    await lezer[1](tx, event.model_copy(update={"wacht_voorbij": True}))
            if event.type in _getoond():
                b.kantoor.meld(event.type, event.data, **json.loads(event.model_dump_json(exclude={"type", "data"})))


def _getoond() -> set[str]:
    from services.backoffice.domain.onderwerpen import VERTELLERS

    return set(VERTELLERS)


def _werk(kantoor: Kantoor, client_id: str) -> None:
    """What people and other services put on the list, in the log and at the parking place."""
    wie = {"client_id": client_id, "aanbieder": A3, "gemeente": NOORD_BEVELAND}
    teksten = cycle(CORPUS)
    for n, tekst in enumerate(CORPUS):
        stap = {"melding_id": str(uuid.uuid4()), "volgnummer": 1, "team": tekst, "status": "ontvangen"}
        kantoor.meld("intake.melding_ontvangen", stap, client_id=client_id, gemeente=NOORD_BEVELAND)
        kantoor.parkeer(
            "toewijzing.termijn_nadert", {"tekst": tekst}, "onbruikbaar", **wie | {"client_id": f"{n}" * 26}
        )
    gebruik = {"toewijzing_nummer": 630001, "soort": "minder", "sinds": "2026-01-01", "t_m": "2026-03-01", "maanden": 3,
               "verplicht_cent": 100, "gerealiseerd_cent": 1}  # fmt: skip
    kantoor.meld("declaratie.gebruik_wijkt_af", gebruik, **wie)
    kop = {"Authorization": f"Bearer {kantoor.token(gemeente=NOORD_BEVELAND, sub=CORPUS[4])}"}
    with httpx.Client(base_url=kantoor.url, trust_env=False, headers=kop, timeout=30) as client:
        taken = client.get("/v1/werkvoorraad?soort=signaal").json()["werkvoorraad"]
        pad = f"/v1/werkvoorraad/{taken[0]['taak_id']}"
        _GEVULD["taak"] = pad.removeprefix("/v1")
        for tekst in CORPUS:
            assert client.post(f"{pad}/notities", json={"tekst": tekst}).status_code == 204
        assert client.put(f"{pad}/toedeling", json={"behandelaar": next(teksten)}).status_code == 204
        vervanging = {"afwezig": next(teksten), "vervanger": next(teksten), "t_m": "2099-01-01"}
        assert client.put("/v1/vervangingen", json=vervanging).status_code == 204
        assert client.get(f"/v1/zaken/{'E' * 26}").status_code == 404


def paginas() -> dict[str, list[str]]:
    """Per party every page that shows what others filled in, also what stands in its own address."""
    kwaad = quote(CORPUS[1])
    return {
        NOORD_BEVELAND: [
            "/stroom", f"/stroom?aanbieder={quote('<b>')}&soort={quote('<b>')}", "/werkvoorraad", _GEVULD["taak"],
            f"/werkvoorraad?behandelaar={kwaad}", f"/zaken/{_GEVULD['client_id']}", "/parkeerplaats", "/logboek",
            f"/logboek?client_id={quote('<img src=x>')}", "/declaraties", f"/declaraties?periode={quote('<b>x')}",
            f"/declaraties/{_GEVULD['declaratie']}", f"/declaraties/{_GEVULD['declaratie']}?regels=alle",
            "/grip", "/grip/meldingen", f"/grip/meldingen?team={kwaad}", "/grip/gebruik",
            "/grip/toewijzingen?jaar=2026&categorie=02", "/beheer", f"/beheer?aanbieder={quote('<b>')}",
            "/beheer/producten", "/beheer/budgetten", "/beheer/instellingen",
        ],
        A3: ["/aanbieder", "/aanbieder/berichten", f"/aanbieder/berichten/{_GEVULD['declaratie']}",
             f"/aanbieder/berichten?soort={quote('<b>')}"],
    }  # fmt: skip
