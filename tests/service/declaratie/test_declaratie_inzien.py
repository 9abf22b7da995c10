"""De lijsten van een gemeente, met tokens van een echte uitgever."""

import httpx
import pytest

from services.declaratie.__main__ import bouw

CLIENT = "client-1"


REGEL = {
    "referentie_nummer": "R-0001", "vorig_referentie_nummer": None, "toewijzing_nummer": 610001,
    "product_categorie": "02", "product_code": "02A05", "begindatum": "2026-02-02", "einddatum": "2026-02-28",
    "geleverd_volume": 12, "eenheid": "04", "product_tarief_cent": 5875, "ingediend_cent": 70500,
    "debet_credit": "D",
}  # fmt: skip


@pytest.mark.asyncio
async def test_gemeente_ziet_eigen_declaraties_en_grootboek_en_niet_die_van_een_ander(spel, uitgever, monkeypatch):
    url, teken_token = uitgever

    def teken(**claims):
        return {"Authorization": f"Bearer {teken_token(**claims)}"}

    for naam, waarde in {"OMGEVING": "lokaal", "ISSUER": url, "KAFKA": "127.0.0.1:1", "DSN": "-"}.items():
        monkeypatch.setenv(f"ZORGKETEN_{naam}", waarde)
    te_duur = REGEL | {"referentie_nummer": "R-0002", "geleverd_volume": 1, "ingediend_cent": 1}
    await spel.lever(
        spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [REGEL]}),
        *spel.declaratie(2, {CLIENT: [te_duur]}),
    )  # fmt: skip
    verzonden = {"bericht_id": "b325", "soort": "WMO325", "op_bericht": "bericht-1"}
    await spel.lever(spel.gebeurtenis("knooppunt.bericht_verzonden", verzonden))

    app = bouw()
    app.api.state.pool = spel.pool
    goes = teken(gemeente="0664", rollen=["financien"])
    tholen = teken(gemeente="0716", rollen=["financien"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app.api), base_url="http://d") as http:
        lijst = (await http.get("/v1/declaraties?periode=2026-02&limit=1", headers=goes)).json()
        assert [d["declaratie_id"] for d in lijst["declaraties"]] == ["bericht-2"]
        verder = (await http.get(f"/v1/declaraties?na={lijst['volgende']}", headers=goes)).json()
        assert [d["declaratie_id"] for d in verder["declaraties"]] == ["bericht-1"]
        assert verder["volgende"] is None
        een = (await http.get("/v1/declaraties/bericht-1", headers=goes)).json()
        assert (een["toegekend_cent"], een["antwoord"], een["status"]) == (70500, "b325", "afgehandeld")
        assert een["prestaties"][0]["toegekend"]
        twee = (await http.get("/v1/declaraties/bericht-2", headers=goes)).json()
        assert [b["retourcode"] for b in twee["prestaties"][0]["bevindingen"]] == ["9346", "9389", "9321"]
        boek = (await http.get("/v1/prestaties?toewijzing_nummer=610001", headers=goes)).json()
        assert (boek["eenheid"], boek["toegewezen_volume"], boek["over_volume"]) == ("01", 78 * 60, 66 * 60)
        februari = boek["perioden"][0]
        assert (februari["toegewezen_volume"], februari["ingediend_volume"]) == (720, 780)
        assert (februari["toegekend_cent"], februari["over_volume"]) == (70500, 0)

        assert [d["afgekeurd"] for d in lijst["declaraties"]] == [{"9321": 1, "9346": 1, "9389": 1}]
        zicht = (await http.get("/v1/declaraties/bericht-2/overzicht", headers=goes)).json()
        assert zicht["redenen"] == [
            {"retourcode": c, "regels": 1, "ingediend_cent": 1} for c in ("9321", "9346", "9389")
        ]
        assert zicht["maanden"] == [
            {"periode": "2026-02", "declaraties": 2, "afgekeurd": 0, "ingediend_cent": 70501, "toegekend_cent": 70500}
        ]
        pad = "/v1/declaraties/bericht-{}/prestaties"
        uitleg = (await http.get(pad.format(2), headers=goes, params={"afgekeurd": True})).json()
        [regel] = uitleg["prestaties"]
        eerder = {b["retourcode"]: b["eerder"] for b in regel["bevindingen"]}
        assert eerder["9389"] == {"declaratie_id": "bericht-1", "referentie_nummer": "R-0001"}
        assert regel["ruimte"] == {"soort": "periode", "toegewezen": 720, "over": 0, "eenheid": "01"}
        assert (await http.get(pad.format(1), headers=goes, params={"afgekeurd": True})).json()["prestaties"] == []
        alle = (await http.get(pad.format(1), headers=goes)).json()
        assert [r["toegekend"] for r in alle["prestaties"]] == [True] and alle["volgende"] is None

        for pad in (
            "/v1/declaraties/bericht-1",
            "/v1/declaraties/bericht-1/overzicht",
            "/v1/declaraties/bericht-1/prestaties",
            "/v1/prestaties?toewijzing_nummer=610001",
        ):
            assert (await http.get(pad, headers=tholen)).status_code == 404
            assert (await http.get(pad)).status_code == 401
            assert (await http.get(pad, headers=teken(agb="75750101", rollen=["aanbieder"]))).status_code == 403
        assert (await http.get("/v1/declaraties", headers=tholen)).json() == {
            "declaraties": [],
            "volgende": None,
        }
        assert (await http.get("/v1/declaraties?periode=2026-13", headers=goes)).status_code == 400


@pytest.mark.asyncio
async def test_regels_van_een_declaratie_bladeren_geeft_elke_regel_een_keer(spel, uitgever, monkeypatch):
    url, teken_token = uitgever
    for naam, waarde in {"OMGEVING": "lokaal", "ISSUER": url, "KAFKA": "127.0.0.1:1", "DSN": "-"}.items():
        monkeypatch.setenv(f"ZORGKETEN_{naam}", waarde)
    clienten = {f"client-{n}": [REGEL | {"referentie_nummer": f"R-{n}-{r}"} for r in range(3)] for n in range(4)}
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, clienten))
    app = bouw()
    app.api.state.pool = spel.pool
    kop = {"Authorization": f"Bearer {teken_token(gemeente='0664', rollen=['financien'])}"}
    gezien, na = [], {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app.api), base_url="http://d", headers=kop) as http:
        while True:
            pagina = (await http.get("/v1/declaraties/bericht-1/prestaties", params={"limit": 1, **na})).json()
            gezien += [r["referentie_nummer"] for r in pagina["prestaties"]]
            if pagina["volgende"] is None:
                break
            na = {"na": pagina["volgende"]}
        assert (await http.get("/v1/declaraties/bericht-1/prestaties?na=x")).status_code == 422
    assert sorted(gezien) == sorted(r["referentie_nummer"] for regels in clienten.values() for r in regels)
