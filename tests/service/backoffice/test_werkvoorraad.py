"""The work list with a real Postgres: a task comes with its fact and leaves with it, in any order of the topics."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.db import Pool, Tenant, connection_options, init_connection, transaction
from chassis.errors import Problem
from chassis.kafka import Event
from services.backoffice import werkvoorraad
from services.backoffice.handlers import leesmodel, taken
from tests.databases import als_rol, verse_database

GOES, A1, A2 = "0664", "75750101", "75750202"
VAN_GOES = Tenant(GOES)
NU = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def dsn(postgres_dsn: str) -> str:
    return als_rol(asyncio.run(verse_database(postgres_dsn, "backoffice")), "backoffice")


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    """As the role of the service, empty."""
    pool = await asyncpg.create_pool(
        dsn, min_size=1, max_size=3, init=init_connection, server_settings=connection_options("backoffice", "test")
    )
    async with transaction(pool, VAN_GOES) as tx:
        await tx.execute("DELETE FROM taak")
        await tx.execute("DELETE FROM toedeling")
        await tx.execute("DELETE FROM vervanging")
    yield pool
    await pool.close()


class Werk:
    """One resident of Goes, and what the back office of Goes sees."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.client_id, self.tik = pool, "".join(random.choices("ABCDEFGH234567", k=26)), 0

    async def meld(self, type_: str, **data: Any) -> None:
        self.tik += 1
        event = Event(event_id=str(uuid4()), type=type_, gemeente=GOES, aanbieder=A1, client_id=self.client_id,
                      gebeurd_at=NU + dt.timedelta(minutes=self.tik), data=data)  # fmt: skip
        async with transaction(self.pool, VAN_GOES) as tx:
            await leesmodel.leg_vast(tx, [event])
            await leesmodel.leg_vast(tx, [event])

    async def lijst(self, wie: str = "jan", **keuze: Any) -> list[dict[str, Any]]:
        alles = {"soort": None, "aanbieder": None, "behandelaar": None, "na": None, "limit": 500} | keuze
        kijker: Any = SimpleNamespace(gemeente=GOES, sub=wie, tenant=VAN_GOES)
        return (await werkvoorraad.lees(self.pool, kijker, **alles))[0]

    async def soorten(self) -> list[str]:
        return [taak["soort"] for taak in await self.lijst()]


def een_termijn(**anders: Any) -> dict[str, Any]:
    return {"termijn_id": str(uuid4()), "soort": "start", "wie": "aanbieder", "partij": A1, "uiterlijk": "2026-03-10",
            "toewijzing_nummer": 610001, "bericht_id": None, "verzoek_id": None, "afloop": None} | anders  # fmt: skip


async def test_een_geweigerde_301_staat_er_tot_elk_nummer_opnieuw_is_verzonden(pool: Pool) -> None:
    werk = Werk(pool)
    await werk.meld("toewijzing.bericht_afgekeurd", opdracht_id="o1", bericht_id="b1", soort="WMO301",
                    retourcodes=["9385"], toewijzing_nummers=[610001, 610002])  # fmt: skip
    [taak] = await werk.lijst()
    assert (taak["soort"], taak["toewijzing_nummers"], taak["handelingen"]) == (
        "afkeuring", [610001, 610002], ["herzending", "afhandeling"])  # fmt: skip
    assert taak["codes"][0]["code"] == "9385" and taak["codes"][0]["betekenis"] != "Onbekende code"
    opgesteld = {"opdracht_id": "o2", "soort": "WMO301"}
    await werk.meld("toewijzing.bericht_opgesteld", **opgesteld, toegewezen_producten=[{"toewijzing_nummer": 610002}])
    [taak] = await werk.lijst()
    assert taak["toewijzing_nummers"] == [610001], "a number with a fault of its own does not go along"
    await werk.meld("toewijzing.toewijzing_vastgelegd", toewijzing_nummer=610001, versie=2, status="verzonden")
    assert await werk.lijst() == []
    await werk.meld(
        "toewijzing.bericht_afgekeurd", opdracht_id="o2", bericht_id="b2", soort="WMO319", retourcodes=["9355"]
    )
    assert await werk.lijst() == [], "the verzoek behind a refused 319 comes back itself"


