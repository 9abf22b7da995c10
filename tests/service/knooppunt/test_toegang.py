"""Who may act for a provider: vendors with a mandate on record, and who is shut out at the next request."""

from services.knooppunt.handlers import opdrachten
from tests.service.knooppunt.spel import A1, A2, GOES, opdracht, start, vastgelegd

THOLEN = "0716"
LEVERANCIER = {"sub": "ecd-huis", "agb_lijst": [A1, A2]}
BEHEERDER = {"gemeente": GOES, "rollen": ["beheerder"]}
KETEN = {"sub": "operator", "rollen": ["beheerder"]}
REDEN = {"reden": "token gelekt"}


async def geef_mandaat(knooppunt, *agbs, **body):
    for agb in agbs:
        assert (await knooppunt.doe("PUT", agb, "/v1/mandaten/ecd-huis", json=body)).status_code == 204


async def test_leverancier_zonder_vastgelegd_mandaat_komt_er_niet_in(knooppunt):
    antwoord = await knooppunt.lever_in(start("S1"), LEVERANCIER)
    assert (antwoord.status_code, antwoord.json()["code"]) == (403, "geen_mandaat")
    assert (await knooppunt.get(LEVERANCIER, "/v1/postbus")).status_code == 403
    # A mandate of one provider says nothing about the other.
    await geef_mandaat(knooppunt, A2)
    antwoord = await knooppunt.lever_in(start("S1"), LEVERANCIER)
    assert (antwoord.status_code, antwoord.json()["code"]) == (403, "geen_mandaat")
    assert await knooppunt.aantal("bericht") == 0
    # An AGB that the token does not even name is another party.
    antwoord = await knooppunt.lever_in(start("S1", afzender="75750909"), LEVERANCIER)
    assert (antwoord.status_code, antwoord.json()["code"]) == (403, "andere_partij")


async def test_leverancier_met_mandaat_stuurt_in_en_ziet_alle_postbussen(knooppunt):
    await geef_mandaat(knooppunt, A1, A2)
    for agb in (A1, A2):
        assert (await knooppunt.lever_in(start("S1", afzender=agb), LEVERANCIER)).status_code == 202
    # The same bytes are the same message, whoever of the two hands them in.
    assert (await knooppunt.lever_in(start("S1"), A1)).status_code == 200
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht("o1"))
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht("o2", aanbieder=A2))
    alle = await knooppunt.postbus(LEVERANCIER)
    assert [post["ontvanger"] for post in alle] == [A1, A2]
    bladzijde = (await knooppunt.get(LEVERANCIER, "/v1/postbus?limit=1")).json()
    verder = (await knooppunt.get(LEVERANCIER, f"/v1/postbus?limit=1&na={bladzijde['volgende']}")).json()
    assert [post["ontvanger"] for post in bladzijde["berichten"] + verder["berichten"]] == [A1, A2]
    for pad, veld in (("/v1/postbus", "ontvanger"), ("/v1/berichten", "aanbieder")):
        van = (await knooppunt.get(LEVERANCIER, f"{pad}?agb={A2}")).json()["berichten"]
        assert {post[veld] for post in van} == {A2}, pad
        assert (await knooppunt.get(LEVERANCIER, f"{pad}?agb=75750909")).json()["berichten"] == []
        assert (await knooppunt.get(A1, f"{pad}?agb={A2}")).json()["berichten"] == []
    van_a2 = alle[1]["bericht_id"]
    assert (await knooppunt.get(LEVERANCIER, f"/v1/postbus/{van_a2}")).status_code == 200
    assert (await knooppunt.get(A1, f"/v1/postbus/{van_a2}")).status_code == 404
    assert (await knooppunt.post(LEVERANCIER, f"/v1/postbus/{van_a2}/bevestiging")).status_code == 204
    assert len(await knooppunt.postbus(LEVERANCIER)) == 1


