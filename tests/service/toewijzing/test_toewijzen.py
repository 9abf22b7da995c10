"""Van indicatie tot 301 en 302: S01, S02, S12 en de weigering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from chassis.db import Pool, transaction
from chassis.errors import Problem
from services.toewijzing.domain.toewijzing import Omvang
from services.toewijzing.domain.wijziging import Wijziging
from services.toewijzing.handlers.wijziging import (
    Vervanging,
    herindiceer_toewijzing,
    trek_toewijzing_in,
    verwijder_toewijzing,
    wijzig_toewijzing,
)
from tests.service.toewijzing.zaak import GOES, VAN_GOES, Zaak, begeleiding, dagbesteding, van

Klok = Callable[[str], None]


async def test_s01_indicatie_wordt_toewijzing_en_301(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    gebeurd = await zaak.indiceer(begeleiding())
    [toegewezen] = van(gebeurd, "indicatie_toegewezen")
    [bericht] = van(gebeurd, "bericht_opgesteld")
    [product] = bericht["toegewezen_producten"]
    assert product["toewijzing_nummer"] == toegewezen["toewijzing_nummers"][0] <= 999_999_999
    assert (product["toewijzingsdatum"], product["toewijzingstijd"][:5]) == ("2026-01-19", "10:00")
    assert product["reden_wijziging"] is None and product["referentie_aanbieder"] is None
    assert (await zaak.toewijzingen())[0]["status"] == "toekomstig"
    zet_klok("2026-02-02T00:00:01+01:00")
    assert (await zaak.toewijzingen("actief"))[0]["laatste_301"]["status"] == "verzonden"
    gebeurd = await zaak.ontvang("WMO302", {"retourcodes": [], "toegewezen_producten": []}, bericht["opdracht_id"])
    assert [v["status"] for v in van(gebeurd, "toewijzing_vastgelegd")] == ["goedgekeurd"]
    assert (await zaak.toewijzingen())[0]["laatste_301"]["status"] == "goedgekeurd"


async def test_op087_s02_geldige_toewijzing_gaat_ongewijzigd_mee(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    eerste = van(await zaak.indiceer(begeleiding()), "bericht_opgesteld")[0]["toegewezen_producten"][0]
    zet_klok("2026-02-20T10:00:00+01:00")
    [bericht] = van(await zaak.indiceer(dagbesteding()), "bericht_opgesteld")
    assert len(bericht["toegewezen_producten"]) == 2
    assert bericht["toegewezen_producten"][0] == eerste


async def test_op087_afgekeurde_301_gaat_opnieuw_mee(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    [bericht] = van(await zaak.indiceer(begeleiding()), "bericht_opgesteld")
    gebeurd = await zaak.ontvang("WMO302", {"retourcodes": ["0001"]}, bericht["opdracht_id"])
    assert van(gebeurd, "bericht_afgekeurd")[0]["retourcodes"] == ["0001"]
    assert [v["status"] for v in van(gebeurd, "toewijzing_vastgelegd")] == ["afgekeurd"]
    gebeurd = await zaak.indiceer(dagbesteding())
    assert len(van(gebeurd, "bericht_opgesteld")[0]["toegewezen_producten"]) == 2
    assert {v["status"] for v in van(gebeurd, "toewijzing_vastgelegd")} == {"verzonden"}


async def test_indicatie_met_fouten_wordt_geheel_geweigerd(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    gebeurd = await zaak.indiceer(begeleiding(), dagbesteding(einddatum=None, aanbieder="75750999"))
    assert [g["type"] for g in gebeurd] == ["toewijzing.indicatie_geweigerd"]
    assert {b["regel"] for b in van(gebeurd, "indicatie_geweigerd")[0]["bevindingen"]} == {
        "CD076",
        "CONTRACT",
    }
    assert await zaak.toewijzingen() == []


async def test_tr302_overlap_met_bestaande_toewijzing(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    await zaak.indiceer(begeleiding())
    gebeurd = await zaak.indiceer(begeleiding(ingangsdatum="2026-07-01", einddatum="2026-12-31"))
    assert [b["regel"] for b in van(gebeurd, "indicatie_geweigerd")[0]["bevindingen"]] == ["TR302"]


async def test_op380_s12_oprekken_houdt_het_nummer(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    zet_klok("2026-06-15T10:00:00+02:00")
    gebeurd = await zaak.indiceer(begeleiding(ingangsdatum="2026-08-01", einddatum="2026-12-31"))
    assert [b["regel"] for b in van(gebeurd, "indicatie_geweigerd")[0]["bevindingen"]] == ["OP380"]
    oprekken = Wijziging(frozenset({"einddatum"}), "04", date(2026, 12, 31))
    async with transaction(pool, VAN_GOES) as tx:
        uitkomst = await wijzig_toewijzing(tx, GOES, nummer, oprekken, None)
    assert (uitkomst.toewijzing_nummer, uitkomst.versie) == (nummer, 2)
    [product] = van(await zaak.gebeurtenissen(), "bericht_opgesteld")[-1]["toegewezen_producten"]
    assert (product["toewijzing_nummer"], product["reden_wijziging"]) == (nummer, "04")
    assert (product["einddatum"], product["toewijzingsdatum"]) == ("2026-12-31", "2026-06-15")


async def test_iv013_besluit_voor_het_vorige_wordt_geweigerd(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    oprekken = Wijziging(frozenset({"einddatum"}), "04", date(2026, 12, 31))
    with pytest.raises(Problem) as fout:
        async with transaction(pool, VAN_GOES) as tx:
            await wijzig_toewijzing(tx, GOES, nummer, oprekken, datetime(2026, 1, 18, tzinfo=UTC))
    assert fout.value.status == 422 and [b.regel for b in fout.value.bevindingen] == ["IV013"]


async def test_op257_volume_per_week_wijzigt_niet(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    with pytest.raises(Problem) as fout:
        async with transaction(pool, VAN_GOES) as tx:
            await wijzig_toewijzing(tx, GOES, nummer, Wijziging(frozenset({"volume"}), "14", volume=5), None)
    assert {b.regel for b in fout.value.bevindingen} == {"OP257", "IV066"}


async def test_op258_intrekking(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    async with transaction(pool, VAN_GOES) as tx:
        await trek_toewijzing_in(tx, GOES, nummer, date(2026, 5, 31), "07")
    assert (await zaak.toewijzingen())[0]["status"] == "ingetrokken"


async def test_tr385_verwijdering_alleen_zonder_goedgekeurde_prestaties(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    await zaak.declareer(nummer, 70500)
    with pytest.raises(Problem) as fout:
        async with transaction(pool, VAN_GOES) as tx:
            await verwijder_toewijzing(tx, GOES, nummer)
    assert [b.regel for b in fout.value.bevindingen] == ["TR385"]
    await zaak.declareer(nummer, -70500)
    async with transaction(pool, VAN_GOES) as tx:
        await verwijder_toewijzing(tx, GOES, nummer)
    assert (await zaak.toewijzingen())[0]["status"] == "verwijderd"


async def test_op257_herindicatie_in_een_301(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    nieuw = Vervanging(frozenset({"ingangsdatum", "omvang"}), date(2026, 5, 4), omvang=Omvang(5, "04", "2"))
    async with transaction(pool, VAN_GOES) as tx:
        uitkomst = await herindiceer_toewijzing(tx, GOES, nummer, nieuw)
    oud, extra = van(await zaak.gebeurtenissen(), "bericht_opgesteld")[-1]["toegewezen_producten"]
    assert (oud["einddatum"], oud["reden_wijziging"]) == ("2026-05-03", "05")
    assert (extra["toewijzing_nummer"], extra["reden_wijziging"], extra["einddatum"]) == (
        uitkomst.nieuw_toewijzing_nummer,
        None,
        "2026-07-31",
    )