async def test_op274_een_verzoek_staat_er_tot_het_besluit_en_maar_een_keer(pool: Pool) -> None:
    werk = Werk(pool)
    verzoek = {"verzoek_id": "v1", "soort": "vot", "referentie_aanbieder": "R", "bericht_id": "b",
               "reageer_uiterlijk": "2026-03-09", "besluit_uiterlijk": "2026-04-27"}  # fmt: skip
    await werk.meld("toewijzing.verzoek_gewijzigd", **verzoek, status="ingediend")
    termijn = een_termijn(soort="reactie_verzoek", wie="gemeente", partij=GOES, verzoek_id="v1")
    await werk.meld("toewijzing.termijn_nadert", **termijn)
    [taak] = await werk.lijst()
    assert (taak["soort"], taak["uiterlijk"]) == ("verzoek", "2026-03-09")
    assert taak["handelingen"] == ["toekenning", "onderzoek", "afwijzing"]
    await werk.meld("toewijzing.verzoek_gewijzigd", **verzoek, status="in_onderzoek")
    assert [taak["uiterlijk"] for taak in await werk.lijst()] == ["2026-04-27"]
    await werk.meld("toewijzing.verzoek_gewijzigd", **verzoek, status="afgewezen")
    assert await werk.lijst() == []
    await werk.meld("toewijzing.verzoek_gewijzigd", **verzoek, status="ingediend")
    assert await werk.soorten() == ["verzoek"], "OP286: its 319 was refused"


async def test_op271_een_termijn_is_een_taak_tot_zij_eindigt_en_komt_terug(pool: Pool) -> None:
    werk, termijn = Werk(pool), een_termijn()
    await werk.meld("toewijzing.termijn_nadert", **termijn)
    await werk.meld("toewijzing.termijn_verstreken", **termijn)
    [taak] = await werk.lijst()
    assert taak["zin"] == "De termijn is voorbij voor de melding dat de zorg is begonnen."
    assert (taak["soort"], taak["wie"], taak["handelingen"]) == ("termijn", "aanbieder", [])
    await werk.meld("toewijzing.termijn_beeindigd", **termijn | {"afloop": "te_laat_gehaald"})
    assert await werk.lijst() == []
    await werk.meld("toewijzing.termijn_hervat", **termijn)
    [weer] = await werk.lijst()
    assert weer["taak_id"] == taak["taak_id"]
    with pytest.raises(Problem, match="taak_volgt_feit"):
        async with transaction(pool, VAN_GOES) as tx:
            await taken.handel_af(tx, GOES, "jan", UUID(weer["taak_id"]), "klaar")


@pytest.mark.parametrize("eerst", ["antwoord", "klok"])
async def test_op090_een_antwoord_dat_al_weg_is_maakt_geen_taak(pool: Pool, eerst: str) -> None:
    """The clock tells by one topic and the 325 leaves by another: any order gives the same list (OP080)."""
    werk, bericht_id = Werk(pool), str(uuid4())
    te_laat = {
        "bericht_id": bericht_id,
        "soort": "WMO323",
        "wacht_op": "WMO325",
        "uiterlijk": "2026-03-16",
        "partij": GOES,
    }
    weg = {"bericht_id": str(uuid4()), "soort": "WMO325", "op_bericht": bericht_id}
    stappen = [("knooppunt.bericht_verzonden", weg), ("knooppunt.termijn_verstreken", te_laat)]
    for type_, data in stappen if eerst == "antwoord" else reversed(stappen):
        await werk.meld(type_, **data)
        if type_ == "knooppunt.termijn_verstreken" and eerst == "klok":
            assert await werk.soorten() == ["termijn"]
    assert await werk.lijst() == []


