"""Lang veel minder of meer gebruik is een signaal, een keer per oorzaak; en de open cijfers."""

import json
from datetime import UTC, datetime

import pytest

from chassis.clock import clock
from chassis.db import OVERAL, transaction
from services.declaratie.handlers import gebruik

from .test_declaratie_beoordelen import CLIENT, R1, een_prestatie

pytestmark = pytest.mark.asyncio


@pytest.fixture
def klok(tmp_path):
    """Zet de testklok op een dag."""
    bestand, versies = tmp_path / "klok.json", iter(range(1, 100))

    def zet(dag):
        offset = (datetime.fromisoformat(f"{dag}T12:00:00+00:00") - datetime.now(UTC)).total_seconds()
        bestand.write_text(json.dumps({"offset_s": offset, "versie": next(versies)}))
        clock.configure(str(bestand), omgeving="lokaal")

    yield zet
    clock.configure(None, omgeving="lokaal")


async def signalen(spel):
    async with transaction(spel.pool, OVERAL) as tx:
        await gebruik.watch_gebruik(tx)
        await gebruik.watch_gebruik(tx)
    rijen = await spel.pool.fetch("select bericht from outbox where type = 'declaratie.gebruik_wijkt_af' order by id")
    data = [json.loads(r["bericht"])["data"] for r in rijen]
    return [(d["toewijzing_nummer"], d["soort"], d["sinds"], d["t_m"], d["gerealiseerd_cent"]) for d in data]


async def test_drie_gesloten_maanden_te_weinig_is_een_signaal_en_niet_elke_maand_opnieuw(spel, klok):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    klok("2026-05-20")
    assert await signalen(spel) == [], "only February and March are closed"
    klok("2026-06-02")
    eerste = [(610001, "minder", "2026-02-01", "2026-04-01", 70500)]
    assert await signalen(spel) == eerste
    klok("2026-07-02")
    assert await signalen(spel) == eerste, "it goes on: the same cause"


async def test_na_een_goede_maand_is_het_een_nieuwe_oorzaak(spel, klok):
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    klok("2026-06-02")
    assert len(await signalen(spel)) == 1
    maart = een_prestatie("R-3", 18, begindatum="2026-03-01", einddatum="2026-03-31")
    april = een_prestatie("R-4", 15, begindatum="2026-04-01", einddatum="2026-04-30")
    await spel.lever(*spel.declaratie(2, {CLIENT: [maart, april]}, "2026-04"))
    klok("2026-07-02")
    assert len(await signalen(spel)) == 1, "March to May: enough"
    klok("2026-09-02")
    assert [s[2] for s in await signalen(spel)] == ["2026-02-01", "2026-05-01"]


async def test_meer_dan_toegezegd_per_maand(spel, klok):
    """Een totaal zonder grens per maand raakt in drie maanden op."""
    totaal = spel.toewijzing(omvang={"volume": 100, "eenheid": "04", "frequentie": "6"}, einddatum="2026-12-31")
    regels = [
        een_prestatie(f"R-{m}", 30, begindatum=begin, einddatum=eind)
        for m, begin, eind in (
            (2, "2026-02-02", "2026-02-28"), (3, "2026-03-01", "2026-03-31"), (4, "2026-04-01", "2026-04-30"))
    ]  # fmt: skip
    await spel.lever(spel.contracten(), totaal, *spel.declaratie(1, {CLIENT: regels}, "2026-04"))
    klok("2026-06-02")
    assert await signalen(spel) == [(610001, "meer", "2026-02-01", "2026-04-01", 3 * 30 * 5875)]


async def test_open_cijfers_noemen_geen_groep_onder_de_tien(spel, gemeente_http):
    http, als = gemeente_http
    clienten = {f"client-{n}": 610001 + n for n in range(10)}
    februari = {c: [een_prestatie(f"F-{n}", 1, toewijzing_nummer=n)] for c, n in clienten.items()}
    maart = {
        c: [een_prestatie(f"M-{n}", 1, toewijzing_nummer=n, begindatum="2026-03-01", einddatum="2026-03-31")]
        for c, n in list(clienten.items())[:9]
    }
    await spel.lever(spel.contracten(), *[spel.toewijzing(n, c) for c, n in clienten.items()])
    await spel.lever(*spel.declaratie(1, februari), *spel.declaratie(2, maart, "2026-03"))
    antwoord = await http.get("/v1/open-cijfers/2026", headers=als())
    assert antwoord.text.splitlines() == [
        "gemeente;maand;product_categorie;clienten;toegekend_cent",
        "0664;2026-02;02;10;58750",
        "0664;2026-03;02;<10;",
    ]
    ander = await http.get("/v1/open-cijfers/2026", headers=als("t", gemeente="0716", rollen=["financien"]))
    assert len(ander.text.splitlines()) == 1
