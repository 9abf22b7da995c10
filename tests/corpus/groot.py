"""Files too big to keep: each function makes one."""

from tests.unit.iwmo.voorbeelden import wijzig, wmo305, wmo323

MB = 1024 * 1024


def _in_client(stuk: bytes) -> bytes:
    voor, _, na = wmo305().partition(b"<Client>")
    return voor + b"<Client>" + stuk + na


def _in_naam(stuk: bytes) -> bytes:
    voor, _, na = wmo305().partition(b"Testduin")
    return voor + stuk + na


def _met_clienten(stuk: bytes) -> bytes:
    raw = wmo323()
    return raw[: raw.index(b"<Client>")] + stuk + raw[raw.index(b"</Clienten>") :]


def kleine_elementen_40mb() -> bytes:
    return _in_client(b"<b>1</b>" * (40 * MB // 8))


def kleine_elementen_24mb() -> bytes:
    return _in_client(b"<b>1</b>" * (24 * MB // 8))


def lege_elementen_10mb() -> bytes:
    return _in_client(b"<b/>" * (10 * MB // 4))


def onbekende_elementen(aantal: int) -> bytes:
    return _in_client(b"<b></b>" * aantal)


def onbekende_elementen_1m() -> bytes:
    return onbekende_elementen(1_090_000)


def foute_clienten_1m() -> bytes:
    return _met_clienten(b"<Client></Client>" * 1_000_000)


def attributen_200000() -> bytes:
    voor, _, na = wmo305().partition(b"<Client>")
    return voor + b"<Client " + b" ".join(b'a%d="1"' % n for n in range(200_000)) + b">" + na


def diep_100000() -> bytes:
    return _in_client(b"<a>" * 100_000 + b"</a>" * 100_000)


def naam_24mb() -> bytes:
    return _in_naam(b"a" * (24 * MB))


def naam_in_stukken_12mb() -> bytes:
    return _in_naam((b"a" * 900_000 + b"<!-- -->") * 13)


def elementnaam_5mb() -> bytes:
    return _in_client(b"<" + b"a" * (5 * MB) + b"/>")


def commentaar_20mb() -> bytes:
    return _in_client(b"<!--" + b"a" * (20 * MB) + b"-->")


def instructie_20mb() -> bytes:
    return _in_client(b"<?a " + b"a" * (20 * MB) + b"?>")


def wit_24mb() -> bytes:
    return wmo305() + b" " * (24 * MB)


def precies_te_groot() -> bytes:
    return wmo305().ljust(25 * MB + 1)


def emoji_900kb() -> bytes:
    return wijzig(wmo305(), ("Testduin", "\U0001f600" * 230_000))


def diepte_10000() -> bytes:
    return b'{"client": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"


def diepte_2_miljoen() -> bytes:
    return b"[" * 2_000_000


def tekst_4mb() -> bytes:
    return b'{"client": "' + b"a" * (4 * MB) + b'"}'


def tekst_10mb() -> bytes:
    return b'{"client": "' + b"a" * (10 * MB) + b'"}'


def sleutels_300000() -> bytes:
    return b"{" + b",".join(b'"k%d":1' % n for n in range(300_000)) + b"}"


def getal_4mb() -> bytes:
    return b'{"client": ' + b"9" * (4 * MB) + b"}"
