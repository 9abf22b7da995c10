"""OP090, OP271: a provider that stays silent. Both sides see the term, and the municipality hears of it, each time once."""

import email
import email.policy
import json
import os
import signal

from lokaal.spel import wacht_tot
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, begeleiding, een_client

STIL = VAN_BESTAND["stil"]


def termijn(keten, wie, soort, nummer=None, client_id=None):
    """The one term of this kind that this party sees."""
    vraag = f"/v1/termijnen?limit=500&soort={soort}" + (f"&toewijzing_nummer={nummer}" if nummer else "")
    antwoord = keten.vraag("GET", "toewijzing", vraag + (f"&client_id={client_id}" if client_id else ""), wie)
    assert antwoord.status_code == 200, antwoord.text
    rijen = antwoord.json()["termijnen"]
    return rijen[0] if len(rijen) == 1 else None


def wacht_op_stand(keten, wie, status, soort, **vraag):
    def zo():
        rij = termijn(keten, wie, soort, **vraag)
        return rij if rij is not None and rij["status"] == status else None

    return wacht_tot(zo, f"{soort} is {status} voor {wie}")


def mails(keten, betreft):
    """Subject of each e-mail that left about this term, by the mail server's own folder."""
    lijst = keten.vraag("GET", "notifications", "/v1/notificaties?limit=500", GOES).json()["notificaties"]
    kenmerken = {rij["notificatie_id"] for rij in lijst if rij["betreft"] == betreft and rij["status"] == "verzonden"}
    berichten = [
        email.message_from_bytes(pad.read_bytes(), policy=email.policy.default)
        for pad in (keten.map / "post").rglob("*.eml")
    ]
    return sorted(b["Subject"] for b in berichten if any(k in b["Message-ID"] for k in kenmerken))


def tijdlijn(keten, client_id, soort):
    """Sentences about terms in the case, oldest first."""
    zaak = keten.vraag("GET", "backoffice", f"/v1/zaken/{client_id}", GOES)
    if zaak.status_code == 404:
        return []
    return [g["zin"] for g in zaak.json()["gebeurtenissen"] if g["type"] == f"toewijzing.{soort}"]


def test_op090_een_301_zonder_antwoord_nadert_en_verstrijkt_voor_beide_kanten_met_een_mail_per_keer(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, STIL)
    indicatie = keten.indicatie(GOES, een_client(zaak.bsn), [begeleiding(aanbieder=STIL)])
    [nummer], client_id = indicatie["toewijzing_nummers"], indicatie["client_id"]
    keten.wacht_op_301(STIL, [nummer])
    van_gemeente = wacht_op_stand(keten, GOES, "loopt", "antwoord_301", client_id=client_id)
    assert (van_gemeente["uiterlijk"], van_gemeente["verloopt_at"]) == ("2026-01-22", "2026-01-22T23:00:00Z")
    assert (van_gemeente["wie"], van_gemeente["aanbieder"]) == ("aanbieder", STIL)
    van_aanbieder = wacht_op_stand(keten, STIL, "loopt", "antwoord_301")
    assert van_aanbieder == {veld: waarde for veld, waarde in van_gemeente.items() if veld != "client_id"}
    assert termijn(keten, STIL, "vervolg") is None, "what comes after is the municipality's to see"
    termijn_id = van_gemeente["termijn_id"]

    keten.klok("2026-01-21T10:00:00+01:00")
    for wie in (GOES, STIL):
        wacht_op_stand(keten, wie, "nadert", "antwoord_301", **({"client_id": client_id} if wie == GOES else {}))
    wacht_tot(lambda: mails(keten, termijn_id) or None, "de mail dat de termijn nadert")
    assert mails(keten, termijn_id) == ["Termijn bijna voorbij: het antwoord op een toewijzing (302)"]

    keten.klok("2026-01-23T10:00:00+01:00")
    for wie in (GOES, STIL):
        wacht_op_stand(keten, wie, "verstreken", "antwoord_301", **({"client_id": client_id} if wie == GOES else {}))
    keten.wacht_op_toewijzing(GOES, nummer, lambda rij: rij["laatste_301"]["status"] == "te_laat")
    wacht_tot(lambda: len(mails(keten, termijn_id)) == 2 or None, "de mail dat de termijn voorbij is")

    # A restart and weeks in one jump: the start is late by now, and nothing of the 301 is told again.
    processen = keten.map / "processen.json"
    oud = json.loads(processen.read_text())["toewijzing"]
    os.kill(oud, signal.SIGKILL)
    wacht_tot(lambda: json.loads(processen.read_text()).get("toewijzing") not in (None, oud) or None, "een nieuw pid")
    keten.klok("2026-03-10T10:00:00+01:00")
    start = wacht_op_stand(keten, GOES, "verstreken", "start", nummer=nummer)
    assert start["uiterlijk"] == "2026-02-09"
    wacht_tot(lambda: mails(keten, start["termijn_id"]) or None, "de mail over de start")
    assert mails(keten, start["termijn_id"]) == ["Termijn voorbij: het bericht dat de hulp is begonnen (305)"]
    assert mails(keten, termijn_id) == [
        "Termijn bijna voorbij: het antwoord op een toewijzing (302)",
        "Termijn voorbij: het antwoord op een toewijzing (302)",
    ]
    wacht_tot(lambda: len(tijdlijn(keten, client_id, "termijn_verstreken")) == 2 or None, "de tijdlijn is bij")
    assert tijdlijn(keten, client_id, "termijn_verstreken") == [
        "De termijn is voorbij voor het antwoord van de aanbieder op de toewijzing.",
        "De termijn is voorbij voor de melding dat de zorg is begonnen.",
    ]
    assert len(tijdlijn(keten, client_id, "termijn_nadert")) == 2


def test_een_toewijzing_die_binnen_8_weken_eindigt_is_een_signaal_aan_de_gemeente(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, VAN_BESTAND["signaal"])
    zaak.ken_toe(begeleiding())
    [nummer] = zaak.nummers
    wacht_op_stand(keten, GOES, "loopt", "vervolg", nummer=nummer)
    keten.klok("2026-06-05T10:00:00+02:00")
    signaal = wacht_op_stand(keten, GOES, "nadert", "vervolg", nummer=nummer)
    assert (signaal["wie"], signaal["uiterlijk"]) == ("gemeente", "2026-07-31")
    wacht_tot(lambda: mails(keten, signaal["termijn_id"]) or None, "de mail over het einde")
    assert mails(keten, signaal["termijn_id"]) == ["Een toewijzing eindigt binnenkort"]
    assert keten.toewijzing(GOES, nummer)["status"] == "actief", "a signal, never an automatic cut"
