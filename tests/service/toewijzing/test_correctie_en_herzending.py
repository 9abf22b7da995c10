"""A number that was wrong, a 301 that goes again, and what a refusing 302 takes with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chassis.db import Pool, transaction
from chassis.errors import Problem
from services.toewijzing.domain.toewijzing import Omvang, Product
from services.toewijzing.domain.wijziging import Wijziging
from services.toewijzing.handlers import besluit, wijziging
from services.toewijzing.handlers.wijziging import Vervanging
from tests.service.toewijzing.zaak import GOES, VAN_GOES, Zaak, begeleiding, dagbesteding, van

Klok = Callable[[str], None]
DAGDEEL = Vervanging(frozenset({"product", "omvang"}), product=Product("07", "07A12"), omvang=Omvang(2, "16", "2"))


async def toegewezen(pool: Pool, *producten: dict[str, Any]) -> tuple[Zaak, list[int], str]:
    zaak = Zaak(pool)
    await zaak.contracten()
    gebeurd = await zaak.indiceer(*(producten or (begeleiding(),)))
    [bericht] = van(gebeurd, "bericht_opgesteld")
    return zaak, van(gebeurd, "indicatie_toegewezen")[0]["toewijzing_nummers"], bericht["opdracht_id"]


async def laatste_301(zaak: Zaak) -> dict[int, dict[str, Any]]:
    producten = van(await zaak.gebeurtenissen(), "bericht_opgesteld")[-1]["toegewezen_producten"]
    return {p["toewijzing_nummer"]: p for p in producten}


async def test_correctie_verwijdert_het_foute_nummer_en_begint_een_nieuw_in_een_301(pool: Pool, zet_klok: Klok) -> None:
    zaak, [fout], _ = await toegewezen(pool)
    async with transaction(pool, VAN_GOES) as tx:
        uitkomst = await wijziging.corrigeer_toewijzing(tx, GOES, fout, DAGDEEL)
    goed = uitkomst.nieuw_toewijzing_nummer
    assert goed is not None
    producten = await laatste_301(zaak)
    assert set(producten) == {fout, goed}
    assert (producten[fout]["reden_wijziging"], producten[fout]["einddatum"]) == ("13", "2026-02-02")
    assert producten[goed]["product"] == {"categorie": "07", "code": "07A12"}
    assert (producten[goed]["reden_wijziging"], producten[goed]["einddatum"]) == (None, "2026-07-31")
    assert [t["status"] for t in await zaak.toewijzingen()] == ["verwijderd", "toekomstig"]


async def test_tr385_correctie_kan_niet_meer_na_een_goedgekeurde_prestatie(pool: Pool, zet_klok: Klok) -> None:
    zaak, [fout], _ = await toegewezen(pool)
    await zaak.declareer(fout, 70500)
    with pytest.raises(Problem) as verbod:
        async with transaction(pool, VAN_GOES) as tx:
            await wijziging.corrigeer_toewijzing(tx, GOES, fout, DAGDEEL)
    assert [b.regel for b in verbod.value.bevindingen] == ["TR385"]
    assert [t["status"] for t in await zaak.toewijzingen()] == ["toekomstig"], "nothing left"


async def test_eerdere_ingangsdatum_is_een_extra_nummer_of_een_correctie(pool: Pool, zet_klok: Klok) -> None:
    zaak, [een], _ = await toegewezen(pool)
    ervoor = begeleiding(ingangsdatum="2026-01-19", einddatum="2026-02-01")
    assert van(await zaak.indiceer(ervoor), "indicatie_toegewezen")
    assert {p["ingangsdatum"] for p in (await laatste_301(zaak)).values()} == {"2026-01-19", "2026-02-02"}

    ander, [nummer], _ = await toegewezen(pool)
    async with transaction(pool, VAN_GOES) as tx:
        eerder = Vervanging(frozenset({"ingangsdatum"}), ingangsdatum=date(2026, 1, 19))
        await wijziging.corrigeer_toewijzing(tx, GOES, nummer, eerder)
    assert sorted((p["ingangsdatum"], p["reden_wijziging"]) for p in (await laatste_301(ander)).values()) == [
        ("2026-01-19", None),
        ("2026-02-02", "13"),
    ]


async def test_iv013_herzending_is_dezelfde_301_zonder_reden(pool: Pool, zet_klok: Klok) -> None:
    zaak, [nummer], _ = await toegewezen(pool)
    eerste = await laatste_301(zaak)
    zet_klok("2026-03-02T10:00:00+01:00")
    async with transaction(pool, VAN_GOES) as tx:
        await wijziging.herzend_toewijzing(tx, GOES, nummer)
    assert await laatste_301(zaak) == eerste, "the same Toewijzingsdatum and -tijd"


async def test_op087_wat_niet_meer_geldt_en_bekend_is_wordt_niet_herzonden(pool: Pool, zet_klok: Klok) -> None:
    _, [nummer], _ = await toegewezen(pool)
    async with transaction(pool, VAN_GOES) as tx:
        await wijziging.verwijder_toewijzing(tx, GOES, nummer)
    with pytest.raises(Problem) as verbod:
        async with transaction(pool, VAN_GOES) as tx:
            await wijziging.herzend_toewijzing(tx, GOES, nummer)
    assert [b.regel for b in verbod.value.bevindingen] == ["OP087"]


async def test_op286_een_302_die_weigert_maakt_de_hele_301_ongedaan_en_zegt_waarom(pool: Pool, zet_klok: Klok) -> None:
    zaak, [een, twee], eerste = await toegewezen(pool, begeleiding(), dagbesteding())
    await zaak.ontvang("WMO302", {"retourcodes": []}, eerste)
    async with transaction(pool, VAN_GOES) as tx:
        await wijziging.verwijder_toewijzing(tx, GOES, een)
        langer = Wijziging(frozenset({"einddatum"}), "04", date(2026, 12, 31))
        tweede = await wijziging.wijzig_toewijzing(tx, GOES, twee, langer, None)
    codes = [
        {"toewijzing_nummer": een, "retourcodes": ["9385"]},
        {"toewijzing_nummer": twee, "retourcodes": ["0200"]},
    ]
    [eerste_301, tweede_301] = van(await zaak.gebeurtenissen(), "bericht_opgesteld")[-2:]
    assert tweede_301["opdracht_id"] == tweede.opdracht_id
    for opdracht in (eerste_301, tweede_301):
        gebeurd = await zaak.ontvang(
            "WMO302", {"retourcodes": ["0200"], "toegewezen_producten": codes}, opdracht["opdracht_id"]
        )
        assert van(gebeurd, "bericht_afgekeurd")[0]["retourcodes"] == ["9385"]
    assert [(t["status"], t["einddatum"].isoformat()) for t in await zaak.toewijzingen()] == [
        ("toekomstig", "2026-07-31"), ("toekomstig", "2026-07-31")
    ], "neither the deletion nor the prolongation holds"  # fmt: skip
    async with transaction(pool, VAN_GOES) as tx:
        await wijziging.herzend_toewijzing(tx, GOES, twee)
    producten = await laatste_301(zaak)
    assert (producten[twee]["einddatum"], producten[twee]["reden_wijziging"]) == ("2026-12-31", "04"), "it goes again"
    assert (producten[een]["einddatum"], producten[een]["reden_wijziging"]) == ("2026-07-31", None), (
        "the fault itself does not"
    )


async def test_op043_een_pgb_eindigt_de_toewijzing_met_reden_08(pool: Pool, zet_klok: Klok) -> None:
    zaak, [nummer], _ = await toegewezen(pool)
    async with transaction(pool, VAN_GOES) as tx:
        await wijziging.trek_toewijzing_in(tx, GOES, nummer, date(2026, 3, 31), "08")
    product = (await laatste_301(zaak))[nummer]
    assert (product["einddatum"], product["reden_wijziging"]) == ("2026-03-31", "08")


async def vow(zaak: Zaak, nummer: int, gewenst: str) -> str:
    """A VOW to 5 hours a week from `gewenst`; its verzoek_id."""
    inhoud = {
        "verzoek": {
            "referentie_aanbieder": f"REF{nummer}-{gewenst}",
            "reden_verzoek": "1",
            "te_wijzigen_producten": [
                {
                    "toewijzing_nummer": nummer,
                    "gewenste_ingangsdatum": gewenst,
                    "einddatum": "2026-07-31",
                    "omvang": {"volume": 5, "eenheid": "04", "frequentie": "2"},
                }
            ],
        }
    }
    gebeurd = await zaak.ontvang("WMO317", inhoud)
    [rij] = van(gebeurd, "verzoek_gewijzigd")
    assert rij["status"] == "ingediend"
    verzoek_id: str = rij["verzoek_id"]
    return verzoek_id


async def ken_toe(pool: Pool, verzoek_id: str, **afwijking: Any) -> besluit.Besluit:
    async with transaction(pool, VAN_GOES) as tx:
        return await besluit.ken_toe(tx, GOES, verzoek_id, besluit.Afwijking(frozenset(afwijking), **afwijking))


async def test_op348_een_vow_krijgt_een_andere_datum_alleen_als_de_gewenste_voorbij_is(
    pool: Pool, zet_klok: Klok
) -> None:
    zaak, [nummer], opdracht_id = await toegewezen(pool)
    await zaak.ontvang("WMO302", {"retourcodes": []}, opdracht_id)
    zet_klok("2026-04-01T10:00:00+02:00")
    verzoek_id = await vow(zaak, nummer, "2026-05-04")
    for afwijking in ({"ingangsdatum": date(2026, 5, 18)}, {"omvang": Omvang(4, "04", "2")}):
        with pytest.raises(Problem) as verbod:
            await ken_toe(pool, verzoek_id, **afwijking)
        assert [b.regel for b in verbod.value.bevindingen] == ["OP348"]
    zet_klok("2026-05-11T10:00:00+02:00")
    with pytest.raises(Problem) as verbod:
        await ken_toe(pool, verzoek_id, ingangsdatum=date(2026, 5, 1))
    assert [b.regel for b in verbod.value.bevindingen] == ["OP348"], "not before what was asked"
    uitkomst = await ken_toe(pool, verzoek_id, ingangsdatum=date(2026, 5, 18))
    producten = await laatste_301(zaak)
    [nieuw] = uitkomst.toewijzing_nummers
    assert (producten[nummer]["einddatum"], producten[nummer]["reden_wijziging"]) == ("2026-05-17", "12")
    assert (producten[nieuw]["ingangsdatum"], producten[nieuw]["einddatum"]) == ("2026-05-18", "2026-07-31")
    assert len({p["referentie_aanbieder"] for p in producten.values()}) == 1, "TR379"
