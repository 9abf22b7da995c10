"""Why something may not happen now, or what is missing for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fout:
    """A rule that forbids acceptance; `regel` is its code or the article of law, `pad` a JSON pointer."""

    regel: str
    pad: str
    melding: str
    volgende_stap: str
