"""In whose name somebody calls: one municipality, or one provider."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.auth import Caller
from chassis.db import Tenant
from chassis.errors import Problem


@dataclass(frozen=True, slots=True)
class Beller:
    """Exactly one of the two is there."""

    gemeente: str | None
    aanbieder: str | None

    @property
    def eigenaar(self) -> str:
        return self.gemeente or self.aanbieder or ""

    @property
    def tenant(self) -> Tenant:
        """Never wider than the caller itself: a vendor's mandates are for messages alone."""
        return Tenant(self.gemeente, () if self.aanbieder is None else (self.aanbieder,))


def beller(wie: Caller) -> Beller:
    """Raises Problem 403 for a vendor without an AGB of its own."""
    if wie.gemeente is None and wie.agb is None:
        raise Problem(
            403, "geen_eigen_agb", "Dit is alleen voor een gemeente of een aanbieder zelf.",
            "Gebruik een token met de AGB-code van de aanbieder.",
        )  # fmt: skip
    return Beller(wie.gemeente, None if wie.gemeente is not None else wie.agb)
