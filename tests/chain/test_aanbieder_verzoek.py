"""S35, S40 and S46 with the reference client: what a provider asks, and what it knows of the answers."""

import json

import pytest

from lokaal.spel import wacht_tot
from tests.chain.client import Client
from tests.chain.spel import GOES, MET_CLIENT, begeleiding, een_bsn, een_client, nummer

AGB = MET_CLIENT[1]


@pytest.fixture
def client(keten, tmp_path):
    keten.klok("2026-03-10T10:00:00+01:00")
    return Client(keten, AGB, tmp_path)


def besluit(keten, referentie, soort, **body):
    """The municipality decides on a verzoek once it is in."""

    def zoek():
        rijen = keten.vraag("GET", "toewijzing", "/v1/verzoeken?limit=500", GOES).json()["verzoeken"]
        return next((r["verzoek_id"] for r in rijen if r["referentie_aanbieder"] == referentie), None)

    pad = f"/v1/verzoeken/{wacht_tot(zoek, 'het verzoek is binnen')}/{soort}"
    antwoord = keten.vraag("POST", "toewijzing", pad, GOES, json=body)
    assert antwoord.status_code == 202, antwoord.text


def wacht_op(client, referentie, status):
    """Empty the mailbox until the verzoek stands so."""

    def zo():
        assert client.doe("synchroniseer")[0] == 0
        standen = {v["referentie_aanbieder"]: v["status"] for v in json.loads(client.doe("verzoeken", "--json")[1])}
        return True if standen[referentie] == status else None

    wacht_tot(zo, f"het verzoek is {status}", 60)


def test_s35_s40_vot_wordt_toegewezen_en_een_vow_gaat_via_onderzoek_naar_afwijzing(keten, client, tmp_path):
    bsn, vot, vow = een_bsn(), nummer("REF"), nummer("REF")
    open_beschikking = {
        "client": een_client(bsn), "beschikking": {"nummer": "1001", "ingangsdatum": "2026-01-01"}, "producten": [],
    }  # fmt: skip
    gemaakt = keten.vraag("POST", "intake", "/v1/indicaties", GOES, json=open_beschikking).json()["indicatie_id"]

    def vastgelegd():
        stand = keten.vraag("GET", "intake", f"/v1/indicaties/{gemaakt}", GOES).json()["status"]
        return True if stand != "ontvangen" else None

    wacht_tot(vastgelegd, "de beschikking is bekend")
    product = begeleiding(ingangsdatum="2026-03-16")
    bestand = tmp_path / "vot.json"
    persoon = {veld: een_client(bsn)[veld] for veld in ("bsn", "geboortedatum", "geslacht", "naam")}
    vraag = {
        "gemeente": GOES,
        "aanbieder": AGB,
        "client": persoon,
        "aangevraagde_producten": [
            {
                "referentie_aanbieder": vot,
                "product": product["product"],
                "toewijzing_ingangsdatum": product["ingangsdatum"],
                "toewijzing_einddatum": product["einddatum"],
                "omvang": product["omvang"],
                "verwijzer": {"type": "01"},
            }
        ],
    }
    bestand.write_text(json.dumps(vraag))
    assert client.doe("verzoek", "vot", bestand)[0] == 0
    besluit(keten, vot, "toekenning", afwijking={"omvang": {**product["omvang"], "volume": 2}})
    wacht_op(client, vot, "toegewezen")
    (toewijzing,) = json.loads(client.doe("toewijzingen", "--json")[1])
    assert (toewijzing["omvang"]["volume"], toewijzing["referentie_aanbieder"]) == (2, vot), "IV094"

    bestand = tmp_path / "vow.toml"
    bestand.write_text(
        f'gemeente = "{GOES}"\nreferentie_aanbieder = "{vow}"\n[[te_wijzigen_producten]]\n'
        f"toewijzing_nummer = {toewijzing['toewijzing_nummer']}\n"
        "gewenste_ingangsdatum = 2026-05-04\nvolume = 5\n"
    )
    assert client.doe("verzoek", "vow", bestand)[0] == 0
    besluit(keten, vow, "onderzoek")
    wacht_op(client, vow, "in_onderzoek")
    besluit(keten, vow, "afwijzing", reden="2")
    wacht_op(client, vow, "afgewezen")
    soorten = {b["soort"]: b["status"] for b in json.loads(client.doe("berichten", "--json")[1])}
    assert soorten["WMO315"] == soorten["WMO317"] == "goedgekeurd"