async def test_een_ander_token_heeft_niets_aan_het_mandaat(knooppunt):
    await geef_mandaat(knooppunt, A1)
    assert (await knooppunt.lever_in(start("S1"), LEVERANCIER | {"sub": "ander-huis"})).status_code == 403


async def test_mandaat_geldt_van_tot_en_met_en_eindigt_bij_het_volgende_verzoek(knooppunt):
    await geef_mandaat(knooppunt, A1, geldig_vanaf="2026-04-08", geldig_tot="2026-04-09")
    assert (await knooppunt.get(LEVERANCIER, "/v1/postbus")).status_code == 403
    for moment, status in (("2026-04-08T00:00:01+02:00", 200), ("2026-04-09T23:59:00+02:00", 200),
                           ("2026-04-10T00:00:01+02:00", 403)):  # fmt: skip
        knooppunt.zet_klok(moment)
        assert (await knooppunt.get(LEVERANCIER, "/v1/postbus")).status_code == status, moment
    await geef_mandaat(knooppunt, A1)
    assert (await knooppunt.get(LEVERANCIER, "/v1/postbus")).status_code == 200
    rijen = (await knooppunt.get(A1, "/v1/mandaten")).json()["mandaten"]
    assert [(rij["sub"], rij["geldig_tot"]) for rij in rijen] == [("ecd-huis", None)]
    assert (await knooppunt.doe("DELETE", A1, "/v1/mandaten/ecd-huis")).status_code == 204
    assert (await knooppunt.get(LEVERANCIER, "/v1/postbus")).status_code == 403
    assert (await knooppunt.doe("DELETE", A1, "/v1/mandaten/ecd-huis")).status_code == 404


async def test_een_andere_dienst_kan_vragen_voor_wie_een_token_geldt(knooppunt):
    vraag = "/v1/bevoegdheid"
    assert (await knooppunt.get(LEVERANCIER, vraag)).status_code == 403
    await geef_mandaat(knooppunt, A2)
    assert (await knooppunt.get(LEVERANCIER, vraag)).json() == {"aanbieders": [A2]}
    assert (await knooppunt.get(A1, vraag)).json() == {"aanbieders": [A1]}
    assert (await knooppunt.doe("DELETE", A2, "/v1/mandaten/ecd-huis")).status_code == 204
    assert (await knooppunt.get(LEVERANCIER, vraag)).status_code == 403


async def test_een_leverancier_geeft_zichzelf_geen_mandaat(knooppunt):
    await geef_mandaat(knooppunt, A1)
    for wie in (LEVERANCIER, LEVERANCIER | {"agb_lijst": [A2]}):
        antwoord = await knooppunt.doe("PUT", wie, "/v1/mandaten/ecd-huis", json={})
        assert (antwoord.status_code, antwoord.json()["code"]) == (403, "geen_mandaat")
    # With an AGB of its own it gives a mandate for that one alone.
    eigen = {"sub": "ecd-huis", "agb": A2, "agb_lijst": [A1]}
    assert (await knooppunt.doe("PUT", eigen, "/v1/mandaten/ander", json={})).status_code == 204
    assert (await knooppunt.get(A1, "/v1/mandaten")).json()["mandaten"][0]["sub"] == "ecd-huis"


