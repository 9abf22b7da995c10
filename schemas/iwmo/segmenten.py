"""Where a message with many clients may be cut: its begin, each client, its end; together exactly its bytes."""

import re
from itertools import pairwise
from xml.parsers import expat

_CLIENT = re.compile(rb"<(/?)(?:[^\s<>/:!?]+:)?Client(?=[\s>])")


def snijpunten(raw: bytes, aantal: int) -> list[int]:
    """The borders of the pieces in a file that is valid by its XSD and holds `aantal` clients.

    Piece 0 is what comes before the first client, pieces 1 to `aantal` are a client with what stands between it and
    the next, the last piece is the rest. `aantal` is at least 1; raises ValueError for another count.
    """
    begin, einde = _snel(raw) or _precies(raw)
    if not begin or len(begin) != aantal or any(een > ander for een, ander in pairwise(begin)) or einde < begin[-1]:
        raise ValueError("the clients are not where they should be")
    return [0, *begin, einde, len(raw)]


def _snel(raw: bytes) -> tuple[list[int], int] | None:
    """Begin of each client and end of the last one by a plain search; None when a `<` may be no tag.

    Only in a comment, a CDATA section or a processing instruction can what looks like a tag be something else.
    """
    if b"<!" in raw or raw.count(b"<?") > raw.removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml"):
        return None
    begin, einde = [], 0
    for tag in _CLIENT.finditer(raw):
        if tag[1]:
            einde = raw.index(b">", tag.end()) + 1
        else:
            begin.append(tag.start())
    return begin, einde


def _precies(raw: bytes) -> tuple[list[int], int]:
    """The same by a parser that tells where each tag stands."""
    begin: list[int] = []
    einde = 0
    parser = expat.ParserCreate("UTF-8")

    def open_tag(naam: str, _: object) -> None:
        if naam.rpartition(":")[2] == "Client":
            begin.append(parser.CurrentByteIndex)

    def sluit_tag(naam: str) -> None:
        nonlocal einde
        if naam.rpartition(":")[2] == "Client":
            einde = raw.index(b">", parser.CurrentByteIndex) + 1

    parser.StartElementHandler, parser.EndElementHandler = open_tag, sluit_tag
    parser.Parse(raw, True)
    return begin, einde
