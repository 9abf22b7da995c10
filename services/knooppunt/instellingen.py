"""Settings of the message edge, read from the environment at each use."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from schemas.stuf.fouten import Lijst


@dataclass(frozen=True)
class Rand:
    """What the edge may and must.

    `stuf_hosts`: the only hosts that envelopes go to (locally also the loopback); `certificaten`: the folder of
    client certificates; `foutcodes`: the generation of the transport codes; `per_minuut`, `stoot`: requests of
    one sender; `grote_uploads`: bodies above 1 MB at the same time; `proefpartijen`: AGB codes and gemeenten
    for trials, which only write to each other.
    """

    lokaal: bool
    stuf_hosts: frozenset[str]
    certificaten: Path | None
    foutcodes: Lijst
    per_minuut: float
    stoot: float
    grote_uploads: int
    proefpartijen: frozenset[str]

    def gescheiden(self, gemeente: str, aanbieder: str) -> bool:
        """Whether one of these two is for trials and the other is real: then nothing passes between them."""
        return (gemeente in self.proefpartijen) != (aanbieder in self.proefpartijen)


def rand() -> Rand:
    """The settings as they are now; ZORGKETEN_STUF_*, ZORGKETEN_GRENS_*, ZORGKETEN_PROEFPARTIJEN."""

    def waarde(naam: str, standaard: str = "") -> str:
        return os.environ.get(f"ZORGKETEN_{naam}") or standaard

    def lijst(naam: str) -> frozenset[str]:
        return frozenset(deel.strip() for deel in waarde(naam).split(",") if deel.strip())

    codes = waarde("STUF_FOUTCODES", "2025")
    map_ = waarde("STUF_CERTIFICATEN")
    return Rand(
        lokaal=waarde("OMGEVING") == "lokaal",
        stuf_hosts=lijst("STUF_HOSTS"),
        certificaten=Path(map_) if map_ else None,
        foutcodes=cast(Lijst, codes if codes in ("2025", "2018") else "2025"),
        per_minuut=float(waarde("GRENS_PER_MINUUT", "6000")),
        stoot=float(waarde("GRENS_STOOT", "3000")),
        grote_uploads=int(waarde("GRENS_GROTE_UPLOADS", "16")),
        proefpartijen=lijst("PROEFPARTIJEN"),
    )
