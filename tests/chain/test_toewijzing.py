"""S01, S02: an indicatie reaches the provider as a 301 and is answered with a 302."""

from tests.chain.spel import GOES, Zaak, begeleiding, dagbesteding, lees


def test_s01_nieuwe_toewijzing_wordt_301_en_302_keurt_goed(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    bericht = lees(zaak.ken_toe(begeleiding()))
    (product,) = bericht["toegewezen_producten"]
    assert product["reden_wijziging"] is None and product["referentie_aanbieder"] is None
    assert product["omvang"] == {"volume": 3, "eenheid": "04", "frequentie": "2"}
    toewijzing = keten.wacht_op_toewijzing(GOES, zaak.nummers[0], lambda t: t["laatste_301"]["status"] == "goedgekeurd")
    assert toewijzing["status"] == "toekomstig"
    keten.klok("2026-02-02T10:00:00+01:00")
    assert keten.toewijzing(GOES, zaak.nummers[0])["status"] == "actief"


def test_s02_301_bevat_ook_de_geldige_toewijzing_ongewijzigd_op087(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    eerste = lees(zaak.ken_toe(begeleiding()))["toegewezen_producten"][0]
    keten.klok("2026-02-20T10:00:00+01:00")
    extra = dagbesteding(einddatum="2026-07-31", omvang={"volume": 2, "eenheid": "16", "frequentie": "2"})
    producten = {p["toewijzing_nummer"]: p for p in lees(zaak.ken_toe(extra))["toegewezen_producten"]}
    assert set(producten) == set(zaak.nummers) and len(producten) == 2
    assert producten[zaak.nummers[0]] == eerste, "unchanged: same Toewijzingsdatum/-tijd, no RedenWijziging"
