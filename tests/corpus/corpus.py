"""The corpus: every file with what must happen to it, and the big ones that are made on the spot."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus import groot

MAP = Path(__file__).parent


@dataclass(frozen=True)
class Geval:
    """One file and its verdict. `regel`, `code` and `retourcode` only where the verdict names one."""

    naam: str
    maak: Callable[[], bytes]
    status: int
    seconden: float
    mb: float
    must_not_contain: tuple[str, ...]
    regel: str | None = None
    code: str | None = None
    retourcode: str | None = None
    gegenereerd: bool = False

    def __str__(self) -> str:
        return self.naam

    @property
    def statussen(self) -> set[int]:
        """The same bytes again give the first answer, with 200."""
        return {200, 202} if self.status == 202 else {self.status}


def gevallen(soort: str) -> list[Geval]:
    """The cases of one kind: 'xml' or 'json'."""
    map_ = MAP / soort
    boek = tomllib.loads((map_ / "expected.toml").read_text("utf-8"))
    standaard = boek["standaard"] | {"must_not_contain": tuple(boek["standaard"]["must_not_contain"])}
    bestanden = {pad.stem: pad for pad in map_.iterdir() if pad.suffix == f".{soort}"}
    assert bestanden.keys() == boek["bestanden"].keys(), "a file without a verdict, or a verdict without a file"
    return [*_gevallen(boek["bestanden"], standaard, lambda naam: bestanden[naam].read_bytes, gegenereerd=False),
            *_gevallen(boek.get("gegenereerd", {}), standaard, lambda naam: getattr(groot, naam), gegenereerd=True),
            ]  # fmt: skip


def _gevallen(
    boek: dict[str, Any], standaard: dict[str, Any], maker: Callable[[str], Callable[[], bytes]], gegenereerd: bool
) -> Iterator[Geval]:
    for naam, verwacht in boek.items():
        yield Geval(naam, maker(naam), gegenereerd=gegenereerd, **standaard | verwacht)
