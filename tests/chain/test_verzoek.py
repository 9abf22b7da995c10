"""S35-S46: a VOT (315) and a VOW (317), their retours, and the 301 or 319 that follows."""

import datetime as dt
import os

import pytest

from lokaal.spel import wacht_tot
from schemas.iwmo import codec, schrijf_verzoek
from schemas.iwmo.retour import retour
from tests.chain.spel import (
    A1,
    GOES,
    Zaak,
    begeleiding,
    dagbesteding,
    een_bsn,
    een_client,
    geweigerd_om,
    nummer,
    retourcodes,
)

NOORD_BEVELAND, REIMERSWAAL, KAPELLE = "1695", "0703", "0678"
DERDEN = {
    REIMERSWAAL: [("75750202", "15A01", "14")],
    NOORD_BEVELAND: [(A1, "02A05", "04"), (A1, "07A12", "16")],
    KAPELLE: [(A1, "02A05", "04")],
}


@pytest.fixture(scope="module")
def gemeenten(keten):
    """Three municipalities with contracts; Reimerswaal lets nobody ask for changes."""
    for gemeente, rijen in DERDEN.items():
        keten.zet_contracten(
            gemeente,
            [
                {
                    "aanbieder": agb,
                    "product_categorie": code[:2],
                    "product_code": code,
                    "variant": "inspanning",
                    "eenheid": eenheid,
                    "tarief_cent": 5000,
                    "geldig_vanaf": "2025-01-01",
                }
                for agb, code, eenheid in rijen
            ],
        )
    keten.vraag(
        "PUT", "toewijzing", "/v1/instellingen", REIMERSWAAL, json={"verzoek_om_wijziging_toegestaan": False}
    ).raise_for_status()


@pytest.fixture
def speler(keten, gemeenten):
    return Speler(keten)


class Speler:
    """Both sides of a verzoek, through HTTP and XML."""

    def __init__(self, keten):
        self.keten, self.bsn = keten, een_bsn()

    def vastgelegd(self, gemeente, producten=()):
        """A decided indicatie; empty is an open beschikking."""
        opdracht = {
            "client": een_client(self.bsn),
            "beschikking": {"nummer": "1001", "ingangsdatum": "2026-01-01"},
            "producten": list(producten),
        }
        antwoord = self.keten.vraag("POST", "intake", "/v1/indicaties", gemeente, json=opdracht)
        assert antwoord.status_code == 201, antwoord.text
        pad = f"/v1/indicaties/{antwoord.json()['indicatie_id']}"

        def klaar():
            stand = self.keten.vraag("GET", "intake", pad, gemeente).json()
            return stand if stand["status"] != "ontvangen" else None

        stand = wacht_tot(klaar, "de indicatie is verwerkt")
        assert stand["status"] == "toegewezen", stand
        return stand["toewijzing_nummers"]

    def _kop(self, agb, gemeente, dagtekening=None):
        return {
            "afzender": agb,
            "ontvanger": gemeente,
            "identificatie": nummer("V"),
            "dagtekening": dagtekening or self.keten.vandaag(),
        }

    def vot_xml(self, *producten, gemeente=NOORD_BEVELAND, agb=A1, dagtekening=None):
        return schrijf_verzoek.vot_315(
            **self._kop(agb, gemeente, dagtekening), client=een_client(self.bsn), aangevraagde_producten=producten
        )

    def vot(self, *producten, agb=A1, **anders):
        return self.keten.wissel(agb, self.vot_xml(*producten, agb=agb, **anders))

    def vow_xml(self, verzoek, gemeente=GOES, agb=A1):
        return schrijf_verzoek.vow_317(**self._kop(agb, gemeente), bsn=self.bsn, verzoek=verzoek)

    def vow(self, verzoek, gemeente=GOES, agb=A1):
        return self.keten.wissel(agb, self.vow_xml(verzoek, gemeente, agb))

    def verzoeken(self, gemeente, referentie):
        rijen = self.keten.vraag("GET", "toewijzing", "/v1/verzoeken?limit=500", gemeente).json()["verzoeken"]
        return [rij for rij in rijen if rij["referentie_aanbieder"] == referentie]

    def verzoek(self, gemeente, referentie, status=None):
        def zoek():
            gevonden = [r for r in self.verzoeken(gemeente, referentie) if status in (None, r["status"])]
            return gevonden[0] if gevonden else None

        return wacht_tot(zoek, f"het verzoek {status or ''}")

    def besluit(self, gemeente, verzoek, soort, **body):
        pad = f"/v1/verzoeken/{verzoek['verzoek_id']}/{soort}"
        return self.keten.vraag("POST", "toewijzing", pad, gemeente, json=body)

    def ontvang(self, agb, soort, is_het):
        """The next new message of this kind that fits; confirmed."""

        def zoek():
            for rij in self.keten.postbus(agb):
                if rij["soort"] == soort:
                    xml = self.keten.haal_op(agb, rij["bericht_id"])
                    if is_het(codec.parse(xml).inhoud()):
                        self.keten.bevestig(agb, rij["bericht_id"])
                        return xml, rij["bericht_id"]
            return None

        return wacht_tot(zoek, f"een {soort}")

    def antwoord_319(self, agb, referentie):
        xml, bericht_id = self.ontvang(agb, "WMO319", lambda i: i["antwoord"]["referentie_aanbieder"] == referentie)
        return codec.parse(xml).inhoud()["antwoord"], xml, bericht_id

    def stuur_retour(self, agb, xml):
        terug = retour(xml, identificatie=os.urandom(6).hex(), dagtekening=self.keten.vandaag())
        return self.keten.post_xml(agb, terug)


