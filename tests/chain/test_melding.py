"""From the first call of a resident to what came of it, through the running chain."""

from __future__ import annotations

import io

import pypdf
import pytest

from lokaal.spel import wacht_tot
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, declareer, een_prestatie, lees, nummer, retourcodes
from tests.service.intake.een import (
    JA,
    KAART,
    NEE,
    OMVANG,
    een_afweging,
    een_beschikking,
    een_client,
    een_melding,
    een_onderzoek,
    een_signaal,
    een_spoedvoorziening,
)

AGB = VAN_BESTAND["melding"]


class Bewoner(Zaak):
    """A resident of Goes with a melding, and the consulent who takes its steps."""

    melding_id = ""

    def vraag(self, methode, pad, body=None):
        antwoord = self.keten.vraag(methode, "intake", f"/v1/{pad}", GOES, json=body)
        assert antwoord.is_success, antwoord.text
        return antwoord.json()

    def meld(self, **anders):
        gemeld = self.vraag("POST", "meldingen", een_melding(self.bsn, **anders))
        self.melding_id = gemeld["melding_id"]
        return gemeld

    def stap(self, methode, pad, body):
        return self.vraag(methode, f"meldingen/{self.melding_id}/{pad}", body)

    def toon(self):
        return self.vraag("GET", f"meldingen/{self.melding_id}")

    def wat_wacht(self):
        return {regel["soort"] for regel in self.toon()["verwacht"]}

    def onderzoek(self, **anders):
        self.stap("PUT", "plan", {"plan": "geen"})
        self.stap("PUT", "onderzoek", een_onderzoek(**anders))
        self.stap("POST", "onderzoek/afronding", {})

    def besluit(self, afweging=None, **anders):
        self.stap("PUT", "afweging", afweging or een_afweging())
        self.stap("POST", "aanvraag", {})
        return self.stap("POST", "beschikking", een_beschikking(AGB, **anders))

    def wacht_op_toewijzing(self, indicatie_id):
        """The 301 of an indicatie, approved by the provider; its numbers are this resident's."""
        indicatie = self.keten.wacht_op_indicatie(GOES, indicatie_id)
        self.nummers += indicatie["toewijzing_nummers"]
        xml = self.keten.wacht_op_301(self.agb, set(indicatie["toewijzing_nummers"]))
        self.keten.keur_goed(self.agb, xml)
        return lees(xml)["toegewezen_producten"]


