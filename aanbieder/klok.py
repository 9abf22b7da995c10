"""Today's date for the provider: the real one, or the test clock of the checkout it runs in."""

import contextlib
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def lokaal_map() -> Path:
    """Folder of the local stack: ZORGKETEN_LOKAAL_MAP, else `.lokaal` in the checkout."""
    elders = os.environ.get("ZORGKETEN_LOKAAL_MAP")
    return Path(elders) if elders else Path(__file__).resolve().parent.parent / ".lokaal"


def nu() -> datetime:
    """This instant in Amsterdam; follows klok.json of the local stack when that exists."""
    offset_s = 0.0
    # No local stack here: the real clock holds.
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        offset_s = float(json.loads((lokaal_map() / "klok.json").read_text())["offset_s"])
    return (datetime.now(UTC) + timedelta(seconds=offset_s)).astimezone(AMSTERDAM)


def vandaag() -> date:
    """Date of the system in Amsterdam, the one that TR135 compares with."""
    return nu().date()
