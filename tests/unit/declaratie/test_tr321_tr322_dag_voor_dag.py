"""TR321, TR322: the arithmetic of weeks beside a slow calculation that walks day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.declaratie.domain.perioden import last_day, max_period, max_total
from services.declaratie.domain.waarden import Omvang, Toewijzing

DAG = timedelta(days=1)
DATUMS = st.dates(date(2023, 1, 1), date(2032, 12, 31))


def dagen(begin: date, eind: date) -> list[date]:
    return [begin + n * DAG for n in range((eind - begin).days + 1)]


def periode_in(toewijzing: Toewijzing, dag: date) -> tuple[date, date]:
    """The ProductPeriode (TR387, TR388) that holds this day."""
    einddatum = toewijzing.einddatum or last_day(dag)
    return max(dag.replace(day=1), toewijzing.ingangsdatum), min(last_day(dag), einddatum)


@st.composite
def gevallen(draw: st.DrawFn, frequentie: str, variant: str) -> tuple[Toewijzing, date, date]:
    """A toewijzing of at most two years and one of its ProductPerioden."""
    begin = draw(DATUMS)
    eind = begin + draw(st.integers(0, 730)) * DAG
    categorie = draw(st.sampled_from(["01", "02", "07"]))
    omvang = Omvang(draw(st.integers(1, 100)), "16", frequentie)
    toewijzing = Toewijzing(1, "C", "75750101", begin, eind, categorie, None, omvang, variant=variant)
    return toewijzing, *periode_in(toewijzing, draw(st.sampled_from(dagen(begin, eind))))


def geraakte_weken(begin: date, eind: date) -> int:
    return len({dag.isocalendar()[:2] for dag in dagen(begin, eind)})


def toegekende_weken(toewijzing: Toewijzing, begin: date, eind: date) -> int:
    """IV077: each week of the toewijzing belongs to its Sunday, the broken last week to the last Sunday.

    Without any Sunday in the toewijzing its one week belongs to the period of Einddatum.
    """
    assert toewijzing.einddatum is not None
    alle = dagen(toewijzing.ingangsdatum, toewijzing.einddatum)
    zondagen = [dag for dag in alle if dag.isoweekday() == 7]
    plekken = list(zondagen)
    if alle[-1].isoweekday() != 7:
        plekken.append(zondagen[-1] if zondagen else alle[-1])
    return sum(begin <= plek <= eind for plek in plekken)


@given(gevallen("2", "inspanning"))
def test_tr321_tr322_week_inspanning(geval: tuple[Toewijzing, date, date]) -> None:
    toewijzing, begin, eind = geval
    assert toewijzing.omvang is not None and toewijzing.einddatum is not None
    weken = 6 if toewijzing.categorie == "01" else geraakte_weken(begin, eind)
    assert max_period(toewijzing, begin, eind) == weken * toewijzing.omvang.volume
    totaal = geraakte_weken(toewijzing.ingangsdatum, toewijzing.einddatum) * toewijzing.omvang.volume
    assert max_total(toewijzing, eind) == totaal


@given(gevallen("2", "output"))
def test_tr321_tr322_week_output_en_de_perioden_tellen_op_tot_het_totaal(geval: tuple[Toewijzing, date, date]) -> None:
    toewijzing, begin, eind = geval
    assert toewijzing.omvang is not None and toewijzing.einddatum is not None
    volume = toewijzing.omvang.volume
    assert max_period(toewijzing, begin, eind) == toegekende_weken(toewijzing, begin, eind) * volume
    maandeinden = {last_day(dag) for dag in dagen(toewijzing.ingangsdatum, toewijzing.einddatum)}
    perioden = [max_period(toewijzing, *periode_in(toewijzing, eind_)) or 0 for eind_ in maandeinden]
    assert sum(perioden) == max_total(toewijzing, eind)


@given(gevallen("4", "inspanning"))
def test_tr321_tr322_iv078_maand(geval: tuple[Toewijzing, date, date]) -> None:
    toewijzing, begin, eind = geval
    assert toewijzing.omvang is not None and toewijzing.einddatum is not None
    assert max_period(toewijzing, begin, eind) == toewijzing.omvang.volume
    maanden = {dag.replace(day=1) for dag in dagen(toewijzing.ingangsdatum, toewijzing.einddatum)}
    assert max_total(toewijzing, eind) == len(maanden) * toewijzing.omvang.volume


@given(gevallen("1", "inspanning"))
def test_tr321_tr322_dag(geval: tuple[Toewijzing, date, date]) -> None:
    toewijzing, begin, eind = geval
    assert toewijzing.omvang is not None and toewijzing.einddatum is not None
    volume = toewijzing.omvang.volume
    assert max_period(toewijzing, begin, eind) == len(dagen(begin, eind)) * volume
    assert max_total(toewijzing, eind) == len(dagen(toewijzing.ingangsdatum, toewijzing.einddatum)) * volume


@given(gevallen("6", "inspanning"))
def test_tr322_totaal_heeft_geen_eigen_grens_per_periode(geval: tuple[Toewijzing, date, date]) -> None:
    toewijzing, begin, eind = geval
    assert toewijzing.omvang is not None
    assert max_period(toewijzing, begin, eind) is None
    assert max_total(toewijzing, eind) == toewijzing.omvang.volume
