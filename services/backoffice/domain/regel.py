"""One event as one row of the read model: a plain sentence and only safe fields (G18).

Safe are codes, numbers, dates, amounts and message ids. Whatever else an event carries (sealed client blocks,
remarks, texts of findings) is left where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Data = Mapping[str, Any]
GEEN_OPMERKING = "0200"


@dataclass(frozen=True)
class Regel:
    """What the read model keeps of an event."""

    samenvatting: str
    status: str = "info"
    soort: str | None = None
    bericht_id: str | None = None
    telt: bool = False
    """True on the one event that stands for a message on the strip of counts."""
    codes: list[str] = field(default_factory=list)
    aan_zet: str | None = None
    """gemeente, or the AGB of the provider that must act."""
    uiterlijk: str | None = None
    onderwerp: str | None = None
    """The opdracht or message that this is about: a 302 shares it with its 301, a 306 with its 305."""
    velden: dict[str, str] = field(default_factory=dict)


def codes_uit(waarden: Any) -> list[str]:
    """Retourcodes, once each, in order, from a list or lists per class; 0200 says that nothing is wrong."""
    lijsten = waarden.values() if isinstance(waarden, Mapping) else [waarden or []]
    return list(dict.fromkeys(str(code) for lijst in lijsten for code in lijst if code != GEEN_OPMERKING))


def bevinding_codes(bevindingen: Any) -> list[str]:
    return codes_uit([b["retourcode"] for b in bevindingen or [] if b.get("retourcode")])


def product(product: Mapping[str, Any] | None) -> str:
    return "vrij te kiezen" if not product else (product.get("code") or f"categorie {product['categorie']}")
