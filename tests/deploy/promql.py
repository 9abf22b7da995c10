"""Just enough of PromQL to know which metrics and labels a query names; `promtool` judges the rest where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_WOORDEN = {
    "sum", "rate", "increase", "max", "min", "count", "topk", "histogram_quantile", "changes", "absent", "deriv",
    "predict_linear", "time", "vector", "and", "or", "unless", "by", "bool",
}  # fmt: skip
_PER = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_KEUZE = re.compile(r"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_TEKST = re.compile(r'"[^"]*"')
_DUUR = re.compile(r"\[[^\]]*\]")
_NAAM = re.compile(r"(?<![\w.])[a-zA-Z_:][\w:]*")


@dataclass
class Vraag:
    """What a query names: metrics, the labels it chooses by per metric, and those it groups by."""

    metingen: set[str] = field(default_factory=set)
    keuzes: list[tuple[str, str]] = field(default_factory=list)
    per: set[str] = field(default_factory=set)


def lees(expr: str) -> Vraag:
    """Raises ValueError for a query whose brackets do not close."""
    if any(expr.count(open_) != expr.count(dicht) for open_, dicht in ("()", "[]", "{}")) or expr.count('"') % 2:
        raise ValueError("brackets or quotes that do not close")
    vraag = Vraag()
    kaal = _TEKST.sub('""', _DUUR.sub("", expr))
    for namen in _PER.findall(kaal):
        vraag.per |= {naam.strip() for naam in namen.split(",") if naam.strip()}
    kaal = _PER.sub(" ", kaal)
    for meting, binnen in _KEUZE.findall(kaal):
        vraag.keuzes += [(meting, label) for label in _LABEL.findall(binnen)]
    kaal = re.sub(r"\{[^}]*\}", "", kaal)
    vraag.metingen = {naam for naam in _NAAM.findall(kaal) if naam not in _WOORDEN}
    return vraag
