"""How often and how soon something is tried again."""

from __future__ import annotations

import datetime as dt

POGINGEN_MAX = 320
"""After this many attempts, more than three days, a notification waits for a person (`opnieuw`)."""
GEWEIGERD_MAX = 5
"""The same for what waiting does not help: an e-mail refused for good (5xx), an address that may not be called.

Within half a minute: a server that was only restarting is over that, and a person hears of the others soon.
"""

_WACHTTIJD_MAX = dt.timedelta(minutes=30)


def wachttijd(pogingen: int, toeval: float) -> dt.timedelta:
    """How long to wait after attempt number `pogingen`: 2, 4, 8 ... seconds, at most 30 minutes.

    `toeval`, 0 to 1, decides over half of it, so that what failed together does not come back together.
    """
    hooguit = min(dt.timedelta(seconds=2 ** min(pogingen, 20)), _WACHTTIJD_MAX)
    return hooguit * (0.5 + toeval / 2)
