"""A change of many contracts is shown with the toewijzingen that it touches; a new product needs no new code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from chassis.db import Pool
from services.toewijzing.http import ROUTERS
from tests.service.toewijzing.test_http import CONTRACT, browser
from tests.service.toewijzing.zaak import A1, Zaak, begeleiding, van

Klok = Callable[[str], None]
PAD = "/v1/contracten/wijzigingen"
NIEUW_PRODUCT = CONTRACT | {"product_code": "02X77", "geldig_vanaf": "2026-09-01"}


@pytest.fixture
async def http(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    async with browser("toewijzing", pool, *ROUTERS) as client:
        yield client


async def test_einde_van_een_contract_toont_eerst_wie_het_raakt(
    http: httpx.AsyncClient, pool: Pool, zet_klok: Klok
) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    await zaak.indiceer(begeleiding())
    [rij] = await zaak.toewijzingen()
    einde = {"soort": "beeindiging", "aanbieder": A1, "product_categorie": "02", "laatste_dag": "2026-04-30"}
    voor = (await http.get("/v1/contracten")).json()
    proef = await http.post(PAD, json=einde, params={"proef": "true"})
    assert proef.status_code == 200, proef.text
    van_zaak = [t for t in proef.json()["toewijzingen"] if t["client_id"] == zaak.client_id]
    geraakt = {
        "toewijzing_nummer": rij["toewijzing_nummer"], "client_id": zaak.client_id, "aanbieder": A1,
        "gevolg": "zonder_contract", "vanaf": "2026-05-01",
    }  # fmt: skip
    assert van_zaak == [geraakt]
    assert (await http.get("/v1/contracten")).json() == voor, "a trial leaves nothing behind"

    echt = await http.post(PAD, json=einde)
    assert echt.status_code == 202 and echt.json() == proef.json() | {"proef": False}
    na = (await http.get("/v1/contracten")).json()
    assert [c["geldig_tot"] for c in na] == ["2026-04-30", None]
    laatste = (await http.get("/v1/contracten/geschiedenis?limit=1")).json()["versies"][0]
    anders = len([c for c in na if c not in voor])
    assert (laatste["regels"], laatste["nieuw"], laatste["vervallen"]) == (2, anders, anders) and anders
    # A decision that no contract covers is refused before it leaves.
    gebeurd = await Zaak(pool).indiceer(begeleiding(ingangsdatum="2026-06-01"))
    assert [b["regel"] for b in van(gebeurd, "indicatie_geweigerd")[0]["bevindingen"]] == ["CONTRACT"]


async def test_een_nieuw_product_is_een_rij_met_een_datum(http: httpx.AsyncClient, pool: Pool, zet_klok: Klok) -> None:
    await Zaak(pool).contracten()
    antwoord = await http.post(PAD, json={"soort": "toevoeging", "contracten": [NIEUW_PRODUCT]})
    assert antwoord.status_code == 202, antwoord.text
    assert [c["product_code"] for c in antwoord.json()["nieuw"]] == ["02X77"] and not antwoord.json()["vervallen"]
    product = {"categorie": "02", "code": "02X77"}
    te_vroeg = begeleiding(product=product, ingangsdatum="2026-08-31", einddatum="2026-12-31")
    gebeurd = await Zaak(pool).indiceer(te_vroeg)
    assert [b["regel"] for b in van(gebeurd, "indicatie_geweigerd")[0]["bevindingen"]] == ["CONTRACT"]
    gebeurd = await Zaak(pool).indiceer(te_vroeg | {"ingangsdatum": "2026-09-01"})
    assert van(gebeurd, "bericht_opgesteld")


@pytest.mark.parametrize(
    "fout",
    [
        {"soort": "indexatie", "per": "2027-01-01", "promille": 1.5},
        {"soort": "beeindiging", "laatste_dag": "2026-04-30"},
        {"soort": "toevoeging", "contracten": []},
        {"soort": "iets"},
    ],
)
async def test_een_wijziging_die_niet_klopt(http: httpx.AsyncClient, zet_klok: Klok, fout: dict[str, object]) -> None:
    assert (await http.post(PAD, json=fout)).status_code == 422


async def test_elke_versie_van_de_instellingen_blijft_te_zien(http: httpx.AsyncClient) -> None:
    for mag in (False, True, True):
        antwoord = await http.put("/v1/instellingen", json={"verzoek_om_wijziging_toegestaan": mag})
        assert antwoord.status_code == 200
    versies = (await http.get("/v1/instellingen/geschiedenis")).json()["versies"]
    assert [v["waarden"]["verzoek_om_wijziging_toegestaan"] for v in versies[:2]] == [True, False]
    assert versies[0]["versie"] == versies[1]["versie"] + 1, "the same again is no version"
