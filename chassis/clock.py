"""The only reader of the clock. Tokens, leases and back-off use the machine's own clock instead."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock:
    """Business time: the machine's clock plus the offset of a test clock file, if there is one."""

    def __init__(self) -> None:
        self._bestand: str | None = None
        self._mtime_ns = -1
        self._offset = timedelta()
        self._scheef = timedelta()
        self._versie = 0

    def configure(self, klok_bestand: str | None, *, omgeving: str, scheef_s: float = 0.0) -> None:
        """Follow a test clock file; raises ValueError in production."""
        if omgeving == "productie" and (klok_bestand or scheef_s):
            raise ValueError("een testklok is niet toegestaan in productie")
        self._bestand = klok_bestand
        self._mtime_ns = -1
        self._offset = timedelta()
        self._versie = 0
        self._scheef = timedelta(seconds=scheef_s)

    def _read(self) -> None:
        if self._bestand is None:
            return
        try:
            mtime_ns = os.stat(self._bestand).st_mtime_ns
            if mtime_ns == self._mtime_ns:
                return
            with open(self._bestand, encoding="utf-8") as bestand:
                stand = json.load(bestand)
            offset, versie = timedelta(seconds=float(stand["offset_s"])), int(stand["versie"])
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            # No file yet, or half written: keep the last known time and look again.
            return
        self._mtime_ns, self._offset, self._versie = mtime_ns, offset, versie

    @property
    def versie(self) -> int:
        """Version of the test clock that `now` runs on; 0 without a test clock."""
        self._read()
        return self._versie

    def now(self) -> datetime:
        """This instant, UTC."""
        self._read()
        return datetime.now(UTC) + self._offset + self._scheef

    def today(self) -> date:
        """Today in Europe/Amsterdam."""
        return self.now().astimezone(AMSTERDAM).date()


clock = Clock()
