"""What declaratie counts: lines of claims by how they were judged, and euros awarded."""

from collections import Counter as Counts
from collections.abc import Iterable

from prometheus_client import Counter

_PRESTATIES = Counter("zorgketen_prestaties", "Beoordeelde prestaties", ["uitkomst"])
_CODES = Counter("zorgketen_prestatiecodes", "Retourcodes op prestaties", ["code"])


def beoordeeld(codes_per_regel: Iterable[tuple[str, ...]]) -> None:
    """These lines were judged; a line without a code is awarded."""
    regels = list(codes_per_regel)
    for uitkomst, aantal in Counts("afgekeurd" if codes else "toegekend" for codes in regels).items():
        _PRESTATIES.labels(uitkomst).inc(aantal)
    for code, aantal in Counts(code for codes in regels for code in codes).items():
        _CODES.labels(code).inc(aantal)
