"""Where a message with many clients may be cut: its begin, each client, its end; together exactly its bytes."""

import re
from itertools import pairwise
from xml.parsers import expat

_CLIENT = re.compile(rb"<((?:[^\s<>/:!?]+:)?)Client(?=[\s>])")
_NAAM = re.compile(rb"Client(?=[\s>])")


def snijpunten(raw: bytes, aantal: int | None = None) -> list[int]:
    """The borders of the pieces in a file that is valid by its XSD and holds `aantal` clients, if that is known.

    Piece 0 is what comes before the first client, pieces 1 to `aantal` are a client with what stands between it and
    the next, the last piece is the rest. `aantal` is at least 1; raises ValueError for another count.
    """
    begin, einde = _snel(raw) or _precies(raw)
    if not begin or einde < begin[-1] or any(een > ander for een, ander in pairwise(begin)):
        raise ValueError("the clients are not where they should be")
    if aantal is not None and len(begin) != aantal:
        raise ValueError("the clients are not where they should be")
    return [0, *begin, einde, len(raw)]


def _snel(raw: bytes) -> tuple[list[int], int] | None:
    """Begin of each client and end of the last one by a plain search; None when that is not sure.

    Only in a comment, a CDATA section or a processing instruction can what looks like a tag be something else; and
    clients may have unlike prefixes, or their name may stand in a text.
    """
    if b"<!" in raw or raw.count(b"<?") > raw.removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml"):
        return None
    if (eerste := _CLIENT.search(raw)) is None:
        return None
    # Every search begins with letters: to try each `<` for a name of any prefix takes ten times as long.
    begin = [tag.start() for tag in re.finditer(b"<" + re.escape(eerste[1]) + rb"Client(?=[\s>])", raw)]
    sluit = b"</" + eerste[1] + b"Client>"
    if len(begin) + raw.count(sluit) != len(_NAAM.findall(raw)):
        return None
    return begin, raw.rfind(sluit) + len(sluit)


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
