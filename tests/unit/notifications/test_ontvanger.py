"""When a receiver hears of it: quiet hours and a digest, on the clocks of Amsterdam, also when they are put forward."""

from __future__ import annotations

import datetime as dt

import pytest

from services.notifications.domain import poging
from services.notifications.domain.ontvanger import AMSTERDAM, Ontvanger, Voorkeur, betreft_uit, niet_voor, sleutel

NACHT = Voorkeur(stil_van=dt.time(22), stil_tot=dt.time(7))


def om(tekst: str) -> dt.datetime:
    """A moment by the clocks of Amsterdam."""
    return dt.datetime.fromisoformat(tekst).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("voorkeur", "nu", "verwacht"),
    [
        (Voorkeur(), "2026-02-05T03:00", None),
        (NACHT, "2026-02-05T21:59", None),
        (NACHT, "2026-02-05T22:00", "2026-02-06T07:00"),
        (NACHT, "2026-02-06T06:59", "2026-02-06T07:00"),
        (NACHT, "2026-02-06T07:00", None),
        # The night of 28 on 29 March 2026 has an hour less, that of 24 on 25 October one more.
        (NACHT, "2026-03-28T23:00", "2026-03-29T07:00"),
        (NACHT, "2026-10-24T23:00", "2026-10-25T07:00"),
        (Voorkeur(stil_van=dt.time(12), stil_tot=dt.time(14)), "2026-02-05T13:00", "2026-02-05T14:00"),
        (Voorkeur(stil_van=dt.time(12), stil_tot=dt.time(12)), "2026-02-05T12:00", None),
        (Voorkeur(verzamelen_om=dt.time(16)), "2026-02-05T13:00", "2026-02-05T16:00"),
        (Voorkeur(verzamelen_om=dt.time(16)), "2026-02-05T16:00", "2026-02-06T16:00"),
        # A digest whose hour is in the quiet ones waits for their end.
        (
            Voorkeur(stil_van=dt.time(22), stil_tot=dt.time(7), verzamelen_om=dt.time(6)),
            "2026-02-05T13:00",
            "2026-02-06T07:00",
        ),
    ],
)
def test_stille_uren_en_verzamelen(voorkeur: Voorkeur, nu: str, verwacht: str | None) -> None:
    gevonden = niet_voor(voorkeur, om(nu).astimezone(dt.UTC))
    assert gevonden == (None if verwacht is None else om(verwacht))
    assert gevonden is None or gevonden.utcoffset() == dt.timedelta(0)


def test_een_aanleiding_is_per_ontvanger_een_sleutel_en_terug() -> None:
    betreft = "2026/02/100/80"
    for ontvanger in (Ontvanger("gemeente", "0664"), Ontvanger("aanbieder", "75750101"), Ontvanger("wijkteam", "west")):
        assert betreft_uit(ontvanger.soort, ontvanger.wie, sleutel(ontvanger, betreft)) == betreft
    assert sleutel(Ontvanger("wijkteam", "west"), "x") != sleutel(Ontvanger("wijkteam", "oost"), "x")


def test_wachttijd_loopt_op_tot_een_half_uur_en_verschilt_per_mail() -> None:
    assert [poging.wachttijd(n, 1.0).total_seconds() for n in (1, 2, 3, 10, 11, 500)] == [2, 4, 8, 1024, 1800, 1800]
    assert poging.wachttijd(3, 0.0).total_seconds() == 4, "half of it is chance: a full queue does not come at once"
    volhouden = sum((poging.wachttijd(n, 0.0) for n in range(1, poging.POGINGEN_MAX)), dt.timedelta())
    assert volhouden > dt.timedelta(days=3), "a weekend without a mail server loses nothing"
