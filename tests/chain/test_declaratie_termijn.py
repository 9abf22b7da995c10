"""S75, OP090x4: a 325 that does not come. Both sides see it, the municipality hears of it, each time once."""

import asyncio

from aiokafka import AIOKafkaProducer

from lokaal.spel import wacht_tot
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, begeleiding, een_prestatie, maak_declaratie, nummer
from tests.chain.test_termijn import mails

AGB = VAN_BESTAND["termijn_325"]
TOPIC = "knooppunt-declaraties.v1"
NADERT = "Termijn bijna voorbij: het antwoord op een declaratie (325)"
VOORBIJ = "Termijn voorbij: het antwoord op een declaratie (325)"


async def vergiftig(bootstrap, client_id):
    """A record of this client that nobody can read: what comes after it waits for a person (G6)."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        koppen = [("type", b"knooppunt.declaratiedeel_ontvangen")]
        await producer.send_and_wait(TOPIC, b"{", key=client_id.encode(), headers=koppen)
    finally:
        await producer.stop()


def onleesbaar(keten):
    """What nobody can read and stands in the way of a client, as an operator sees it."""
    rijen = keten.vraag("GET", "declaratie", "/v1/geparkeerd", GOES).json()["geparkeerd"]
    return [rij["geparkeerd_id"] for rij in rijen if not rij["kan_opnieuw"] and rij["topic"] == TOPIC]


def stand(keten, wie, bericht_id):
    antwoord = keten.vraag("GET", "declaratie", f"/v1/termijnen?bericht_id={bericht_id}", wie)
    assert antwoord.status_code == 200, antwoord.text
    return [(t["status"], t["uiterlijk"], t["wie"]) for t in antwoord.json()["termijnen"]]


def test_s75_op090x4_zonder_325_na_de_tiende_werkdag_is_er_een_signaal_en_daarna_komt_zij_te_laat(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, AGB)
    zaak.ken_toe(begeleiding())
    [client_id] = {
        rij["client_id"]
        for rij in keten.vraag("GET", "toewijzing", f"/v1/toewijzingen?aanbieder={AGB}", GOES).json()["toewijzingen"]
    }
    asyncio.run(vergiftig(keten.urls["kafka"], client_id))
    [vergif] = wacht_tot(lambda: onleesbaar(keten) or None, "het vergif is geparkeerd")
    keten.klok("2026-04-14T10:00:00+02:00")
    xml = maak_declaratie(keten, {zaak.bsn: [een_prestatie(zaak.nummers[0], nummer("R"), 12)]}, "2026-02", AGB)
    ontvangen = keten.post_xml(AGB, xml).json()
    bericht_id = ontvangen["bericht_id"]
    assert ontvangen["antwoord_uiterlijk"] == "2026-04-29", "27 April is King's day"

    def wacht_op(status):
        verwacht = [(status, "2026-04-29", "gemeente")]
        for wie in (GOES, AGB):
            wacht_tot(lambda wie=wie: stand(keten, wie, bericht_id) == verwacht or None, f"{status} voor {wie}")
        rijen = keten.vraag("GET", "declaratie", f"/v1/termijnen?bericht_id={bericht_id}", GOES).json()["termijnen"]
        return rijen[0]["termijn_id"]

    def wacht_op_mails(termijn_id, *onderwerpen):
        wacht_tot(lambda: mails(keten, termijn_id) == sorted(onderwerpen) or None, f"{len(onderwerpen)} mails")

    wacht_op("loopt")
    keten.klok("2026-04-24T10:00:00+02:00")
    wacht_op_mails(wacht_op("nadert"), NADERT)
    keten.klok("2026-04-29T23:59:00+02:00")
    assert stand(keten, GOES, bericht_id)[0][0] == "nadert", "the tenth working day itself is in time"
    keten.klok("2026-04-30T00:00:05+02:00")
    termijn_id = wacht_op("verstreken")
    wacht_op_mails(termijn_id, NADERT, VOORBIJ)
    # What an operator does: the record that cannot be read is done with, and what is behind it goes on.
    klaar = {"toelichting": "niet te lezen"}
    weg = keten.vraag("POST", "declaratie", f"/v1/geparkeerd/{vergif}/afsluiting", GOES, json=klaar)
    assert weg.status_code == 204
    keten.wacht_op_antwoord(AGB, bericht_id)
    assert wacht_op("te_laat_gehaald") == termijn_id
    assert mails(keten, termijn_id) == sorted([NADERT, VOORBIJ])