def ap(referentie, **anders):
    return {
        "referentie_aanbieder": referentie,
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-03-16",
        "toewijzing_einddatum": "2026-08-31",
        "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
        "verwijzer": {"type": "01", "naam": "Testwijkteam"},
    } | anders


def dag(referentie):
    omvang = {"volume": 4, "eenheid": "16", "frequentie": "2"}
    return ap(referentie, product={"categorie": "07", "code": "07A12"}, omvang=omvang)


def klassecodes(retour_):
    return retour_["client"]["retourcodes"]


def test_s35_s36_vot_wordt_301_en_319_en_een_tweede_verzoek_geeft_9374_tr374(speler):
    keten = speler.keten
    keten.klok("2026-03-10T10:00:00+01:00")
    speler.vastgelegd(NOORD_BEVELAND)
    een, twee = nummer("REF"), nummer("REF")
    assert retourcodes(speler.vot(ap(een), dag(twee), dagtekening=dt.date(2026, 3, 9))) == []
    eerste, tweede = speler.verzoek(NOORD_BEVELAND, een), speler.verzoek(NOORD_BEVELAND, twee)
    assert (eerste["soort"], eerste["status"]) == ("vot", "ingediend")
    assert (eerste["reageer_uiterlijk"], eerste["besluit_uiterlijk"]) == ("2026-03-17", "2026-05-04")

    omvang = {"volume": 2, "eenheid": "04", "frequentie": "2"}
    gegund = speler.besluit(NOORD_BEVELAND, eerste, "toekenning", afwijking={"omvang": omvang})
    assert gegund.status_code == 202, gegund.text
    xml, _ = speler.ontvang(
        A1, "WMO301", lambda i: any(p["referentie_aanbieder"] == een for p in i["toegewezen_producten"])
    )
    (product,) = codec.parse(xml).inhoud()["toegewezen_producten"]
    assert product["omvang"] == omvang and product["reden_wijziging"] is None
    keten.keur_goed(A1, xml)
    toewijzing = keten.toewijzing(NOORD_BEVELAND, product["toewijzing_nummer"])
    assert toewijzing["referentie_aanbieder"] == een

    assert speler.besluit(NOORD_BEVELAND, tweede, "onderzoek").status_code == 202
    antwoord, xml_319, _ = speler.antwoord_319(A1, twee)
    assert antwoord == {"referentie_aanbieder": twee, "verzoek_antwoord": "2", "reden_afwijzing_verzoek": None}
    assert speler.stuur_retour(A1, xml_319).status_code == 202
    assert speler.verzoek(NOORD_BEVELAND, twee)["status"] == "in_onderzoek"

    s36 = speler.vot(ap(nummer("REF"), toewijzing_ingangsdatum="2026-09-07", toewijzing_einddatum="2026-12-31"))
    assert retourcodes(s36) == ["0200"] and klassecodes(s36) == ["9374"]
    vow = {
        "referentie_aanbieder": nummer("REF"),
        "reden_verzoek": "1",
        "ongewijzigde_producten": [{"toewijzing_nummer": product["toewijzing_nummer"]}],
        "nieuwe_producten": [nieuw()],
    }
    s36_vow = speler.vow(vow, NOORD_BEVELAND)
    assert retourcodes(s36_vow) == ["0200"] and klassecodes(s36_vow) == ["9374"]

    afgewezen = speler.besluit(NOORD_BEVELAND, tweede, "afwijzing", reden="2")
    assert afgewezen.status_code == 202, afgewezen.text
    antwoord, xml_319, _ = speler.antwoord_319(A1, twee)
    assert (antwoord["verzoek_antwoord"], antwoord["reden_afwijzing_verzoek"]) == ("1", "2")
    te_laat = speler.besluit(NOORD_BEVELAND, tweede, "onderzoek")
    assert te_laat.status_code == 422 and te_laat.json()["bevindingen"][0]["regel"] == "TR365"


