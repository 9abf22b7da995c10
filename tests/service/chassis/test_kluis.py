"""The vault: a key per client, made once, destroyed for good (G19 in small)."""

from __future__ import annotations

import asyncio
import base64
import random
import subprocess
import sys
import uuid
from pathlib import Path

import asyncpg
import pytest

from chassis import kluis as kluizen
from chassis.bsn import SealError, seal, unseal
from chassis.kluis import Kluis, Vergeten

SLEUTEL_2 = base64.b64encode(b"2" * 32).decode()


def een_client() -> str:
    return uuid.uuid4().hex[:26].upper()


def beheer(postgres_dsn: str, *opdracht: str, invoer: str = "") -> str:
    """`python -m chassis.kluis`, as the owner of the vault."""
    klaar = subprocess.run(
        [sys.executable, "-m", "chassis.kluis", "--dsn", kluizen.kluis_dsn(postgres_dsn), *opdracht],
        input=invoer, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert klaar.returncode == 0, klaar.stderr
    return klaar.stdout


async def een_ander_proces(dsn: str) -> Kluis:
    kluis = Kluis()
    await kluis.open(dsn, "ander")
    return kluis


async def test_twee_processen_maken_voor_dezelfde_clienten_dezelfde_sleutels(kluis: Kluis, kluis_dsn: str) -> None:
    ander = await een_ander_proces(kluis_dsn)
    clienten = [een_client() for _ in range(300)]
    gemengd = random.sample(clienten, len(clienten))
    keren = await asyncio.gather(*(k.sleutels(c) for k in (kluis, ander) for c in (clienten, gemengd, clienten[:150])))
    samen = {houder: {keer[houder] for keer in keren if houder in keer} for houder in clienten}
    assert all(len(sleutels) == 1 for sleutels in samen.values())
    assert len(set.union(*samen.values())) == len(clienten)
    await ander.close()


async def test_dertigduizend_sleutels_gaan_in_twee_opdrachten_en_worden_samen_herverpakt(
    kluis: Kluis, kluis_dsn: str, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clienten = [een_client() for _ in range(30_000)]
    opdrachten = []
    pool = kluis._open_pool()
    async with pool.acquire() as een:
        een.add_query_logger(lambda record: opdrachten.append(record.query))
    gemaakt = await kluis.sleutels(clienten)
    assert len(gemaakt) == len(set(gemaakt.values())) == 30_000
    selects = [query for query in opdrachten if "from sleutel" in query or "insert into sleutel" in query]
    assert 1 <= len(selects) <= 2

    oud = kluizen.os.environ["ZORGKETEN_SLEUTEL_KLUIS"]
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"2:{SLEUTEL_2},{oud}")
    assert int(beheer(postgres_dsn, "herverpak").split()[0]) >= 30_000
    assert beheer(postgres_dsn, "herverpak").startswith("0 ")
    ander = await een_ander_proces(kluis_dsn)
    assert await ander.bekende_sleutels(clienten) == gemaakt
    await ander.close()
    # Back again, and gone, for the tests that share this vault.
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"{oud},2:{SLEUTEL_2}")
    beheer(postgres_dsn, "herverpak")
    eigenaar = await asyncpg.connect(kluizen.kluis_dsn(postgres_dsn), server_settings={"search_path": "kluis"})
    await eigenaar.execute("delete from sleutel where houder = any($1::text[])", clienten)
    await eigenaar.close()


async def test_een_vernietigde_sleutel_komt_niet_terug_en_anderen_merken_niets(
    kluis: Kluis, kluis_dsn: str, postgres_dsn: str
) -> None:
    weg, blijft = een_client(), een_client()
    zegels = {houder: seal(key, b"gegevens", houder) for houder, key in (await kluis.sleutels([weg, blijft])).items()}
    assert beheer(postgres_dsn, "vergeet", weg, "--door", "toets") == "1 sleutel vernietigd\n"
    ander = await een_ander_proces(kluis_dsn)
    assert unseal(await ander.sleutel(blijft), zegels[blijft], blijft) == b"gegevens"
    assert await ander.bekende_sleutels([weg, blijft]) == {blijft: await ander.sleutel(blijft)}
    for clienten in ([weg], [weg, blijft], [een_client(), weg]):
        with pytest.raises(Vergeten):
            await ander.sleutels(clienten)
    assert await ander.vergeten([weg, blijft]) == {weg}
    assert beheer(postgres_dsn, "vergeet", weg) == "0 sleutel vernietigd\n"
    await ander.close()