@pytest.fixture
def bewoner(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    return Bewoner(keten, AGB)


def test_van_een_signaal_tot_de_eerste_declaratieregel(keten, bewoner):
    signaal = bewoner.vraag("POST", "signalen", een_signaal(anoniem=True))
    gemeld = bewoner.vraag("POST", f"signalen/{signaal['signaal_id']}/melding", {"client": een_client(bewoner.bsn)})
    bewoner.melding_id = gemeld["melding_id"]
    assert {r["soort"]: r["uiterlijk"] for r in gemeld["verwacht"]}["onderzoek"] == "2026-03-02"
    bewoner.onderzoek()
    na = bewoner.besluit()
    [product] = bewoner.wacht_op_toewijzing(na["indicatie_id"])
    assert (product["product"]["code"], product["omvang"]) == ("02A05", OMVANG)
    [nummer_] = bewoner.nummers
    assert bewoner.toon()["indicaties"][0]["toewijzing_nummers"] == [nummer_]
    keten.klok("2026-02-05T10:00:00+01:00")
    assert retourcodes(bewoner.start(nummer_, "2026-02-04")) == []
    # The case hears that the help started: the resident tells how it goes, and the provider sees that.
    wacht_tot(lambda: bewoner.wat_wacht() & {"ervaring"} or None, "de hulp is begonnen")
    antwoorden = {"doel": 4, "omgang": 5, "inspraak": 3}
    bewoner.stap("POST", "ervaringen", {"toewijzing_nummer": nummer_, "moment": "start", "kanaal": "telefoon",
                                        "antwoorden": antwoorden})  # fmt: skip
    pad = f"/v1/ervaringen?toewijzing_nummer={nummer_}"
    [gezien] = keten.vraag("GET", "intake", pad, AGB).json()["ervaringen"]
    assert gezien["moment"] == "start" and antwoorden.items() <= gezien.items()
    keten.klok("2026-03-03T10:00:00+01:00")
    antwoord = declareer(keten, {bewoner.bsn: [een_prestatie(nummer_, nummer("R"), 12)]}, "2026-02", AGB)
    assert antwoord["declaratie_antwoord"]["totaal_toegekend_cent"] == 70500
    bewoner.stap("POST", "afsluiting", {"uitkomst": "besluit_uitgevoerd"})


def lees_de_brief(keten, bewoner):
    """Who wants letters gets one, with an address that only intake knows and that the log shows was looked at."""
    client_id = bewoner.toon()["client_id"]

    def ligt_klaar():
        pad = f"/v1/notificaties?client_id={client_id}&kanaal=brief&status=wacht"
        return keten.vraag("GET", "notifications", pad, GOES).json()["notificaties"] or None

    [brief] = wacht_tot(ligt_klaar, "er ligt een brief klaar")
    assert brief["onderwerp"] == "Wij hebben uw vraag om hulp" and "Zeedijk" not in str(brief)
    batch = keten.vraag("POST", "notifications", "/v1/brieven", GOES).json()["batch_id"]
    papier = keten.vraag("GET", "notifications", f"/v1/brieven/{batch}", GOES)
    assert papier.status_code == 200, papier.text
    tekst = " ".join(blad.extract_text() for blad in pypdf.PdfReader(io.BytesIO(papier.content)).pages)
    assert "A Testduin" in tekst and "Zeedijk 12" in tekst and "4461AB Goes" in tekst
    assert bewoner.bsn not in tekst

    def gelogd():
        regels = keten.vraag("GET", "backoffice", f"/v1/logboek?client_id={client_id}", GOES).json()
        return "adres_voor_brief" in str(regels) or None

    wacht_tot(gelogd, "de inzage staat in het logboek")


def test_een_melding_die_eindigt_in_een_verwijzing(keten, bewoner):
    bewoner.vraag("PUT", "sociale-kaart", KAART)
    bewoner.meld(melder={"soort": "inwoner"}, kanaal="brief")
    lees_de_brief(keten, bewoner)
    bewoner.onderzoek()
    opties = [
        {"trede": "algemene_voorziening", "naam": "Eettafel", "kosten_cent": 50_000},
        {"trede": "maatwerk", "naam": "Begeleiding", "kosten_cent": 900_000},
    ]
    treden = {"eigen_kracht": NEE, "netwerk": NEE, "algemene_voorziening": JA}
    bewoner.stap("PUT", "afweging", {"treden": treden, "opties": opties})
    bewoner.stap("POST", "verwijzingen", {"voorziening": "eettafel", "opvolgen_op": "2026-02-16"})
    keten.klok("2026-02-17T10:00:00+01:00")

    def te_laat():
        pad = f"/v1/termijnen?melding_id={bewoner.melding_id}&status=verstreken"
        return keten.vraag("GET", "intake", pad, GOES).json()["termijnen"] or None

    assert [t["soort"] for t in wacht_tot(te_laat, "de opvolging is te laat")] == ["opvolging"]
    bewoner.stap("POST", "verwijzingen/opvolging", {"verwijzing": 1, "uitkomst": "geholpen"})
    bewoner.stap("POST", "afsluiting", {"uitkomst": "opgelost_zonder_toewijzing"})
    gezien = bewoner.toon()
    assert (gezien["bespaard_schatting_cent"], gezien["indicaties"]) == (850_000, [])


def test_respijt_voor_een_mantelzorger_wordt_dagbesteding(keten, bewoner):
    bewoner.meld(melder={"soort": "naaste", "naam": "Een dochter"})
    dochter = {"naam": "Een dochter", "relatie": "dochter", "mantelzorger": True, "uren_per_week": 40,
               "belasting": "overbelast"}  # fmt: skip
    bewoner.onderzoek(personen=[dochter])
    zonder = keten.vraag("PUT", "intake", f"/v1/meldingen/{bewoner.melding_id}/afweging", GOES, json=een_afweging())
    assert [b["regel"] for b in zonder.json()["bevindingen"]] == ["RESPIJT"]
    respijt = {"uitkomst": "geboden", "motivering": "Twee dagen per week heeft de dochter de handen vrij."}
    dagbesteding = {
        "doel": "De dochter heeft twee dagen rust.", "aanbieder": AGB, "product": {"categorie": "07", "code": "07A12"},
        "ingangsdatum": "2026-02-02", "einddatum": "2026-07-31",
        "omvang": {"volume": 4, "eenheid": "16", "frequentie": "2"},
    }  # fmt: skip
    na = bewoner.besluit(een_afweging(respijt=respijt), producten=[dagbesteding])
    [product] = bewoner.wacht_op_toewijzing(na["indicatie_id"])
    assert product["product"]["code"] == "07A12"
    assert bewoner.toon()["afweging"]["respijt"]["uitkomst"] == "geboden"


def test_een_afwezige_omgeving_houdt_de_hulp_niet_op(keten, bewoner):
    bewoner.meld(melder={"soort": "wijkteam"})
    bewoner.onderzoek(netwerk={"stand": "afwezig", "toelichting": "Er is niemand meer."})
    treden = {"algemene_voorziening": NEE, "collectief": NEE, "maatwerk": JA}
    na = bewoner.besluit({"treden": treden})
    bewoner.wacht_op_toewijzing(na["indicatie_id"])
    uit = {t["trede"]: (t["uitkomst"], t["motivering"]) for t in bewoner.toon()["afweging"]["treden"]}
    reden = ("niet_van_toepassing", "Er is niemand in de omgeving die kan helpen.")
    assert (uit["eigen_kracht"], uit["netwerk"]) == (reden, reden)


def test_spoed_geeft_dezelfde_dag_een_301_en_daarna_een_besluit(keten, bewoner):
    gemeld = bewoner.meld(melder={"soort": "ziekenhuis"}, spoed=True)
    assert {r["soort"]: r["uiterlijk"] for r in gemeld["verwacht"]}["spoed"] == "2026-01-20"
    nu = bewoner.stap("POST", "spoedvoorziening", een_spoedvoorziening(AGB))
    [tijdelijk] = bewoner.wacht_op_toewijzing(nu["indicatie_id"])
    assert tijdelijk["einddatum"] == "2026-02-27"
    bewoner.stap("PUT", "onderzoek", een_onderzoek())
    bewoner.stap("POST", "onderzoek/afronding", {})
    [product] = een_beschikking(AGB)["producten"]
    dagbesteding = product | {"product": {"categorie": "07", "code": "07A12"}, "ingangsdatum": "2026-03-02",
                              "omvang": {"volume": 4, "eenheid": "16", "frequentie": "2"}}  # fmt: skip
    na = bewoner.besluit(ingangsdatum="2026-03-02", producten=[dagbesteding])
    definitief = bewoner.wacht_op_toewijzing(na["indicatie_id"])
    assert len(bewoner.nummers) == 2 and {p["product"]["code"] for p in definitief} == {"02A05", "07A12"}
    assert len(bewoner.toon()["indicaties"]) == 2
