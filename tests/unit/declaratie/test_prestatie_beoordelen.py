"""Elke code van een prestatie, een voor een en samen."""

from dataclasses import replace
from datetime import date

import pytest

from services.declaratie.domain.bedragen import contract_on, round_half_up
from services.declaratie.domain.deel import Deel, Stand, judge_deel, missing_facts
from services.declaratie.domain.kop import Levering, judge_kop
from services.declaratie.domain.oordeel import judge
from services.declaratie.domain.waarden import Contract, Feiten, Omvang, Prestatie, Toewijzing

CLIENT = "client-1"
TOEWIJZING = Toewijzing(
    610001, CLIENT, "75750101", date(2026, 2, 2), date(2026, 7, 31), "02", "02A05", Omvang(3, "04", "2")
)
CONTRACT = Contract("02", "02A05", "04", 5875, True, date(2025, 1, 1))
FEITEN = Feiten(TOEWIJZING, CONTRACT, date(2026, 2, 28))


def een_prestatie(**anders):
    basis = Prestatie(0, "R-0001", 610001, "02", "02A05", date(2026, 2, 2), date(2026, 2, 28), 12, "04", 5875, 70500)
    return replace(basis, **anders)


def codes(feiten=None, toewijzing=None, **prestatie):
    feiten = replace(FEITEN, **(feiten or {}))
    if toewijzing:
        feiten = replace(feiten, toewijzing=replace(TOEWIJZING, **toewijzing))
    return judge(een_prestatie(**prestatie), feiten)


def test_s50_goede_prestatie_heeft_geen_codes():
    assert codes() == []


def test_tr338_9338_onbekend_nummer():
    assert codes({"toewijzing": None}) == ["9338"]


def test_tr384_9384_verwijderde_toewijzing():
    assert codes(toewijzing={"reden_wijziging": "13", "einddatum": date(2026, 2, 2)})[0] == "9384"


def test_tr339_tr340_tr381_product():
    assert codes(toewijzing={"categorie": "07"}) == ["9339"]
    assert codes(toewijzing={"code": "02A06"}) == ["9340"]
    assert codes(toewijzing={"code": None}, code="07A12") == ["S329"]


def test_tr307_9307_voor_de_ingangsdatum_en_tr387():
    assert codes(begindatum=date(2026, 2, 1)) == ["9307", "9387"]


def test_tr308_9308_na_de_einddatum_en_tr388():
    assert codes(toewijzing={"einddatum": date(2026, 2, 27)}) == ["9308", "9388"]


def test_s72_tr387_9387_begin_van_de_maand():
    feiten = {"declaratie_periode_eind": date(2026, 4, 30)}
    assert codes(feiten, begindatum=date(2026, 4, 6), einddatum=date(2026, 4, 30)) == ["9387"]


def test_tr388_9388_eind_van_de_maand():
    assert codes(einddatum=date(2026, 2, 27)) == ["9388"]


def test_tr319_9319_latere_periode():
    assert codes(begindatum=date(2026, 3, 1), einddatum=date(2026, 3, 31)) == ["9319"]


def test_tr341_9341_eenheid():
    assert codes(eenheid="16") == ["9341"]
    assert codes({"contract": replace(CONTRACT, minuten_toegestaan=False)}, eenheid="01", volume=380,
                 tarief_cent=98, ingediend_cent=37208) == ["9341"]  # fmt: skip


def test_tr346_uurtarief_in_minuten_rondt_het_geheel_af():
    assert codes(eenheid="01", volume=380, tarief_cent=98, ingediend_cent=37208) == []
    assert codes(eenheid="01", volume=380, tarief_cent=98, ingediend_cent=37240) == ["9346"]
    assert codes(volume=6, ingediend_cent=35250) == []


def test_s55_tr418_0611_tarief():
    assert codes(volume=10, tarief_cent=5900, ingediend_cent=59000) == ["0611"]
    assert codes({"contract": None}) == ["0611"]


def test_s56_tr346_9346_bedrag():
    assert codes(volume=10, ingediend_cent=58000) == ["9346"]


def test_eenheid_83_volume_is_het_bedrag():
    omvang = Omvang(25000, "83", "2")
    euro = {"omvang": omvang, "variant": "output", "code": "02B10", "ingangsdatum": date(2026, 2, 9)}
    feiten = {"contract": Contract("02", "02B10", "83", None, True, date(2025, 1, 1))}
    regel = {"code": "02B10", "eenheid": "83", "tarief_cent": None, "begindatum": date(2026, 2, 9)}
    assert codes(feiten, euro, volume=50000, ingediend_cent=50000, **regel) == []
    assert codes(feiten, euro, volume=50000, ingediend_cent=49999, **regel) == ["9346"]


def test_tr314_8021_referentie_al_gebruikt():
    assert codes({"referentie_bekend": True}) == ["8021"]


def test_tr389_9389_tweede_debet_van_een_volle_maand_geeft_ook_9321():
    assert codes({"open_debet": True, "gebruikt_maand": 720, "gebruikt_totaal": 720}) == ["9389", "9321"]


def test_tr321_9321_meer_dan_de_maand():
    assert codes(volume=13, ingediend_cent=13 * 5875) == ["9321"]
    assert codes(eenheid="01", volume=720, tarief_cent=98, ingediend_cent=70500) == []
    assert codes(eenheid="01", volume=721, tarief_cent=98, ingediend_cent=70598) == ["9321"]