async def test_een_proces_dat_de_sleutel_nog_kent_vergeet_hem_snel(
    kluis: Kluis, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = een_client()
    await kluis.sleutel(client)
    beheer(postgres_dsn, "vergeet", client)
    assert await kluis.sleutel(client), "still in the cache"
    nu = kluizen.time.monotonic()
    monkeypatch.setattr(kluizen.time, "monotonic", lambda: nu + 31)
    with pytest.raises(Vergeten):
        await kluis.sleutel(client)


async def test_vernietigen_tijdens_het_maken_laat_nooit_een_sleutel_achter(
    kluis_dsn: str, postgres_dsn: str, kluis: Kluis
) -> None:
    """Whoever is first: after the destruction there is no key, and none is made."""
    ander = await een_ander_proces(kluis_dsn)
    eigenaar = kluizen.kluis_dsn(postgres_dsn)
    for _ in range(20):
        client = een_client()
        lijst = [kluizen.Vernietiging(client, kluizen.datetime.now(kluizen.UTC), "toets")]
        await asyncio.gather(
            kluis.sleutel(client), ander.sleutel(client), kluizen.vergeet(eigenaar, lijst), return_exceptions=True
        )
        laatste = await een_ander_proces(kluis_dsn)
        assert await laatste.bekende_sleutels([client]) == {}
        with pytest.raises(Vergeten):
            await laatste.sleutel(client)
        await laatste.close()
    await ander.close()


async def test_na_terugzetten_van_een_back_up_wordt_de_lijst_herhaald(
    kluis: Kluis, kluis_dsn: str, postgres_dsn: str, tmp_path: Path
) -> None:
    weg, blijft = een_client(), een_client()
    await kluis.sleutels([weg, blijft])
    eigenaar = await asyncpg.connect(kluizen.kluis_dsn(postgres_dsn), server_settings={"search_path": "kluis"})
    back_up = await eigenaar.fetch("select * from sleutel")
    beheer(postgres_dsn, "vergeet", weg)
    lijst = tmp_path / "vernietigd.jsonl"
    lijst.write_text(beheer(postgres_dsn, "vernietigd"))

    await eigenaar.execute("truncate sleutel, vernietigd")
    await eigenaar.copy_records_to_table("sleutel", records=[tuple(rij) for rij in back_up])
    ander = await een_ander_proces(kluis_dsn)
    assert weg in await ander.bekende_sleutels([weg]), "the backup brought the key back"
    assert "opnieuw vernietigd" in beheer(postgres_dsn, "herhaal-vernietigd", str(lijst))
    na = await een_ander_proces(kluis_dsn)
    assert (await na.bekende_sleutels([weg, blijft])).keys() == {blijft}
    assert beheer(postgres_dsn, "vernietigd") == lijst.read_text()
    for een in (ander, na):
        await een.close()
    await eigenaar.close()


async def test_de_sleutel_van_de_kluis_wordt_vervangen_zonder_dat_iets_onleesbaar_wordt(
    kluis: Kluis, kluis_dsn: str, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = een_client()
    eerst = await kluis.sleutel(client)
    oud = kluizen.os.environ["ZORGKETEN_SLEUTEL_KLUIS"]
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"2:{SLEUTEL_2},{oud}")
    assert "opnieuw verpakt" in beheer(postgres_dsn, "herverpak")
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"2:{SLEUTEL_2}")
    ander = await een_ander_proces(kluis_dsn)
    assert await ander.sleutel(client) == eerst
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", oud)
    with pytest.raises(SealError):
        await (await een_ander_proces(kluis_dsn)).sleutel(client)
    # Back again, for the tests that share this vault.
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"{oud},2:{SLEUTEL_2}")
    beheer(postgres_dsn, "herverpak")
    await ander.close()


@pytest.mark.parametrize(
    "sql",
    [
        "delete from sleutel", "update sleutel set versie = 9", "truncate sleutel", "delete from vernietigd",
        "insert into vernietigd values ('x', now(), 'x')", "drop table sleutel",
    ],
)  # fmt: skip
async def test_een_service_kan_geen_sleutel_vernietigen_of_veranderen(kluis_dsn: str, sql: str) -> None:
    rol = await asyncpg.connect(kluis_dsn, server_settings={"search_path": "kluis"})
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rol.execute(sql)
    await rol.close()


async def test_een_andere_service_komt_de_kluis_niet_in(dsn: str, kluis_dsn: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(dsn.rpartition("/")[0] + "/kluis")


@pytest.mark.parametrize("waarde", ["", "1:kort", "a:" + SLEUTEL_2, SLEUTEL_2])
async def test_een_verkeerde_sleutel_van_de_kluis_noemt_haar_naam_en_niet_haar_waarde(
    kluis: Kluis, monkeypatch: pytest.MonkeyPatch, waarde: str
) -> None:
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", waarde)
    with pytest.raises(SealError) as fout:
        await kluis.sleutel(een_client())
    assert "ZORGKETEN_SLEUTEL_KLUIS" in str(fout.value) and (not waarde or waarde not in str(fout.value))
