"""S20-S30: start en stop van levering, met hun spoor in de database."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chassis.db import Pool
from chassis.errors import Wacht
from tests.service.toewijzing.zaak import Zaak, begeleiding, van

Klok = Callable[[str], None]
BEGIN = "2026-02-04"


async def gestart(pool: Pool) -> tuple[Zaak, int]:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    assert await zaak.start(nummer, BEGIN) == {}
    return zaak, nummer


async def levering(zaak: Zaak) -> str:
    [rij] = await zaak.toewijzingen()
    return str(rij["levering"])


async def test_s20_start(pool: Pool, zet_klok: Klok) -> None:
    zaak, _ = await gestart(pool)
    assert await levering(zaak) == "gestart"
    assert van(await zaak.gebeurtenissen(), "levering_gewijzigd")[0]["begindatum"] == BEGIN


async def test_tr326_s21_tweede_start(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer = await gestart(pool)
    codes = await zaak.start(nummer, "2026-03-02")
    assert codes == {"Client": ["0200"], "StartProduct[1]": ["9326"]}


async def test_tr063_s23_verwijderen_wat_er_niet_is(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer = await gestart(pool)
    assert (await zaak.start(nummer, "2026-03-02", "3"))["StartProduct[1]"] == ["9063"]


async def test_tr019_onbekend_nummer_wacht_eerst(pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    regel = {"toewijzing_nummer": 1, "product": None, "begindatum": BEGIN, "status_aanlevering": "1"}
    with pytest.raises(Wacht):
        await zaak.ontvang("WMO305", {"start_producten": [regel]}, wacht_voorbij=False)
    assert (await zaak.start(1, BEGIN))["StartProduct[1]"] == ["9019"]


async def test_s24_tijdelijk_en_definitief_gestopt(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer = await gestart(pool)
    assert await zaak.stop(nummer, BEGIN, ("20", "2026-04-10", "1")) == {}
    assert await levering(zaak) == "tijdelijk_gestopt"
    assert await zaak.stop(nummer, BEGIN, ("23", "2026-04-10", "1")) == {}
    assert await levering(zaak) == "gestopt"


async def test_tr413_tr415_s25_s27(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer = await gestart(pool)
    await zaak.stop(nummer, BEGIN, ("20", "2026-04-10", "1"))
    assert (await zaak.stop(nummer, BEGIN, ("20", "2026-04-20", "1")))["StopProduct[1]"] == ["9413"]
    await zaak.stop(nummer, BEGIN, ("19", "2026-04-21", "1"))
    assert (await zaak.stop(nummer, BEGIN, ("02", "2026-04-22", "1")))["StopProduct[1]"] == ["9415"]


async def test_s28_correctie_in_een_bericht(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer = await gestart(pool)
    await zaak.stop(nummer, BEGIN, ("22", "2026-04-10", "1"))
    assert await zaak.stop(nummer, BEGIN, ("19", "2026-04-10", "1"), ("22", "2026-04-10", "3")) == {}
    codes = await zaak.stop(nummer, BEGIN, ("22", "2026-04-10", "3"))
    assert codes["StopProduct[1]"] == ["9063"]


async def test_tr071_s30_start_met_stop(pool: Pool, zet_klok: Klok) -> None:
    zaak, nummer = await gestart(pool)
    await zaak.stop(nummer, BEGIN, ("19", "2026-04-10", "1"))
    assert (await zaak.start(nummer, BEGIN, "3"))["StartProduct[1]"] == ["9071"]
