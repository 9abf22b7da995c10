"""What is checked in the bytes of a message before any tree is made of it.

Only an honest, plain document passes: at most 25 MB (OP179), UTF-8, no DOCTYPE (so no entities), a root of a
known message, and not more elements than a full real file has.
"""

import codecs
import re

from schemas.iwmo.bericht import SOORTEN, Soort
from schemas.iwmo.fouten import guard_fout

BYTES_MAX = 25 * 1024 * 1024
TAGS_MAX = 2_200_000
"""Count of `<`. That of `=` may be a little more: an element has at most a namespace as attribute."""
_IS_EXTRA = 10_000
_LEEG_MAX = 50_000
"""Count of `/>`: a real message has no empty elements, and a tree of millions of them takes hundreds of MB."""
TEKST_MAX = 1024 * 1024
"""Bytes between two `<`: the patterns of the XSD take some 20 times the memory of a text."""
_STUK = TEKST_MAX // 2
_PROLOOG_MAX = 64 * 1024

_BOM = b"\xef\xbb\xbf"
_ANDERE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_DECLARATIE = re.compile(rb"<\?xml\s([^>?]*)\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_TUSSEN = re.compile(rb"\s+|<!--(?:(?!--).)*-->|<\?(?!xml\s)(?:(?!\?>).)*\?>", re.DOTALL)
_ROOT = re.compile(rb"""<(?:([A-Za-z_][\w.-]*):)?Bericht(?=[\s>/])((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_PER_NAMESPACE = {soort.namespace.encode(): soort for soort in SOORTEN.values()}


def guard(raw: bytes) -> Soort:
    """The kind of message in `raw`. Raises NietLeesbaar with status 413, 415 or 422."""
    if len(raw) > BYTES_MAX:
        raise guard_fout("OP179", 413)
    tags = raw.count(b"<")
    if tags > TAGS_MAX or raw.count(b"=") > _IS_EXTRA + tags or raw.count(b"/>") > _LEEG_MAX:
        raise guard_fout("OMVANG", 413)
    begin = raw[:_PROLOOG_MAX].removeprefix(_BOM)
    if begin.startswith(_ANDERE_BOMS) or b"\x00" in begin[:2]:
        raise guard_fout("OP192", 415)
    if not begin.lstrip().startswith(b"<"):
        raise guard_fout("XML", 415)
    _korte_teksten(raw)
    _utf_8(raw)
    plek = 0
    if declaratie := _DECLARATIE.match(begin):
        plek = declaratie.end()
        gevonden = _ENCODING.search(declaratie[1])
        if gevonden and gevonden[1].lower() != b"utf-8":
            raise guard_fout("OP192", 415)
    while tussen := _TUSSEN.match(begin, plek):
        plek = tussen.end()
    if begin.startswith(b"<!DOCTYPE", plek):
        raise guard_fout("DOCTYPE", 422)
    if not begin.startswith(b"<", plek):
        raise guard_fout("XML", 415)
    return _soort(begin, plek)


def _korte_teksten(raw: bytes) -> None:
    # A longer text covers at least one whole piece, so only such a piece is worth a closer look.
    for plek in range(0, len(raw), _STUK):
        if raw.find(b"<", plek, plek + _STUK) < 0:
            einde = raw.find(b"<", plek)
            if (len(raw) if einde < 0 else einde) - raw.rfind(b"<", 0, plek) > TEKST_MAX:
                raise guard_fout("TEKST", 413)


def _utf_8(raw: bytes) -> None:
    # In pieces: one astral character would make a text of a whole file four times as big.
    lezer = codecs.getincrementaldecoder("utf-8")()
    try:
        for plek in range(0, len(raw), _STUK):
            lezer.decode(raw[plek : plek + _STUK])
        lezer.decode(b"", final=True)
    except UnicodeDecodeError:
        raise guard_fout("OP192", 415) from None


def _soort(begin: bytes, plek: int) -> Soort:
    root = _ROOT.match(begin, plek)
    if root is None:
        raise guard_fout("SOORT", 422)
    prefix = b":" + root[1] if root[1] else b""
    gevonden = re.search(rb"\sxmlns" + re.escape(prefix) + rb"""\s*=\s*["']([^"']*)["']""", root[2])
    soort = _PER_NAMESPACE.get(gevonden[1]) if gevonden else None
    if soort is None:
        raise guard_fout("SOORT", 422)
    return soort
