"""The operator's commands on a running chain: what is parked is tried, let go and gone; nothing of a person comes out."""

import asyncio
import json
import tarfile

import asyncpg
import pytest

from beheer.__main__ import main
from lokaal.plek import SERVICES
from lokaal.spel import wacht_tot
from tests.chain.gif import herstel, vergiftig
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, begeleiding

A = VAN_BESTAND["werk"]


async def sql(keten, vraag):
    db = await asyncpg.connect(keten.urls["postgres"])
    try:
        return await db.fetch(vraag)
    finally:
        await db.close()


@pytest.fixture
def beheer(keten, monkeypatch, capsys):
    """Runs a command against the chain; gives (exit code, what it said)."""
    for sleutel, waarde in {
        "DSN_BEHEER": keten.urls["postgres"], "KAFKA": keten.urls["kafka"], "TOKEN": keten.token(gemeente=GOES),
        **{f"URL_{naam.upper()}": keten.urls[naam] for naam in SERVICES},
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ZORGKETEN_{sleutel}", waarde)

    def doe(*woorden):
        code = main(woorden)
        gezegd = capsys.readouterr()
        return code, gezegd.out + gezegd.err

    return doe


def test_g06_een_geparkeerde_gebeurtenis_gaat_met_beheer_opnieuw(keten, beheer, tmp_path):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, A)
    indicatie = keten.indicatie(GOES, zaak.client, [begeleiding(aanbieder=A)])
    [nummer] = indicatie["toewijzing_nummers"]
    client_id = keten.toewijzing(GOES, nummer)["client_id"]
    xml = keten.wacht_op_301(A, {nummer})
    vergiftig(keten, client_id)
    keten.keur_goed(A, xml)
    van_client = f"select geparkeerd_id from toewijzing.geparkeerd where klant = '{client_id}' and opgelost_at is null"
    [[geparkeerd]] = wacht_tot(lambda: asyncio.run(sql(keten, van_client)) or None, "de 302 staat geparkeerd")

    code, gezegd = beheer("status")
    [regel] = [r.split() for r in gezegd.splitlines() if r.startswith("toewijzing")]
    assert code == 1 and regel[1] == "gereed" and int(regel[-3 if regel[-2] == "s" else -4]) >= 0
    een = ("redrive", "--service", "toewijzing", "--nummer", str(geparkeerd))
    code, gezegd = beheer(*een, "--dry-run")
    assert (code, "zou worden: blijft_geparkeerd" in gezegd, "1 bekeken" in gezegd) == (0, True, True)
    herstel(keten)
    assert "zou worden: verwerkt" in beheer(*een, "--dry-run")[1]
    assert asyncio.run(sql(keten, van_client)), "a trial changes nothing"
    assert "1 vrijgegeven" in beheer(*een)[1]
    wacht_tot(lambda: not asyncio.run(sql(keten, van_client)) or None, "de 302 is alsnog verwerkt")
    assert keten.toewijzing(GOES, nummer)["laatste_301"]["status"] == "goedgekeurd"
    assert "0 vrijgegeven" in beheer(*een)[1]
    assert beheer("redrive", "--service", "toewijzing")[0] == 2, "everything only when asked for"

    wacht_tot(lambda: beheer("lag", "--grens", "0")[0] == 0 or None, "niemand loopt achter")
    naar = tmp_path / "bundel.tar.gz"
    assert beheer("support-bundle", "--naar", str(naar))[0] == 0
    with tarfile.open(naar) as bundel:
        delen = {deel.name: bundel.extractfile(deel).read().decode() for deel in bundel}
    alles = "\n".join(delen.values())
    assert zaak.bsn not in alles and "Testduin" not in alles and "niet_gelukt" not in alles
    assert set(json.loads(delen["gereed.json"]).values()) == {"gereed"}
    metingen = delen["metingen-knooppunt.txt"]
    assert "zorgketen_retour_te_laat_total" in metingen and "zorgketen_http_total" in metingen