def test_tr322_9322_meer_dan_de_toewijzing():
    assert codes({"gebruikt_totaal": 78 * 60 - 11 * 60}) == ["9322"]


def test_s68_tr369_9369_budget():
    aspecifiek = {"omvang": None, "code": None, "budget_cent": 300000}
    gebruikt = {"gebruikt_cent": 176250}
    assert codes(gebruikt, aspecifiek, volume=22, ingediend_cent=129250) == ["9369"]
    assert codes(gebruikt, aspecifiek, volume=21, ingediend_cent=123375) == []


CREDIT = {"referentie_nummer": "R-0020", "vorig_referentie_nummer": "R-0001", "debet_credit": "C"}


def test_s58_iv085_juiste_credit_wordt_niet_op_inhoud_afgekeurd():
    feiten = {"vorige": een_prestatie(), "contract": None, "gebruikt_maand": 9999}
    assert codes(feiten, {"reden_wijziging": "05"}, **CREDIT) == []


def test_s59_tr323_8017_credit_zonder_toegekend_debet_of_anders_dan_het_debet():
    assert codes(**CREDIT) == ["8017"]
    assert codes({"vorige": een_prestatie()}, **CREDIT, volume=11, ingediend_cent=64625) == ["8017"]


def test_s60_tr390_9390_tweede_credit():
    assert codes({"vorige": een_prestatie(), "vorige_gecrediteerd": True}, **CREDIT) == ["9390"]


def een_stand(**anders):
    return Stand({610001: TOEWIJZING}, [CONTRACT], **anders)


def een_deel(client_id, regels):
    return Deel("bericht-1", 0, 1, "75750101", client_id, tuple(regels), date(2026, 2, 28))


def test_op366_credit_gaat_voor_debet_ook_als_de_regel_later_staat():
    stand = een_stand(debets={"R-0001": een_prestatie()}, maand={(610001, date(2026, 2, 1)): 720}, totaal={610001: 720})
    debet = een_prestatie(regel=0, referentie_nummer="R-0021", volume=11, ingediend_cent=64625)
    oordeel = judge_deel(een_deel(CLIENT, [debet, een_prestatie(regel=1, **CREDIT)]), stand)
    assert [c for _, c in oordeel.regels] == [(), ()]
    assert oordeel.toegekend_cent == -5875


def test_s74_tr304_8187_alle_nummers_van_een_ander():
    regels = [een_prestatie(), een_prestatie(regel=1, referentie_nummer="R-0002")]
    oordeel = judge_deel(een_deel("client-3", regels), een_stand())
    assert oordeel.client_codes == ("8187",)
    assert [c for _, c in oordeel.regels] == [("0233",), ("0233",)]
    assert oordeel.toegekend_cent == 0


def test_s74_met_een_onbekend_nummer_krijgt_elke_regel_9338():
    regels = [een_prestatie(), een_prestatie(regel=1, referentie_nummer="R-0002", toewijzing_nummer=999)]
    oordeel = judge_deel(een_deel("client-3", regels), een_stand())
    assert oordeel.client_codes == ()
    assert [c for _, c in oordeel.regels] == [("9338",), ("9338",)]
    assert missing_facts(regels, een_stand())


def test_contract_op_begindatum_met_code_gaat_voor():
    oud = replace(CONTRACT, geldig_tot=date(2026, 1, 31), tarief_cent=5000)
    nieuw = replace(CONTRACT, geldig_vanaf=date(2026, 2, 1))
    breed = replace(CONTRACT, code=None, tarief_cent=1, geldig_vanaf=date(2026, 2, 2))
    assert contract_on([oud, nieuw, breed], "02", "02A05", date(2026, 2, 2)) == nieuw
    assert contract_on([oud, nieuw], "02", "02A05", date(2026, 1, 31)) == oud
    assert contract_on([nieuw], "02", "02A05", date(2026, 1, 31)) is None


@pytest.mark.parametrize(("teller", "uit"), [(29, 0), (30, 1), (89, 1), (90, 2), (5875, 98)])
def test_afronden_half_omhoog(teller, uit):
    assert round_half_up(teller, 60) == uit


def kop(periode, vorige=date(2026, 2, 1), leveringen=(), aan=True, bekend=False):
    return judge_kop(nummer_bekend=bekend, vorige_periode=vorige, periode=periode, leveringen=leveringen,
                     aansluitend_verplicht=aan)  # fmt: skip


def test_s64_tr333_9333():
    assert kop(date(2026, 2, 1), bekend=True) == ["9333"]


def test_s65_tr318_8214_overgeslagen_maand_met_zorg():
    loopt = [Levering(date(2026, 2, 2), None)]
    assert kop(date(2026, 4, 1), leveringen=loopt) == ["8214"]
    assert kop(date(2026, 4, 1), leveringen=[Levering(date(2026, 2, 2), date(2026, 2, 20))]) == []
    assert kop(date(2026, 3, 1), leveringen=loopt) == kop(date(2026, 2, 1), leveringen=loopt) == []


def test_iv090_8214_eerdere_periode_en_de_instelling():
    assert kop(date(2026, 1, 1)) == ["8214"]
    assert kop(date(2026, 1, 1), aan=False) == kop(date(2026, 1, 1), vorige=None) == []
