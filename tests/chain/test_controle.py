"""POST /v1/controle: levels 3 and 4 by a dry run at the owner, without any effect."""

from schemas.iwmo import codec, schrijf
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, begeleiding, een_prestatie, maak_declaratie, nummer, retourcodes

AGB = VAN_BESTAND["controle"]


def controleer(keten, xml):
    antwoord = keten.vraag(
        "POST", "knooppunt", "/v1/controle", AGB, content=xml, headers={"Content-Type": "application/xml"}
    )
    assert antwoord.status_code == 200, antwoord.text
    return antwoord.json()


def test_proef_van_305_en_323_geeft_het_echte_oordeel_en_laat_niets_achter(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, AGB)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    start = schrijf.start_305(
        afzender=AGB, ontvanger=GOES, identificatie=nummer("P"), dagtekening=keten.vandaag(), client=zaak.client,
        start_producten=[
            {"toewijzing_nummer": n, "product": {"categorie": "02", "code": "02A05"},
             "toewijzing_ingangsdatum": "2026-02-02", "begindatum": "2026-02-04", "status_aanlevering": "1"}
            for n in (zaak.nummers[0], 999_999_999)
        ],
    )  # fmt: skip
    uitslag = controleer(keten, start)
    assert [(b["retourcode"], b["pad"], b["niveau"]) for b in uitslag["bevindingen"]] == [
        ("9019", "StartProduct[2]", 3)
    ]
    assert retourcodes(codec.parse(uitslag["retour"].encode()).inhoud()) == ["0200"]

    te_veel = maak_declaratie(keten, {zaak.bsn: [een_prestatie(zaak.nummers[0], nummer("R"), 99)]}, agb=AGB)
    uitslag = controleer(keten, te_veel)
    assert not uitslag["geldig"] and "9321" in {b["retourcode"] for b in uitslag["bevindingen"]}
    antwoord = codec.parse(uitslag["retour"].encode()).inhoud()["declaratie_antwoord"]
    assert antwoord["totaal_toegekend_cent"] == 0

    goed = maak_declaratie(keten, {zaak.bsn: [een_prestatie(zaak.nummers[0], nummer("R"), 12)]}, agb=AGB)
    for _ in range(2):
        assert controleer(keten, goed) == {"geldig": True, "soort": "WMO323", "bevindingen": [], "retour": None}
    assert keten.wissel(AGB, goed)["declaratie_antwoord"]["retourcodes"] == ["8001"], "no reference was used up"
