"""Plafond, verplichting bij de 301, besteding bij de 325, prognose, drempels en een dag in het verleden."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import AMSTERDAM
from chassis.db import OVERAL, transaction
from services.declaratie.handlers import budget

from .test_declaratie_beoordelen import CLIENT, R1, credit, een_prestatie

pytestmark = pytest.mark.asyncio
UREN_610001 = 78 * 5875


async def stand(http, als, vraag=""):
    antwoord = await http.get(f"/v1/budgetten/2026{vraag}", headers=als())
    assert antwoord.status_code == 200, antwoord.text
    return {b["product_categorie"]: b for b in antwoord.json()["budgetten"]}


async def bewaak(spel):
    async with transaction(spel.pool, OVERAL) as tx:
        await budget.watch_budgets(tx)


async def drempels(spel):
    rijen = await spel.pool.fetch("select convert_from(bericht, 'UTF8')::jsonb as b from outbox where type = $1 order by id",
                                  "declaratie.budget_bereikt")  # fmt: skip
    return [(r["b"]["data"]["product_categorie"], r["b"]["data"]["procent"]) for r in rijen]


async def test_verplicht_bij_de_301_en_besteed_bij_de_325(spel, gemeente_http):
    http, als = gemeente_http
    body = {"budgetten": [{"product_categorie": "02", "plafond_cent": 1_000_000}]}
    assert (await http.put("/v1/budgetten/2026", json=body, headers=als())).status_code == 200
    await spel.lever(spel.toewijzing())
    assert (await stand(http, als))["02"]["verplicht_cent"] == 0, "no rate is known yet"
    await spel.lever(spel.contracten())
    rij = (await stand(http, als))["02"]
    assert (rij["plafond_cent"], rij["verplicht_cent"], rij["gerealiseerd_cent"]) == (1_000_000, UREN_610001, 0)
    assert (rij["prognose_cent"], rij["over_cent"]) == (UREN_610001, 1_000_000 - UREN_610001)

    await spel.lever(*spel.declaratie(1, {CLIENT: [R1]}))
    rij = (await stand(http, als))["02"]
    assert (rij["verplicht_cent"], rij["gerealiseerd_cent"]) == (UREN_610001, 70500)
    februari = 68738
    verwacht = 70500 + round((UREN_610001 - februari) * 70500 / februari)
    assert rij["prognose_cent"] == rij["prognose_laag_cent"] == rij["prognose_hoog_cent"] == verwacht
    assert rij["maanden"][0] == {"maand": "2026-02", "verplicht_cent": februari, "gerealiseerd_cent": 70500}
    await spel.lever(*spel.declaratie(2, {CLIENT: [credit(R1, "R-2")]}))
    rij = (await stand(http, als))["02"]
    assert (rij["gerealiseerd_cent"], rij["prognose_cent"]) == (0, UREN_610001)


async def test_elk_cijfer_is_de_som_van_zijn_toewijzingen_en_de_band_volgt_de_maanden(spel, gemeente_http):
    http, als = gemeente_http
    alle = {f"client-{n}": spel.toewijzing(nummer=610001 + n, client_id=f"client-{n}") for n in range(3)}
    await spel.lever(spel.contracten(), *alle.values())
    regels = [een_prestatie(f"B{n}", 4 * n, toewijzing_nummer=610001 + n) for n in (1, 2)]
    await spel.lever(*spel.declaratie(1, {"client-1": [regels[0]], "client-2": [regels[1]]}))
    som = (await stand(http, als))["02"]
    assert som["prognose_laag_cent"] <= som["prognose_cent"] <= som["prognose_hoog_cent"]
    gevallen, na = [], 0
    while na is not None:
        pagina = await http.get(f"/v1/budgetten/2026/toewijzingen?product_categorie=02&limit=2&na={na}", headers=als())
        gevallen += pagina.json()["toewijzingen"]
        na = pagina.json()["volgende"]
    assert [g["toewijzing_nummer"] for g in gevallen] == [610001, 610002, 610003]
    assert [g["client_id"] for g in gevallen] == ["client-0", "client-1", "client-2"]
    for veld in ("verplicht_cent", "gerealiseerd_cent"):
        assert sum(g[veld] for g in gevallen) == som[veld] == sum(m[veld] for m in som["maanden"]) > 0
    leeg = await http.get("/v1/budgetten/2026/toewijzingen", headers=als())
    assert leeg.json() == {"toewijzingen": [], "volgende": None}


async def test_plafonds_blijven_te_zien_met_wie_en_wanneer(spel, gemeente_http):
    http, als = gemeente_http
    for cent in (100, 200):
        body = {"budgetten": [{"product_categorie": "02", "plafond_cent": cent}]}
        assert (await http.put("/v1/budgetten/2026", json=body, headers=als())).status_code == 200
    eerste = (await http.get("/v1/budgetten/2026/geschiedenis?limit=1", headers=als())).json()
    assert [p["plafond_cent"] for p in eerste["plafonds"]] == [200]
    rest = (await http.get(f"/v1/budgetten/2026/geschiedenis?na={eerste['volgende']}", headers=als())).json()
    assert [p["plafond_cent"] for p in rest["plafonds"]] == [100] and rest["volgende"] is None
    assert rest["plafonds"][0]["door"]


async def test_een_afgekeurde_of_verwijderde_toewijzing_telt_niet(spel, gemeente_http):
    http, als = gemeente_http
    await spel.lever(spel.contracten(), spel.toewijzing())
    langer = spel.toewijzing(versie=2, einddatum="2026-12-31", reden_wijziging="04", status="afgekeurd")
    await spel.lever(langer)
    assert (await stand(http, als))["02"]["verplicht_cent"] == UREN_610001
    await spel.lever(spel.toewijzing(versie=3, einddatum="2026-02-02", reden_wijziging="13"))
    assert "02" not in await stand(http, als)


async def test_een_generieke_toewijzing_staat_apart_en_haar_declaratie_bij_de_categorie(spel, gemeente_http):
    http, als = gemeente_http
    generiek = spel.toewijzing(product=None, omvang=None, budget_cent=300000)
    await spel.lever(spel.contracten(), generiek, *spel.declaratie(1, {CLIENT: [R1]}))
    alle = await stand(http, als)
    assert alle[None]["verplicht_cent"] == 300000 and alle["02"]["gerealiseerd_cent"] == 70500


async def test_elke_drempel_wordt_een_keer_gemeld_en_bij_een_nieuw_plafond_opnieuw(spel, gemeente_http):
    http, als = gemeente_http
    await spel.lever(spel.contracten(), spel.toewijzing())
    for plafond, gemeld in (
        (UREN_610001 * 2, []),
        (UREN_610001 * 100 // 96, [80, 95]),
        (UREN_610001, [80, 95, 80, 95, 100]),
    ):
        body = {"budgetten": [{"product_categorie": "02", "plafond_cent": plafond}]}
        await http.put("/v1/budgetten/2026", json=body, headers=als())
        await bewaak(spel)
        await bewaak(spel)
        assert await drempels(spel) == [("02", procent) for procent in gemeld]
    assert [s["procent"] for s in (await stand(http, als))["02"]["signalen"]] == [80, 95, 80, 95, 100]


async def test_een_dag_in_het_verleden_is_te_zien(spel, gemeente_http):
    http, als = gemeente_http
    nu = datetime.now(UTC)
    lang_geleden, vorige_week = nu - timedelta(days=30), nu - timedelta(days=7)
    await spel.lever(spel.contracten(), spel.toewijzing().model_copy(update={"gebeurd_at": lang_geleden}))
    langer = spel.toewijzing(versie=2, omvang={"volume": 6, "eenheid": "04", "frequentie": "2"})
    await spel.lever(langer.model_copy(update={"gebeurd_at": vorige_week}))
    await spel.lever(*spel.declaratie(1, {CLIENT: [een_prestatie("R-1", 12)]}))
    body = {"budgetten": [{"product_categorie": "02", "plafond_cent": 1}]}
    await http.put("/v1/budgetten/2026", json=body, headers=als())

    def dag(moment, later=0):
        # Days are counted on the calendar: a day earlier on the clock is the same day when summer time ends.
        return f"?peildatum={moment.astimezone(AMSTERDAM).date() + timedelta(days=later)}"

    assert await stand(http, als, dag(lang_geleden, -1)) == {}
    toen = (await stand(http, als, dag(vorige_week, -1)))["02"]
    assert (toen["verplicht_cent"], toen["gerealiseerd_cent"], toen["plafond_cent"]) == (UREN_610001, 0, None)
    nu_ = (await stand(http, als))["02"]
    assert (nu_["verplicht_cent"], nu_["gerealiseerd_cent"], nu_["plafond_cent"]) == (UREN_610001 * 2, 70500, 1)
    morgen = await http.get(f"/v1/budgetten/2026{dag(nu, 2)}", headers=als())
    assert morgen.status_code == 400


async def test_een_dag_in_het_verleden_heeft_de_tarieven_die_toen_bekend_waren(spel, gemeente_http):
    http, als = gemeente_http
    nu = datetime.now(UTC)

    def op(event, dagen):
        return event.model_copy(update={"gebeurd_at": nu - timedelta(days=dagen)})

    async def verplicht(dagen):
        dag = nu.astimezone(AMSTERDAM).date() - timedelta(days=dagen)
        return (await stand(http, als, f"?peildatum={dag}"))["02"]["verplicht_cent"]

    await spel.lever(op(spel.contracten(), 30), op(spel.toewijzing(status="verzonden"), 30))
    await spel.lever(op(spel.contracten(6000), 20), op(spel.contracten(6500), 10))
    # The 302 says nothing about money, and the same list again changes nothing.
    await spel.lever(op(spel.toewijzing(), 5), op(spel.contracten(6500), 4))
    assert [await verplicht(dagen) for dagen in (25, 15, 0)] == [78 * 5875, 78 * 6000, 78 * 6500]


async def test_een_categorie_staat_er_een_keer_in(gemeente_http):
    http, als = gemeente_http
    twee = [{"product_categorie": "02", "plafond_cent": 1}] * 2
    assert (await http.put("/v1/budgetten/2026", json={"budgetten": twee}, headers=als())).status_code == 422
    onbekend = [{"product_categorie": "99", "plafond_cent": 1}]
    assert (await http.put("/v1/budgetten/2026", json={"budgetten": onbekend}, headers=als())).status_code == 422