def test_s38_tr383_twee_aanvragen_met_een_referentie_geven_0001(speler):
    speler.keten.klok("2026-03-10T10:00:00+01:00")
    dubbel = nummer("REF")
    assert geweigerd_om(speler.keten, A1, speler.vot_xml(ap(dubbel), dag(dubbel))) == {"TR101", "TR383"}
    assert speler.verzoeken(NOORD_BEVELAND, dubbel) == []


def test_s39_cd068_verwijzer_zonder_agb_met_code_geeft_0001(speler):
    speler.keten.klok("2026-03-10T10:00:00+01:00")
    referentie = nummer("REF")
    fout = ap(referentie, verwijzer={"type": "01", "zorgverlener_code": A1})
    assert geweigerd_om(speler.keten, A1, speler.vot_xml(fout)) == {"CD068"}
    assert speler.verzoeken(NOORD_BEVELAND, referentie) == []


def nieuw(**anders):
    return {
        "product": {"categorie": "07", "code": "07A12"},
        "gewenste_ingangsdatum": "2026-10-05",
        "einddatum": "2026-12-31",
        "omvang": {"volume": 2, "eenheid": "16", "frequentie": "2"},
    } | anders


@pytest.fixture
def pakket(keten, speler):
    """610001 and 610009 of the fixed data, both actual on 2026-04-01."""
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, A1, speler.bsn)
    extra = dagbesteding(einddatum="2026-07-31", omvang={"volume": 2, "eenheid": "16", "frequentie": "2"})
    zaak.ken_toe(begeleiding(), extra)
    keten.klok("2026-04-01T10:00:00+02:00")
    return zaak


def wijziging(een, twee, referentie, **anders):
    return {
        "referentie_aanbieder": referentie,
        "reden_verzoek": "1",
        "ongewijzigde_producten": [{"toewijzing_nummer": twee}],
        "te_wijzigen_producten": [
            {
                "toewijzing_nummer": een,
                "gewenste_ingangsdatum": "2026-05-04",
                "einddatum": "2026-07-31",
                "omvang": {"volume": 5, "eenheid": "04", "frequentie": "2"},
            }
            | anders
        ],
    }


