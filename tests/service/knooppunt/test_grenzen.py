"""Bounds of a sender, identity by certificate, and parties for trials."""

import pytest

from chassis.errors import BadData
from services.knooppunt.handlers import opdrachten
from services.knooppunt.http import grenzen
from tests.service.knooppunt.spel import A1, A2, GOES, opdracht, start, vastgelegd


async def test_te_veel_verzoeken_van_een_afzender_geven_429_en_een_ander_merkt_niets(knooppunt, monkeypatch):
    monkeypatch.setattr(grenzen, "_emmers", grenzen.OrderedDict())
    monkeypatch.setenv("ZORGKETEN_GRENS_STOOT", "3")
    monkeypatch.setenv("ZORGKETEN_GRENS_PER_MINUUT", "1")
    statussen = [(await knooppunt.get(A1, "/v1/postbus")).status_code for _ in range(4)]
    assert statussen == [200, 200, 200, 429]
    antwoord = await knooppunt.get(A1, "/v1/berichten")
    assert 0 < int(antwoord.headers["retry-after"]) <= 60
    assert antwoord.headers["content-type"] == "application/problem+json"
    assert (await knooppunt.get(A2, "/v1/postbus")).status_code == 200


def test_een_emmer_loopt_weer_vol_en_er_zijn_er_niet_oneindig_veel(monkeypatch):
    monkeypatch.setattr(grenzen, "_emmers", grenzen.OrderedDict())
    monkeypatch.setattr(grenzen, "EMMERS_MAX", 2)
    monkeypatch.setenv("ZORGKETEN_GRENS_STOOT", "1")
    monkeypatch.setenv("ZORGKETEN_GRENS_PER_MINUUT", "60")
    assert grenzen.neem("a", 0.0) == 0 and grenzen.neem("a", 0.0) == 1.0
    assert grenzen.neem("a", 1.0) == 0
    for partij in ("b", "c", "d"):
        assert grenzen.neem(partij, 1.0) == 0
    assert list(grenzen._emmers) == ["c", "d"]


async def test_te_veel_grote_bestanden_tegelijk_geven_503(knooppunt, monkeypatch):
    monkeypatch.setenv("ZORGKETEN_GRENS_GROTE_UPLOADS", "1")
    groot = b" " * (2 * 1024 * 1024)
    with grenzen.grote_upload():
        antwoord = await knooppunt.lever_in(groot)
        assert (antwoord.status_code, antwoord.json()["code"]) == (503, "te_druk")
        assert antwoord.headers["retry-after"] and (await knooppunt.lever_in(start("S1"))).status_code == 202
    assert (await knooppunt.lever_in(groot)).status_code in (415, 422), "the place is free again"


KOP = "X-Organisatie"


@pytest.mark.parametrize(
    ("van", "waarde", "verwacht"),
    [("127.0.0.0/8", A1, 200), ("10.0.0.0/8", A1, 401), (None, A1, 401), ("127.0.0.0/8", "7575010x", 401)],
    ids=["vertrouwd", "ander-net", "geen-instelling", "geen-agb"],
)
async def test_certificaat_telt_alleen_van_de_ingang(knooppunt, monkeypatch, van, waarde, verwacht):
    monkeypatch.setenv("ZORGKETEN_MTLS_KOP", KOP)
    if van:
        monkeypatch.setenv("ZORGKETEN_MTLS_VAN", van)
    antwoord = await knooppunt.http.get("/v1/postbus", headers={KOP: waarde})
    assert antwoord.status_code == verwacht


async def test_certificaat_en_token_moeten_dezelfde_partij_noemen(knooppunt, monkeypatch):
    monkeypatch.setenv("ZORGKETEN_MTLS_KOP", KOP)
    monkeypatch.setenv("ZORGKETEN_MTLS_VAN", "127.0.0.1")
    for agb, verwacht in ((A1, 200), (A2, 401)):
        antwoord = await knooppunt.http.get("/v1/postbus", headers=knooppunt._kop(A1) | {KOP: agb})
        assert antwoord.status_code == verwacht


async def test_een_proefpartij_schrijft_niet_naar_een_echte(knooppunt, monkeypatch):
    monkeypatch.setenv("ZORGKETEN_PROEFPARTIJEN", A1)
    antwoord = await knooppunt.lever_in(start("S1"))
    assert (antwoord.status_code, antwoord.json()["code"]) == (403, "proef_en_echt")
    monkeypatch.setenv("ZORGKETEN_PROEFPARTIJEN", f"{A1}, 0664")
    assert (await knooppunt.lever_in(start("S1"))).status_code == 202


async def test_naar_een_proefpartij_gaat_niets_van_een_echte_gemeente(knooppunt, monkeypatch):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    monkeypatch.setenv("ZORGKETEN_PROEFPARTIJEN", A1)
    with pytest.raises(BadData):
        await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    assert await knooppunt.postbus(A1) == []
    monkeypatch.setenv("ZORGKETEN_PROEFPARTIJEN", f"{A1}, {GOES}")
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    assert [rij["soort"] for rij in await knooppunt.postbus(A1)] == ["WMO301"]
