"""Start en stop: S20-S30 en de regels erachter."""

from datetime import date
from itertools import permutations

from services.toewijzing.domain.levering import (
    Levering,
    Start,
    StartRegel,
    Stop,
    StopRegel,
    beoordeel_start,
    beoordeel_stop,
    stand_van,
)
from services.toewijzing.domain.toewijzing import Product
from tests.unit.toewijzing.een import een_start, een_stop

BEKEND = frozenset({610001, 610002})


def start(stand: Levering, *regels: tuple[Start, str]) -> list[tuple[str, ...]]:
    return list(beoordeel_start([StartRegel(s, status) for s, status in regels], stand, BEKEND).codes)


def stop(stand: Levering, *regels: tuple[Stop, str]) -> list[tuple[str, ...]]:
    return list(beoordeel_stop([StopRegel(s, status) for s, status in regels], stand, BEKEND).codes)


def gestart(*stops: Stop) -> Levering:
    return Levering(frozenset({een_start()}), frozenset(stops))


def test_s20_eerste_start_is_goed() -> None:
    assert start(Levering(), (een_start(), "1")) == [()]


def test_tr019_onbekend_nummer() -> None:
    oordeel = beoordeel_start([StartRegel(een_start(nummer=1), "1")], Levering(), BEKEND)
    assert oordeel.codes == (("9019",),) and oordeel.wacht and oordeel.afgekeurd


def test_tr326_s21_start_terwijl_er_een_loopt() -> None:
    assert start(gestart(), (een_start(begindatum=date(2026, 3, 2)), "1")) == [("9326",)]
    assert start(gestart(een_stop()), (een_start(begindatum=date(2026, 5, 4)), "1")) == [()]


def test_tr326_zonder_nummer_per_product() -> None:
    taak = {"nummer": None, "product": Product("09")}
    stand = Levering(frozenset({een_start(**taak)}), frozenset())
    assert start(stand, (een_start(**taak, begindatum=date(2026, 3, 2)), "1")) == [("9326",)]
    assert start(stand, (een_start(nummer=None, product=Product("07")), "1")) == [()]


def test_tr074_bekende_sleutel() -> None:
    assert "9074" in start(gestart(een_stop()), (een_start(), "1"))[0]
    assert "9074" in stop(gestart(een_stop()), (een_stop(), "1"))[0]


def test_tr063_s23_verwijderen_wat_er_niet_is() -> None:
    assert start(Levering(), (een_start(nummer=610002), "3")) == [("9063",)]
    assert stop(gestart(), (een_stop(), "3")) == [("9063",)]


def test_tr063_status_3_krijgt_geen_andere_toets() -> None:
    onbekend = een_start(nummer=1)
    assert start(Levering(frozenset({onbekend}), frozenset()), (onbekend, "3")) == [()]


def test_tr071_s30_start_met_stop_verwijderen() -> None:
    assert start(gestart(een_stop()), (een_start(), "3")) == [("9071",)]
    assert start(gestart(), (een_start(), "3")) == [()]


def test_tr382_stop_zonder_start() -> None:
    oordeel = beoordeel_stop([StopRegel(een_stop(), "1")], Levering(), BEKEND)
    assert oordeel.codes == (("9069",),) and oordeel.wacht


def test_s24_tijdelijk_en_daarna_definitief() -> None:
    stand = gestart(een_stop("20"))
    assert stop(stand, (een_stop("23"), "1")) == [()]
    assert stand_van(gestart(een_stop("20"), een_stop("23")), 610001)[0] == "gestopt"


def test_tr413_s25_tweede_keer_tijdelijk() -> None:
    assert stop(gestart(een_stop("20")), (een_stop("20", date(2026, 4, 20)), "1")) == [("9413",)]


def test_tr414_eerdere_einddatum() -> None:
    assert stop(gestart(een_stop("20")), (een_stop("23", date(2026, 4, 9)), "1")) == [("9414",)]


def test_tr415_s27_na_definitieve_stop() -> None:
    assert stop(gestart(een_stop("19")), (een_stop("02", date(2026, 4, 12)), "1")) == [("9415",)]


def test_s28_correctie_in_een_bericht_in_elke_volgorde() -> None:
    stand = gestart(een_stop("22"))
    for volgorde in permutations([(een_stop("22"), "3"), (een_stop("19"), "1")]):
        oordeel = beoordeel_stop([StopRegel(s, status) for s, status in volgorde], stand, BEKEND)
        assert oordeel.codes == ((), ()) and oordeel.na.stops == {een_stop("19")}


def test_s28_correctie_van_een_start_in_een_bericht() -> None:
    nieuw = een_start(begindatum=date(2026, 2, 5))
    assert start(gestart(), (nieuw, "1"), (een_start(), "3")) == [(), ()]


def test_iv032_codes_blijven_bij_hun_regel() -> None:
    goed, fout = een_start(nummer=610002), een_start(nummer=1)
    assert start(Levering(), (goed, "1"), (fout, "1")) == [(), ("9019",)]


def test_stand_van_levering() -> None:
    assert stand_van(Levering(), 610001) == ("geen", None, None)
    assert stand_van(gestart(), 610001) == ("gestart", date(2026, 2, 4), None)
    assert stand_van(gestart(een_stop()), 610001)[0] == "tijdelijk_gestopt"
    opnieuw = een_start(begindatum=date(2026, 5, 4))
    stand = Levering(frozenset({een_start(), opnieuw}), frozenset({een_stop("23")}))
    assert stand_van(stand, 610001) == ("gestart", date(2026, 5, 4), None)