async def test_een_gemeente_blokkeert_een_aanbieder_voor_haar_eigen_berichten(knooppunt):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    assert (await knooppunt.lever_in(start("S1"), A1)).status_code == 202
    assert (await knooppunt.lever_in(start("S2", ontvanger=THOLEN), A1)).status_code == 202
    [post] = await knooppunt.postbus(A1)
    assert (await knooppunt.doe("PUT", BEHEERDER, f"/v1/blokkades/{A1}", json=REDEN)).status_code == 204

    # Also what was handed in before, byte for byte: the first answer is no way in.
    for bericht in (start("S1"), start("S3")):
        antwoord = await knooppunt.lever_in(bericht, A1)
        assert (antwoord.status_code, antwoord.json()["code"]) == (403, "geblokkeerd")
        assert "gelekt" not in antwoord.text
    for methode, pad in (("GET", ""), ("POST", "/bevestiging")):
        antwoord = await knooppunt.doe(methode, A1, f"/v1/postbus/{post['bericht_id']}{pad}")
        assert (antwoord.status_code, antwoord.json()["code"]) == (403, "geblokkeerd")
    assert (await knooppunt.get(A1, f"/v1/berichten/{post['bericht_id']}")).status_code == 403
    lijst = (await knooppunt.get(A1, "/v1/postbus")).json()
    assert (lijst["berichten"], lijst["geblokkeerd_door"]) == ([], [GOES])

    # The other municipality and the other provider go on.
    assert (await knooppunt.lever_in(start("S4", ontvanger=THOLEN), A1)).status_code == 202
    verzonden = (await knooppunt.get(A1, "/v1/berichten")).json()["berichten"]
    assert {bericht["gemeente"] for bericht in verzonden} == {THOLEN}
    assert (await knooppunt.lever_in(start("S1", afzender=A2), A2)).status_code == 202
    # Only who set it lifts it; nothing was lost meanwhile.
    vreemd = BEHEERDER | {"gemeente": THOLEN}
    assert (await knooppunt.doe("DELETE", vreemd, f"/v1/blokkades/{A1}")).status_code == 404
    assert (await knooppunt.doe("GET", vreemd, "/v1/blokkades")).json()["blokkades"] == []
    [blokkade] = (await knooppunt.doe("GET", BEHEERDER, "/v1/blokkades")).json()["blokkades"]
    assert (blokkade["aanbieder"], blokkade["reden"]) == (A1, "token gelekt")
    assert (await knooppunt.doe("DELETE", BEHEERDER, f"/v1/blokkades/{A1}")).status_code == 204
    assert [rij["bericht_id"] for rij in await knooppunt.postbus(A1)] == [post["bericht_id"]]
    assert (await knooppunt.lever_in(start("S3"), A1)).status_code == 202


async def test_de_beheerder_van_het_knooppunt_blokkeert_een_aanbieder_voor_alles(knooppunt):
    await geef_mandaat(knooppunt, A1, A2)
    assert (await knooppunt.doe("PUT", KETEN, f"/v1/blokkades/{A1}", json=REDEN)).status_code == 204
    for pad in ("/v1/postbus", "/v1/berichten", "/v1/mandaten"):
        antwoord = await knooppunt.get(A1, pad)
        assert (antwoord.status_code, antwoord.json()["code"]) == (403, "geblokkeerd"), pad
    assert (await knooppunt.lever_in(start("S1"), A1)).json()["code"] == "geblokkeerd"
    assert (await knooppunt.lever_in(start("S1"), A1, pad="/v1/controle")).status_code == 403
    # Its vendor goes on for the other one, and only for that one.
    assert (await knooppunt.lever_in(start("S1"), LEVERANCIER)).status_code == 403
    assert (await knooppunt.lever_in(start("S1", afzender=A2), LEVERANCIER)).status_code == 202
    # A municipality cannot lift it.
    assert (await knooppunt.doe("DELETE", BEHEERDER, f"/v1/blokkades/{A1}")).status_code == 404
    assert (await knooppunt.doe("DELETE", KETEN, f"/v1/blokkades/{A1}")).status_code == 204
    assert (await knooppunt.lever_in(start("S1"), A1)).status_code == 202


async def test_alleen_een_beheerder_blokkeert(knooppunt):
    for wie in (A1, BEHEERDER | {"rollen": ["consulent"]}, KETEN | {"rollen": ["keten"]}):
        assert (await knooppunt.doe("PUT", wie, f"/v1/blokkades/{A2}", json=REDEN)).status_code == 403
    for body in ({}, {"reden": ""}, {"reden": "x", "meer": 1}):
        assert (await knooppunt.doe("PUT", BEHEERDER, f"/v1/blokkades/{A2}", json=body)).status_code == 422
