"""Where a delivery stands after starts, stops and their deletions (processes.md 5)."""

import pytest

from aanbieder import levering


def start(begin, status="1"):
    return {"soort": "start", "begindatum": begin, "einddatum": None, "reden": None, "status_aanlevering": status}


def stop(begin, eind, reden, status="1"):
    return {"soort": "stop", "begindatum": begin, "einddatum": eind, "reden": reden, "status_aanlevering": status}


A, B = "2026-02-04", "2026-04-13"


@pytest.mark.parametrize(
    ("leveringen", "stand"),
    [
        ([], "geen"),
        ([start(A)], "gestart"),
        ([start(A), start(A, "3")], "geen"),
        ([start(A), stop(A, "2026-04-10", "20")], "tijdelijk_gestopt"),
        ([start(A), stop(A, "2026-04-10", "20"), stop(A, "2026-04-10", "23")], "gestopt"),
        ([start(A), stop(A, "2026-04-10", "20"), stop(A, "2026-04-10", "23"), stop(A, "2026-04-10", "23", "3")], "tijdelijk_gestopt"),
        ([start(A), stop(A, "2026-04-10", "22"), stop(A, "2026-04-10", "22", "3")], "gestart"),
        ([start(A), stop(A, "2026-04-10", "20"), start(B)], "gestart"),
    ],
    ids=["niets", "start", "start weg", "tijdelijk", "s24 definitief na tijdelijk", "definitieve stop weg", "stop weg", "op379 opnieuw"],
)  # fmt: skip
def test_stand_van_de_levering(leveringen, stand):
    assert levering.stand(leveringen) == stand


def test_op155_een_stop_hoort_bij_de_laatste_start_die_er_nog_is():
    assert levering.laatste_start([start(A), start(B)]) == B
    assert levering.laatste_start([start(A), start(B), start(B, "3")]) == A
    assert levering.laatste_start([]) is None
