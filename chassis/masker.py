"""Bytes of an event as a person may see them: its shape, never what it says about anybody (G18)."""

import json
import re
from typing import Any

_NAAM = re.compile(r"^[a-z_]{1,40}$")
_SOORT = re.compile(r"^[a-z]+\.[a-z_]+$")
_VAST = {"type": _SOORT, "soort": re.compile(r"^WMO3\d\d$")}
"""Values that are words of ours: shown as they are."""
_TEKST_MAX, _RUW_MAX, _LIJST_MAX = 60, 4000, 20


def mask_bytes(ruw: bytes | None) -> str:
    """The bytes with every letter as `x` and every digit as `9`; of JSON the names of its fields stay readable."""
    if not ruw:
        return ""
    try:
        tekst = json.dumps(_mask(json.loads(ruw), None), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        tekst = _letters(ruw[:_RUW_MAX].decode("latin-1"))
    return tekst if len(tekst) <= _RUW_MAX else tekst[:_RUW_MAX] + "…"


def _mask(waarde: Any, naam: str | None) -> Any:
    if isinstance(waarde, dict):
        return {k if _NAAM.match(k) else _letters(k[:_TEKST_MAX]): _mask(v, k) for k, v in waarde.items()}
    if isinstance(waarde, list):
        meer = ["…"] if len(waarde) > _LIJST_MAX else []
        return [_mask(deel, naam) for deel in waarde[:_LIJST_MAX]] + meer
    if isinstance(waarde, str):
        if (vast := _VAST.get(naam or "")) and vast.match(waarde):
            return waarde
        return _letters(waarde[:_TEKST_MAX]) + ("…" if len(waarde) > _TEKST_MAX else "")
    return waarde if waarde is None or isinstance(waarde, bool) else _letters(str(waarde)[:_TEKST_MAX])


def _letters(tekst: str) -> str:
    return "".join("9" if t.isdecimal() else "x" if t.isalnum() else t if t.isprintable() else "·" for t in tekst)
