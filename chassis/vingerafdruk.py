"""Fingerprints: many names in four bytes each. Two names may share one, so a match says "perhaps" and never more."""

import base64
import struct
import zlib
from collections.abc import Iterable


def fingerprint(naam: str) -> int:
    """32 bits of a name, the same in every process."""
    return zlib.crc32(naam.encode())


def pack(vingerafdrukken: Iterable[int]) -> str:
    """Fingerprints as text for an event, in their order."""
    alle = list(vingerafdrukken)
    return base64.b64encode(struct.pack(f"<{len(alle)}I", *alle)).decode()


def to_bytes(tekst: str) -> bytes:
    """Packed text as it is kept in a table. Raises ValueError when it is not that."""
    rauw = base64.b64decode(tekst, validate=True)
    if len(rauw) % 4:
        raise ValueError("not a whole number of fingerprints")
    return rauw


def unpack(rauw: bytes) -> tuple[int, ...]:
    """The fingerprints in these bytes, in their order."""
    return struct.unpack(f"<{len(rauw) // 4}I", rauw)