def test_s40_vow_wordt_een_301_waarin_elk_product_de_referentie_draagt_tr379(speler, pakket):
    een, twee = pakket.nummers
    referentie = nummer("REF")
    assert retourcodes(speler.vow(wijziging(een, twee, referentie))) == []
    verzoek = speler.verzoek(GOES, referentie)
    geweigerd = speler.besluit(GOES, verzoek, "toekenning", afwijking={"einddatum": "2026-06-30"})
    assert geweigerd.status_code == 422 and geweigerd.json()["bevindingen"][0]["regel"] == "OP348"
    gegund = speler.besluit(GOES, verzoek, "toekenning")
    assert gegund.status_code == 202, gegund.text
    xml, _ = speler.ontvang(
        A1, "WMO301", lambda i: any(p["referentie_aanbieder"] == referentie for p in i["toegewezen_producten"])
    )
    producten = {p["toewijzing_nummer"]: p for p in codec.parse(xml).inhoud()["toegewezen_producten"]}
    (nieuw_nummer,) = gegund.json()["toewijzing_nummers"]
    assert set(producten) == {een, twee, nieuw_nummer}
    assert all(p["referentie_aanbieder"] == referentie for p in producten.values())
    assert (producten[een]["einddatum"], producten[een]["reden_wijziging"]) == ("2026-05-03", "12")
    assert producten[twee]["reden_wijziging"] is None
    vers = producten[nieuw_nummer]
    assert (vers["ingangsdatum"], vers["einddatum"], vers["reden_wijziging"]) == ("2026-05-04", "2026-07-31", None)
    assert vers["omvang"] == {"volume": 5, "eenheid": "04", "frequentie": "2"}
    speler.keten.keur_goed(A1, xml)
    assert speler.verzoek(GOES, referentie)["status"] == "toegewezen"


def test_s42_tr353_alleen_ongewijzigde_producten_geeft_0001(speler, pakket):
    vow = {
        "referentie_aanbieder": nummer("REF"),
        "reden_verzoek": "1",
        "ongewijzigde_producten": [{"toewijzing_nummer": n} for n in pakket.nummers],
    }
    assert geweigerd_om(speler.keten, A1, speler.vow_xml(vow)) == {"TR353"}
    assert speler.verzoeken(GOES, vow["referentie_aanbieder"]) == []


def test_tr349_tr350_tr357_een_onvolledig_pakket_geeft_de_codes_per_klasse(speler, pakket):
    een, twee = pakket.nummers
    vow = wijziging(een, 999_999, nummer("REF"), gewenste_ingangsdatum="2026-03-30")
    terug = speler.vow(vow)
    verzoek = terug["client"]["verzoek"]
    assert retourcodes(terug) == ["0200"] and klassecodes(terug) == ["0200"]
    assert verzoek["retourcodes"] == ["9349"]
    assert verzoek["ongewijzigde_producten"][0]["retourcodes"] == ["9350"]
    assert verzoek["te_wijzigen_producten"][0]["retourcodes"] == ["9357"]
    assert speler.verzoek(GOES, vow["referentie_aanbieder"])["status"] == "vervallen"
    # OP286: as never sent, so the reference is free.
    assert retourcodes(speler.vow(wijziging(een, twee, vow["referentie_aanbieder"]))) == []


def test_s45_tr412_omvang_bij_een_aspecifieke_toewijzing_geeft_9412(speler):
    keten = speler.keten
    keten.klok("2026-01-05T10:00:00+01:00")
    (aspecifiek,) = speler.vastgelegd(
        KAPELLE,
        [
            {
                "aanbieder": A1,
                "product": {"categorie": "02"},
                "ingangsdatum": "2026-01-01",
                "einddatum": "2026-06-30",
                "budget_cent": 300000,
            }
        ],
    )
    keten.keur_goed(A1, keten.wacht_op_301(A1, {aspecifiek}))
    vow = {
        "referentie_aanbieder": nummer("REF"),
        "reden_verzoek": "1",
        "te_wijzigen_producten": [
            {
                "toewijzing_nummer": aspecifiek,
                "gewenste_ingangsdatum": "2026-01-01",
                "einddatum": "2026-06-30",
                "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
            }
        ],
    }
    terug = speler.vow(vow, KAPELLE)
    assert retourcodes(terug) == ["0200"]
    assert terug["client"]["verzoek"]["te_wijzigen_producten"][0]["retourcodes"] == ["9412"]


