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

        for pad in ("/v1/declaraties/bericht-1", "/v1/prestaties?toewijzing_nummer=610001"):
            assert (await http.get(pad, headers=tholen)).status_code == 404
            assert (await http.get(pad)).status_code == 401
            assert (await http.get(pad, headers=teken(agb="75750101", rollen=["aanbieder"]))).status_code == 403
        assert (await http.get("/v1/declaraties", headers=tholen)).json() == {
            "declaraties": [],
            "volgende": None,
        }
        assert (await http.get("/v1/declaraties?periode=2026-13", headers=goes)).status_code == 400
