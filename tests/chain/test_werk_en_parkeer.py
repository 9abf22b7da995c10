"""The back office at work in a running chain: a refused 301 sent again, and poison that was mended, on the pages."""

import os
import re

import httpx

from lokaal.spel import wacht_tot
from schemas.iwmo.retour import retour
from tests.chain.gif import herstel, vergiftig
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, begeleiding, lees

A = VAN_BESTAND["werk"]


def pagina(keten, methode, pad, **verder):
    """A page of the back office as a browser without JavaScript asks for it."""
    return httpx.request(
        methode, keten.urls["backoffice"] + pad, cookies={"zorgketen_token": keten.token(gemeente=GOES)},
        headers={"Sec-Fetch-Site": "same-origin"}, timeout=30, trust_env=False, **verder,
    )  # fmt: skip


def lijst(keten, soort):
    antwoord = keten.vraag("GET", "backoffice", f"/v1/werkvoorraad?soort={soort}&aanbieder={A}&limit=500", GOES)
    return antwoord.json()["werkvoorraad"]


def geparkeerd(keten, client_id):
    antwoord = keten.vraag("GET", "backoffice", "/v1/parkeerplaats?limit=500", GOES).json()
    assert antwoord["niet_bereikt"] == []
    return [rij for rij in antwoord["parkeerplaats"] if rij["client_id"] == client_id]


def test_op286_een_geweigerde_301_gaat_vanaf_de_werkvoorraad_opnieuw(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, A)
    indicatie = keten.indicatie(GOES, zaak.client, [begeleiding(aanbieder=A)])
    xml = keten.wacht_op_301(A, set(indicatie["toewijzing_nummers"]))
    weigering = retour(xml, identificatie=os.urandom(6).hex(), dagtekening=keten.vandaag(), header_codes=["0001"])
    assert keten.post_xml(A, weigering).status_code == 202
    [taak] = wacht_tot(lambda: lijst(keten, "afkeuring") or None, "de geweigerde 301 staat in de werkvoorraad")
    assert taak["toewijzing_nummers"] == indicatie["toewijzing_nummers"]
    bladzijde = pagina(keten, "GET", taak["pad"])
    assert "Verzend opnieuw" in bladzijde.text and zaak.bsn not in bladzijde.text
    [sleutel] = set(re.findall(r'name="sleutel" value="([^"]+)"', bladzijde.text))
    for _ in range(2):  # a double click is one command
        gedaan = pagina(keten, "POST", taak["pad"], data={"handeling": "herzending", "sleutel": sleutel})
        assert gedaan.status_code in (303, 422)
    keten.keur_goed(A, keten.wacht_op_301(A, set(indicatie["toewijzing_nummers"])))
    wacht_tot(lambda: not lijst(keten, "afkeuring") or None, "de taak is weg")
    nieuw = [rij["soort"] for rij in keten.postbus(A)]
    assert nieuw == [], "one 301 again, however often the form came"


def test_g06_gif_in_de_keten_wordt_hersteld_en_op_volgorde_alsnog_verwerkt(keten):
    """What cannot be handled is parked with what is behind it; mended and let go, the end is as without poison."""
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, A)
    indicatie = keten.indicatie(GOES, zaak.client, [begeleiding(aanbieder=A)])
    [nummer] = indicatie["toewijzing_nummers"]
    client_id = keten.toewijzing(GOES, nummer)["client_id"]
    xml = keten.wacht_op_301(A, {nummer})
    # A defect for this client alone: the 302 of its provider cannot be recorded.
    vergiftig(keten, client_id)
    keten.keur_goed(A, xml)
    [rij] = wacht_tot(lambda: geparkeerd(keten, client_id) or None, "de 302 staat geparkeerd")
    assert (rij["service"], rij["type"], rij["reden"]) == ("toewijzing", "knooppunt.bericht_ontvangen", "onbruikbaar")
    keten.klok("2026-02-05T10:00:00+01:00")
    start = keten.post_xml(A, zaak.start_305(nummer, "2026-02-04")).json()["bericht_id"]
    wacht_tot(lambda: geparkeerd(keten, client_id)[0]["erachter"] or None, "de 305 staat erachter")

    bladzijde = pagina(keten, "GET", "/parkeerplaats")
    assert rij["id"] in bladzijde.text and zaak.bsn not in bladzijde.text and "Testduin" not in bladzijde.text
    proef = {"handeling": "proef", "gekozen": rij["id"]}
    assert "blijft geparkeerd" in pagina(keten, "POST", "/parkeerplaats", data=proef).text
    herstel(keten)
    assert "2 × wordt verwerkt" in pagina(keten, "POST", "/parkeerplaats", data=proef).text
    assert pagina(keten, "POST", "/parkeerplaats", data=proef | {"handeling": "opnieuw"}).status_code == 303

    antwoord = keten.wacht_op_antwoord(A, start)
    assert lees(keten.haal_op(A, antwoord))["retourcodes"] == []
    assert geparkeerd(keten, client_id) == []
    rij = keten.toewijzing(GOES, nummer)
    assert (rij["laatste_301"]["status"], rij["levering"]) == ("goedgekeurd", "gestart"), "as without poison"
