"""Transport: bodies and heads that lie, dawdle or never end. The connection is closed and the service goes on."""

import itertools
import json
import socket
import time

import pytest

from tests.corpus.conftest import TRAAG_S
from tests.corpus.rand import VEILIGE_KOPPEN
from tests.unit.iwmo.voorbeelden import AGB, wmo305

MB = 1024 * 1024


class Lijn:
    """A bare connection to a service."""

    def __init__(self, rand, pad="/v1/berichten", soort="application/xml"):
        self.rand = rand
        adres, poort = rand.url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((adres, int(poort)), timeout=30)
        token = rand.keten.token(agb=AGB)
        self.kop = f"POST {pad} HTTP/1.1\r\nHost: x\r\nContent-Type: {soort}\r\nAuthorization: Bearer {token}\r\n"

    def stuur(self, stuk):
        self.socket.sendall(stuk if isinstance(stuk, bytes) else stuk.encode())

    def antwoord(self):
        """All that comes until the other side closes, as (status, headers, body) of the first answer."""
        raw = b""
        try:
            while stuk := self.socket.recv(65536):
                raw += stuk
        except ConnectionResetError:
            pass
        kop, _, lijf = raw.partition(b"\r\n\r\n")
        status, *regels = kop.decode().split("\r\n")
        koppen = dict(regel.lower().split(": ", 1) for regel in regels)
        lengte = int(koppen.get("content-length", 0))
        return (int(status.split()[1]) if status else None), koppen, lijf[:lengte]


@pytest.fixture
def lijn(knooppunt):
    open_ = []

    def maak(**anders):
        open_.append(Lijn(knooppunt, **anders))
        return open_[-1]

    yield maak
    for een in open_:
        een.socket.close()
    knooppunt.gaat_door()


def stuur_tot_gesloten(lijn, stukken):
    """How many bytes went out before the other side had enough; sends nothing after an answer is there."""
    gestuurd = 0
    lijn.socket.settimeout(0.2)
    for stuk in stukken:
        try:
            lijn.socket.sendall(stuk)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            break
        gestuurd += len(stuk)
    lijn.socket.settimeout(30)
    return gestuurd


def toets_probleem(antwoord, status, code):
    gekregen, koppen, lijf = antwoord
    assert gekregen == status
    assert koppen["content-type"] == "application/problem+json" and koppen.keys() >= VEILIGE_KOPPEN
    assert json.loads(lijf)["code"] == code


def test_100_mb_aangekondigd_wordt_geweigerd_voor_er_iets_is_gelezen(lijn):
    een = lijn()
    een.stuur(een.kop + f"Content-Length: {100 * MB}\r\n\r\n")
    toets_probleem(een.antwoord(), 413, "bericht_te_groot")


def test_100_mb_in_stukken_wordt_na_25_mb_geweigerd(lijn, knooppunt):
    een = lijn()
    een.stuur(een.kop + "Transfer-Encoding: chunked\r\n\r\n")
    stuk = b"100000\r\n" + b"<" * MB + b"\r\n"
    gestuurd = []

    def stuur():
        gestuurd.append(stuur_tot_gesloten(een, itertools.repeat(stuk, 100)))
        return een.antwoord()

    meting = knooppunt.meet(stuur)
    assert gestuurd[0] < (25 + 64 + 9) * MB, "heard out for 64 MB; what is not read stays in the buffers of the system"
    assert meting.antwoord[0] in (413, None), "an answer, or a reset because we kept sending"
    assert meting.mb < 64


def test_wie_40_mb_doorstuurt_leest_daarna_toch_het_antwoord(lijn):
    for _ in range(5):
        een = lijn()
        een.stuur(een.kop + f"Content-Length: {40 * MB}\r\n\r\n")
        for _ in range(40):
            een.stuur(b"<" * MB)
        toets_probleem(een.antwoord(), 413, "bericht_te_groot")


def test_lichaam_langer_dan_gezegd(lijn):
    een = lijn()
    een.stuur(een.kop + "Content-Length: 10\r\n\r\n" + wmo305().decode())
    status, koppen, _ = een.antwoord()
    assert status == 422 and koppen["content-type"] == "application/problem+json"


def test_lichaam_korter_dan_gezegd_wordt_gesloten(lijn):
    een = lijn()
    een.stuur(een.kop + f"Content-Length: {len(wmo305()) + 10}\r\n\r\n" + wmo305().decode())
    begin = time.monotonic()
    toets_probleem(een.antwoord(), 408, "te_langzaam")
    assert TRAAG_S * 0.8 < time.monotonic() - begin < TRAAG_S + 15


def test_afgebroken_upload_heeft_geen_gevolg(lijn, knooppunt):
    voor, vanaf = knooppunt.effecten(), knooppunt.log_lengte()
    een = lijn()
    een.stuur(een.kop + f"Content-Length: {len(wmo305())}\r\n\r\n" + wmo305().decode()[:500])
    een.socket.close()
    knooppunt.gaat_door()
    assert knooppunt.effecten() == voor
    assert "verzoek_mislukt" not in knooppunt.log_vanaf(vanaf)


