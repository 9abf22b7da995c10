"""What is checked in the bytes of a message before any tree is made of it.

Only an honest, plain document passes: at most 25 MB (OP179), UTF-8, no DOCTYPE (so no entities), a root of a
known message, and not more elements than a full real file has.
"""

import re

from schemas.iwmo.bericht import SOORTEN, Soort
from schemas.iwmo.fouten import guard_fout

BYTES_MAX = 25 * 1024 * 1024
TAGS_MAX = 2_200_000
"""Count of `<`. That of `=` may be a little more: an element has at most a namespace as attribute."""
_IS_EXTRA = 50_000
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
    if raw.count(b"<") > TAGS_MAX or raw.count(b"=") > _IS_EXTRA + raw.count(b"<"):
        raise guard_fout("OMVANG", 413)
    _utf_8(raw)
    begin = raw[:_PROLOOG_MAX].removeprefix(_BOM)
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


def _utf_8(raw: bytes) -> None:
    if raw.startswith(_ANDERE_BOMS) or b"\x00" in raw[:64]:
        raise guard_fout("OP192", 415)
    try:
        raw.decode("utf-8")
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
