"""A resident gets another address, and moves away: the provider reads it in a 301."""

from schemas.iwmo import codec
from tests.chain.spel import A2, GOES, Zaak, begeleiding, dagbesteding, lees


def meld(keten, dienst, client_id, *, proef=False, **gebeurtenis):
    pad = f"/v1/clienten/{client_id}/gebeurtenissen?proef={str(proef).lower()}"
    antwoord = keten.vraag("POST", dienst, pad, GOES, json=gebeurtenis)
    assert antwoord.status_code == (200 if proef else 202), antwoord.text
    return antwoord.json()


def test_een_ander_adres_staat_in_de_volgende_301_en_s19_een_verhuizing_eindigt_alles(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, A2)
    eerste = lees(zaak.ken_toe(begeleiding(), dagbesteding(einddatum="2026-07-31")))
    client_id = keten.toewijzing(GOES, zaak.nummers[0])["client_id"]

    adres = {"straat": "Havenstraat", "huisnummer": 8, "postcode": "4463BB", "plaats": "Goes"}
    meld(keten, "intake", client_id, soort="adres", adres=adres)
    xml = keten.wacht_op_301(A2, set(zaak.nummers))
    assert b"4463BB" in xml and b"4461AB" not in xml
    assert codec.parse(xml).inhoud()["toegewezen_producten"] == eerste["toegewezen_producten"], "IV013"
    keten.keur_goed(A2, xml)

    keten.klok("2026-05-20T10:00:00+02:00")
    verhuizing = {"soort": "verhuizing", "datum": "2026-06-01"}
    proef = meld(keten, "toewijzing", client_id, proef=True, **verhuizing)
    assert {g["toewijzing_nummer"]: g["einddatum"] for g in proef["gevolgen"]} == dict.fromkeys(
        zaak.nummers, "2026-05-31"
    )
    assert meld(keten, "toewijzing", client_id, **verhuizing)["gevolgen"] == proef["gevolgen"]
    producten = lees(keten.wacht_op_301(A2, set(zaak.nummers)))["toegewezen_producten"]
    assert {(p["einddatum"], p["reden_wijziging"]) for p in producten} == {("2026-05-31", "07")}


def test_een_fout_product_wordt_in_een_301_hersteld_en_de_301_is_te_herzenden_iv013(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, A2)
    zaak.ken_toe(begeleiding())
    [fout] = zaak.nummers
    juist = {"product": {"categorie": "07", "code": "07A12"}, "omvang": dagbesteding()["omvang"]}
    antwoord = keten.vraag("POST", "toewijzing", f"/v1/toewijzingen/{fout}/correctie", GOES, json=juist)
    assert antwoord.status_code == 202, antwoord.text
    goed = antwoord.json()["nieuw_toewijzing_nummer"]
    xml = keten.wacht_op_301(A2, {fout, goed})
    redenen = {p["toewijzing_nummer"]: p["reden_wijziging"] for p in lees(xml)["toegewezen_producten"]}
    assert redenen == {fout: "13", goed: None}
    keten.keur_goed(A2, xml)
    keten.wacht_op_toewijzing(GOES, goed, lambda t: t["laatste_301"]["status"] == "goedgekeurd")
    herzonden = keten.vraag("POST", "toewijzing", f"/v1/toewijzingen/{goed}/herzending", GOES, json={})
    assert herzonden.status_code == 202, herzonden.text
    [product] = lees(keten.wacht_op_301(A2, {goed}))["toegewezen_producten"]
    assert (product["toewijzing_nummer"], product["reden_wijziging"]) == (goed, None)
