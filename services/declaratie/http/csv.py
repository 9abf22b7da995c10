"""Tables that a financial system or a spreadsheet reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Response

_FORMULE = ("=", "+", "-", "@", "\t", "\r")


def table(kop: Sequence[str], rijen: Iterable[Sequence[Any]], naam: str) -> Response:
    """CSV in UTF-8, semicolons, amounts in whole cents; text of somebody else never becomes a formula."""
    tekst = io.StringIO()
    schrijver = csv.writer(tekst, delimiter=";", lineterminator="\r\n")
    schrijver.writerow(kop)
    schrijver.writerows([_cel(waarde) for waarde in rij] for rij in rijen)
    return Response(
        tekst.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{naam}.csv"'},
    )


def _cel(waarde: Any) -> Any:
    if isinstance(waarde, str) and waarde.startswith(_FORMULE):
        return f"'{waarde}"
    return "" if waarde is None else waarde
