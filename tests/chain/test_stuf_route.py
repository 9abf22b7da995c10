"""A provider with a StUF route: a message is delivered at least once, also over a road that was down."""

import httpx

from lokaal.spel import wacht_tot
from schemas.iwmo import codec
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, begeleiding

AGB = VAN_BESTAND["stuf_route"]


def test_301_gaat_over_stuf_met_dezelfde_referentie_tot_zij_bezorgd_is(keten):
    adres = f"{keten.urls['stuf']}/{AGB}"
    httpx.put(f"{adres}/storing", content=b"2").raise_for_status()
    route = {"soort": "stuf", "url": adres}
    antwoord = keten.vraag("PUT", "knooppunt", f"/v1/routes/{AGB}", GOES, json=route)
    assert antwoord.status_code == 200, antwoord.text
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, AGB)
    indicatie = keten.indicatie(GOES, zaak.client, [begeleiding(aanbieder=AGB)])

    def ontvangen():
        return httpx.get(adres).json() or None

    [nummer] = wacht_tot(ontvangen, "de envelop")
    inhoud = codec.parse(httpx.get(f"{adres}/{nummer}").content).inhoud()
    assert [p["toewijzing_nummer"] for p in inhoud["toegewezen_producten"]] == indicatie["toewijzing_nummers"]

    def bezorgd():
        [rij] = keten.postbus(AGB, status="alle")
        stand = keten.vraag("GET", "knooppunt", f"/v1/berichten/{rij['bericht_id']}", AGB).json()
        stappen = [stap["stap"] for stap in stand["tijdlijn"]]
        return stappen if "DELIVERED" in stappen else None

    assert "SENT" in wacht_tot(bezorgd, "de bezorging")
    assert keten.postbus(AGB) == [], "the Bv03 is the receipt"
    client_id = keten.toewijzing(GOES, indicatie["toewijzing_nummers"][0])["client_id"]

    def gelogd():
        rijen = keten.vraag("GET", "backoffice", f"/v1/logboek?client_id={client_id}", GOES).json().get("logboek", [])
        return [rij for rij in rijen if rij["handeling"] == "bericht_bezorgd"] or None

    [inzage] = wacht_tot(gelogd, "de bezorging staat in het logboek")
    assert inzage["namens"] == AGB, "NEN 7513: one row, however often it was tried"


def test_een_route_gaat_alleen_naar_een_vrijgegeven_adres(keten):
    for url in ("http://169.254.169.254/latest", "https://example.org/stuf", "file:///etc/passwd", "http://10.0.0.1/"):
        route = {"soort": "stuf", "url": url}
        antwoord = keten.vraag("PUT", "knooppunt", f"/v1/routes/{AGB}", GOES, json=route)
        assert antwoord.status_code == 422 and url not in antwoord.text
