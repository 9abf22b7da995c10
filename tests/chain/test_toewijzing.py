"""S01-S19: an indicatie reaches the provider as a 301 and is answered with a 302."""

from lokaal.spel import wacht_tot
from tests.chain.spel import A2, GOES, Zaak, begeleiding, dagbesteding, een_prestatie, lees, maak_declaratie, nummer


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


def opdracht(zaak, wat, **velden):
    return zaak.keten.vraag("POST", "toewijzing", f"/v1/toewijzingen/{zaak.nummers[0]}/{wat}", GOES, json=velden)


def regels_van(antwoord):
    return {bevinding["regel"] for bevinding in antwoord.json()["bevindingen"]}


def test_s12_op380_verlengen_gebruikt_hetzelfde_nummer(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-06-15T10:00:00+02:00")
    nieuw_nummer = opdracht(zaak, "herindicatie", ingangsdatum="2026-08-01", einddatum="2026-12-31")
    assert nieuw_nummer.status_code == 422 and "OP380" in regels_van(nieuw_nummer)

    assert opdracht(zaak, "wijziging", einddatum="2026-12-31", reden_wijziging="04").status_code == 202
    (product,) = lees(keten.wacht_op_301(zaak.agb, zaak.nummers))["toegewezen_producten"]
    assert (product["einddatum"], product["reden_wijziging"]) == ("2026-12-31", "04")
    assert product["toewijzingsdatum"] == "2026-06-15"


def test_s14_s15_tr385_verwijderen_kan_alleen_zonder_goedgekeurde_prestaties(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak, gebruikt = Zaak(keten, A2), Zaak(keten, A2)
    zaak.ken_toe(begeleiding())
    gebruikt.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    regel = een_prestatie(gebruikt.nummers[0], nummer("R"), 12)
    keten.wissel(A2, maak_declaratie(keten, {gebruikt.bsn: [regel]}, "2026-02", A2))
    geweigerd = wacht_tot(lambda: _als(opdracht(gebruikt, "verwijdering"), 422), "TR385 verbiedt het verwijderen")
    assert regels_van(geweigerd) == {"TR385"}

    assert opdracht(zaak, "verwijdering").status_code == 202
    (product,) = lees(keten.wacht_op_301(zaak.agb, zaak.nummers))["toegewezen_producten"]
    assert (product["einddatum"], product["reden_wijziging"]) == (product["ingangsdatum"], "13")
    keten.wacht_op_toewijzing(GOES, zaak.nummers[0], lambda t: t["status"] == "verwijderd")
    later = een_prestatie(zaak.nummers[0], nummer("R"), 12)
    antwoord = keten.wissel(A2, maak_declaratie(keten, {zaak.bsn: [later]}, "2026-02", A2))
    (client,) = antwoord["declaratie_antwoord"]["clienten"]
    assert "9384" in client["prestaties"][0]["retourcodes"]


def _als(antwoord, status):
    return antwoord if antwoord.status_code == status else None


def test_s19_verhuizing_eindigt_de_toewijzing_en_de_nieuwe_gemeente_kent_haar_niet(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, A2)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-05-20T10:00:00+02:00")
    assert opdracht(zaak, "intrekking", einddatum="2026-05-31", reden_wijziging="07").status_code == 202
    (product,) = lees(keten.wacht_op_301(zaak.agb, zaak.nummers))["toegewezen_producten"]
    assert (product["einddatum"], product["reden_wijziging"]) == ("2026-05-31", "07")
    keten.klok("2026-06-08T10:00:00+02:00")
    zaak.start(zaak.nummers[0], "2026-02-04")
    assert zaak.stop(zaak.nummers[0], "2026-02-04", "2026-05-31", "31")["retourcodes"] == []
    regel = een_prestatie(zaak.nummers[0], nummer("R"), 12)
    naar_tholen = maak_declaratie(keten, {zaak.bsn: [regel]}, "2026-02", A2).replace(
        b"<Ontvanger>0664<", b"<Ontvanger>0716<"
    )
    antwoord = keten.wissel(A2, naar_tholen)
    (client,) = antwoord["declaratie_antwoord"]["clienten"]
    assert client["prestaties"][0]["retourcodes"] == ["9338"]