async def test_signalen_gaan_weg_door_een_ander_besluit_of_door_een_mens(pool: Pool) -> None:
    werk = Werk(pool)
    gebruik = {"toewijzing_nummer": 610001, "soort": "minder", "sinds": "2026-01-01", "t_m": "2026-03-01", "maanden": 3,
               "verplicht_cent": 100, "gerealiseerd_cent": 1}  # fmt: skip
    einde = een_termijn(soort="vervolg", wie="gemeente", partij=GOES, uiterlijk="2026-05-31")
    versie = {"toewijzing_nummer": 610001, "versie": 2}
    await werk.meld("declaratie.gebruik_wijkt_af", **gebruik)
    await werk.meld("toewijzing.einde_nadert", **einde)
    await werk.meld("toewijzing.indicatie_geweigerd", indicatie_id="i1", bevindingen=[{"regel": "CONTRACT"}])
    assert await werk.soorten() == ["signaal"] * 3
    await werk.meld("toewijzing.toewijzing_vastgelegd", **versie, status="goedgekeurd")
    assert len(await werk.lijst()) == 3, "the answer to what was decided before says nothing about the use"
    await werk.meld("toewijzing.toewijzing_vastgelegd", **versie, status="verzonden")
    await werk.meld("toewijzing.termijn_beeindigd", **einde | {"afloop": "gehaald"})
    [over] = await werk.lijst()
    assert over["zin"].startswith("Het besluit kan geen toewijzing worden.")
    async with transaction(pool, VAN_GOES) as tx:
        await taken.handel_af(tx, GOES, "jan", UUID(over["taak_id"]), "Nieuw besluit genomen.")
    assert await werk.lijst() == []


async def test_wie_vervangt_ziet_het_werk_van_de_collega(pool: Pool) -> None:
    werk = Werk(pool)
    await werk.meld("toewijzing.termijn_nadert", **een_termijn())
    await werk.meld("toewijzing.termijn_nadert", **een_termijn(uiterlijk="2026-03-04"))
    eerste, tweede = await werk.lijst()
    assert eerste["uiterlijk"] == "2026-03-04", "the first due first"
    async with transaction(pool, VAN_GOES) as tx:
        await taken.wijs_toe(tx, GOES, "jan", UUID(eerste["taak_id"]), "ans")
    assert await werk.lijst("jan", behandelaar="mijn") == []
    assert [t["taak_id"] for t in await werk.lijst(behandelaar="niemand")] == [tweede["taak_id"]]
    async with transaction(pool, VAN_GOES) as tx:
        await taken.vervang(tx, GOES, "ans", "jan", dt.date(2099, 1, 1))
    [van_ans] = await werk.lijst("jan", behandelaar="mijn")
    assert (van_ans["behandelaar"], van_ans["vervanger"]) == ("ans", "jan")
    async with transaction(pool, VAN_GOES) as tx:
        await taken.vervang(tx, GOES, "ans", "jan", dt.date(2020, 1, 1))
    assert await werk.lijst("jan", behandelaar="mijn") == [], "the substitution is over"


async def test_g18_een_notitie_met_een_bsn_wordt_niet_bewaard(pool: Pool) -> None:
    werk = Werk(pool)
    await werk.meld("toewijzing.termijn_nadert", **een_termijn())
    [taak] = await werk.lijst()
    for tekst in ("bel 999990019", "bsn 9999.90.019!"):
        with pytest.raises(Problem, match="bsn_in_tekst") as fout:
            async with transaction(pool, VAN_GOES) as tx:
                await taken.noteer(tx, GOES, "jan", UUID(taak["taak_id"]), tekst)
        assert "99999" not in str(vars(fout.value))
    async with transaction(pool, VAN_GOES) as tx:
        await taken.noteer(tx, GOES, "jan", UUID(taak["taak_id"]), "AGB 75750101 gebeld, tel 0113123456")


async def test_bladeren_geeft_elke_taak_een_keer_op_volgorde(pool: Pool) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    werk, kans = Werk(pool), random.Random(seed)
    for _ in range(23):
        dag = dt.date(2026, 3, 1) + dt.timedelta(days=kans.randrange(5))
        await werk.meld("toewijzing.termijn_nadert", **een_termijn(uiterlijk=dag.isoformat()))
    gezien: list[dict[str, Any]] = []
    na: str | None = ""
    kijker: Any = SimpleNamespace(gemeente=GOES, sub="jan", tenant=VAN_GOES)
    while na is not None:
        rijen, na = await werkvoorraad.lees(pool, kijker, soort=None, aanbieder=None, behandelaar=None, na=na, limit=4)
        gezien += rijen
    assert [t["taak_id"] for t in gezien] == [t["taak_id"] for t in await werk.lijst()]
    assert [t["uiterlijk"] for t in gezien] == sorted(t["uiterlijk"] for t in gezien) and len(gezien) == 23
    with pytest.raises(Problem, match="cursor_ongeldig"):
        await werk.lijst(na="onzin")
