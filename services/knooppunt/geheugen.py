"""What reading a file leaves behind in a process, and how it goes away again.

Two things would stay: memory that is free but that glibc keeps for itself (half of what a big file took), and every
name and piece of white space that libxml2 ever read: it remembers them as long as the thread lives that read them.
"""

import asyncio
import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
"""Of `mallopt(3)`."""
_LOS_BYTES = 1024 * 1024
_DRADEN = 4
_PER_DRADEN_BYTES = 8 * 1024 * 1024


def _glibc(naam: str) -> Callable[..., int]:
    """A function of the C library; another one than glibc has none of these, and does nothing."""
    functie: Callable[..., int] = getattr(ctypes.CDLL(None), naam, lambda *_: 0)
    return functie


def houd_klein() -> None:
    """For the start of a process: a buffer above 1 MB goes back when it is freed, and threads share their heaps."""
    _glibc("mallopt")(_M_MMAP_THRESHOLD, _LOS_BYTES)
    _glibc("mallopt")(_M_ARENA_MAX, 1)


def geef_terug() -> None:
    """Give the system back what is free; about 10 ms after a big file."""
    _glibc("malloc_trim")(0)


class Draden:
    """Threads to read in, replaced after so many bytes, so that what libxml2 remembers stays small."""

    def __init__(self, bytes_max: int = _PER_DRADEN_BYTES) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._pool = ThreadPoolExecutor(_DRADEN)

    async def doe(
        self, functie: Callable[Concatenate[bytes, P], T], raw: bytes, /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a function makes of these bytes, off the event loop."""
        if self._bytes >= self._bytes_max:
            # Its threads end when they have done what they were asked.
            self._pool.shutdown(wait=False)
            self._pool, self._bytes = ThreadPoolExecutor(_DRADEN), 0
        self._bytes += len(raw)
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(functie, raw, *args, **kwargs))