@pytest.mark.parametrize(("pad", "soort"), [("/v1/berichten", "application/xml"), ("/v1/postbus", "application/json")])
def test_een_byte_per_keer_wordt_gesloten(lijn, pad, soort):
    een = lijn(pad=pad, soort=soort)
    een.stuur(een.kop + "Content-Length: 100000\r\n\r\n")
    begin = time.monotonic()
    een.socket.settimeout(0.1)
    for _ in range(1000):
        try:
            een.socket.sendall(b"<")
            assert not een.socket.recv(1, socket.MSG_PEEK) or True
            break
        except TimeoutError:
            continue
        except (BrokenPipeError, ConnectionResetError):
            break
    een.socket.settimeout(30)
    toets_probleem(een.antwoord(), 408, "te_langzaam")
    assert time.monotonic() - begin < TRAAG_S + 15


@pytest.mark.parametrize("begin", ["", "POST /v1/berichten HTT", "POST /v1/berichten HTTP/1.1\r\nHost: x\r\n"])
def test_een_kop_die_niet_komt_wordt_gesloten(lijn, begin):
    een = lijn()
    een.stuur(begin)
    sinds = time.monotonic()
    assert een.antwoord()[0] is None
    assert time.monotonic() - sinds < TRAAG_S + 15


@pytest.mark.parametrize(
    "kop",
    [
        "Content-Length: x\r\n", "Content-Length: -1\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "X: a\x00b\r\n", "X\r\n", "X : a\r\n", f"X: {'a' * 600_000}\r\n", "Transfer-Encoding: gzip, chunked\r\n",
    ],
    ids=["lengte-x", "lengte-negatief", "twee-lengtes", "nul", "zonder-punt", "spatie", "600kb", "te-gzip"],
)  # fmt: skip
def test_een_kop_die_geen_http_is(lijn, kop):
    een = lijn()
    een.stuur(een.kop + kop + "\r\n")
    status, koppen, lijf = een.antwoord()
    assert status == 400 and koppen.keys() >= VEILIGE_KOPPEN
    assert json.loads(lijf)["code"] == "geen_http"


def test_een_stuk_zonder_lengte_is_geen_http(lijn):
    een = lijn()
    een.stuur(een.kop + "Transfer-Encoding: chunked\r\n\r\nzz\r\n<a>\r\n")
    status, koppen, _ = een.antwoord()
    assert status in (400, 408, None)


def test_duizend_koppen_en_een_verzonnen_host(knooppunt):
    koppen = {f"X-{n}": "a" for n in range(1000)} | {"Host": "voorbeeld.test"}
    antwoord = knooppunt.keten.vraag("GET", "knooppunt", "/v1/postbus", AGB, headers=koppen)
    assert antwoord.status_code == 200 and "voorbeeld.test" not in antwoord.text


@pytest.mark.parametrize(
    "koppen",
    [
        {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}, {"Content-Type": ""},
        {"Content-Type": "multipart/form-data; boundary=a"}, {"Content-Type": "application/xml; charset=latin-1"},
        {"Content-Type": "application/xml", "Content-Encoding": "gzip"},
        {"Content-Type": "application/xml", "Content-Encoding": "br"},
    ],
    ids=lambda k: "-".join(k.values()).replace("/", "_"),
)  # fmt: skip
def test_een_andere_soort_inhoud_is_415(knooppunt, koppen):
    antwoord = knooppunt.keten.vraag("POST", "knooppunt", "/v1/berichten", AGB, content=wmo305(), headers=koppen)
    assert antwoord.status_code in (400, 415), antwoord.text
    assert antwoord.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "pad",
    [
        "/v1/berichten/../../../etc/passwd", "/v1/berichten/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/v1/berichten/%00",
        "/v1/berichten/..%5c..%5cgeheim", "/v1/berichten/" + "a" * 5000, "/v1/berichten/' or 1=1--",
        "/v1/postbus/%ff%fe", "//v1//postbus", "/v1/postbus/%F0%9F%98%80",
    ],
    ids=["punten", "punten-gevlucht", "nul", "schuin", "lang", "sql", "geen-utf8", "dubbel", "emoji"],
)  # fmt: skip
def test_een_pad_dat_nergens_heen_leidt_is_404(knooppunt, pad):
    antwoord = knooppunt.keten.vraag("GET", "knooppunt", pad, AGB)
    assert antwoord.status_code == 404 and antwoord.json()["code"] == "niet_gevonden"
    assert {kop.lower() for kop in antwoord.headers} >= VEILIGE_KOPPEN


def test_een_verzonnen_methode_komt_niet_in_de_metingen(knooppunt):
    antwoord = knooppunt.keten.vraag("GEHEIM", "knooppunt", "/v1/postbus", AGB)
    assert antwoord.status_code == 405
    assert "GEHEIM" not in knooppunt.keten.vraag("GET", "knooppunt", "/metrics", AGB).text