def test_s46_geen_wijzigingen_toegestaan_geeft_318_goed_en_319_reden_4(speler):
    keten, agb = speler.keten, "75750202"
    keten.klok("2026-01-12T10:00:00+01:00")
    (verblijf,) = speler.vastgelegd(
        REIMERSWAAL,
        [
            {
                "aanbieder": agb,
                "product": {"categorie": "15", "code": "15A01"},
                "ingangsdatum": "2026-01-15",
                "omvang": {"volume": 28, "eenheid": "14", "frequentie": "4"},
            }
        ],
    )
    keten.keur_goed(agb, keten.wacht_op_301(agb, {verblijf}))
    referentie = nummer("REF")
    vow = wijziging(
        verblijf, 1, referentie, gewenste_ingangsdatum="2026-02-02", einddatum=None,
        omvang={"volume": 20, "eenheid": "14", "frequentie": "4"},
    ) | {"ongewijzigde_producten": []}  # fmt: skip
    assert retourcodes(speler.vow(vow, REIMERSWAAL, agb)) == []
    antwoord, xml, bericht_id = speler.antwoord_319(agb, referentie)
    assert (antwoord["verzoek_antwoord"], antwoord["reden_afwijzing_verzoek"]) == ("1", "4")
    assert speler.stuur_retour(agb, xml).status_code == 202
    stand = keten.vraag("GET", "knooppunt", f"/v1/berichten/{bericht_id}", agb).json()
    assert stand["status"] == "beantwoord"
    assert speler.verzoek(REIMERSWAAL, referentie)["status"] == "afgewezen"


def test_vot_zonder_contract_geeft_316_goed_en_319_reden_3(speler):
    speler.keten.klok("2026-03-10T10:00:00+01:00")
    referentie = nummer("REF")
    ander = ap(referentie, product={"categorie": "10", "code": "10A01"})
    assert retourcodes(speler.vot(ander)) == []
    antwoord, _, _ = speler.antwoord_319(A1, referentie)
    assert (antwoord["verzoek_antwoord"], antwoord["reden_afwijzing_verzoek"]) == ("1", "3")


def test_een_320_op_een_onbekende_319_wordt_aan_de_deur_geweigerd(speler):
    speler.keten.klok("2026-03-10T10:00:00+01:00")
    onbekend = schrijf_verzoek.antwoord_319(
        afzender=GOES, ontvanger=A1, identificatie=nummer("X"), dagtekening="2026-03-10",
        antwoord={"referentie_aanbieder": "R", "verzoek_antwoord": "2"},
    )  # fmt: skip
    antwoord = speler.stuur_retour(A1, onbekend)
    assert antwoord.status_code == 422 and antwoord.json()["code"] == "bericht_onbekend"


def test_toekenning_zonder_bekend_adres_wordt_geweigerd(speler):
    speler.keten.klok("2026-03-10T10:00:00+01:00")
    referentie = nummer("REF")
    assert retourcodes(speler.vot(ap(referentie))) == []
    antwoord = speler.besluit(NOORD_BEVELAND, speler.verzoek(NOORD_BEVELAND, referentie), "toekenning")
    assert antwoord.status_code == 422 and antwoord.json()["code"] == "client_onbekend"


def controle(keten, agb, xml):
    antwoord = keten.vraag(
        "POST", "knooppunt", "/v1/controle", agb, content=xml, headers={"Content-Type": "application/xml"}
    )
    assert antwoord.status_code == 200, antwoord.text
    return antwoord.json()


def test_controle_oordeelt_ook_op_de_niveaus_3_en_4_zonder_gevolg(speler, pakket):
    een, twee = pakket.nummers
    referentie = nummer("REF")
    fout = controle(speler.keten, A1, speler.vow_xml(wijziging(een, 999_999, referentie)))
    assert not fout["geldig"] and "toelichting" not in fout
    assert {b["retourcode"] for b in fout["bevindingen"]} == {"9349", "9350"}
    assert retourcodes(codec.parse(fout["retour"].encode()).inhoud()) == ["0200"]
    goed = controle(speler.keten, A1, speler.vow_xml(wijziging(een, twee, referentie)))
    assert goed == {"geldig": True, "soort": "WMO317", "bevindingen": [], "retour": None}
    assert speler.verzoeken(GOES, referentie) == [], "a trial leaves nothing behind"
    van_een_ander = controle(speler.keten, "75750202", speler.vow_xml(wijziging(een, 999_999, referentie)))
    assert van_een_ander["geldig"] and van_een_ander["toelichting"], "what another may not know is not judged"
