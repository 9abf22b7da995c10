"""Tokens that are old, early, unsigned, of another key or for another house, and keys that are used twice."""

import base64
import hashlib
import hmac
import json
import time

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from lokaal.plek import Plek
from tests.unit.iwmo.voorbeelden import AGB, GEMEENTE

PADEN = {
    "knooppunt": ("GET", "/v1/postbus"),
    "intake": ("GET", "/v1/indicaties/x"),
    "toewijzing": ("GET", "/v1/toewijzingen"),
    "declaratie": ("GET", "/v1/declaraties"),
    "notifications": ("GET", "/v1/geparkeerd"),
    "backoffice": ("GET", "/v1/stroom"),
}
NU = int(time.time())


@pytest.fixture(scope="session")
def sleutel(keten):
    return RSAKey.import_key(json.loads(Plek(keten.map).geheimen()["ondertekening"]))


def teken(keten, sleutel, **anders):
    claims = {"iss": keten.urls["issuer"], "aud": "zorgketen", "sub": "x", "exp": NU + 3600, "agb": AGB,
              "rollen": ["aanbieder"]} | anders  # fmt: skip
    return jwt.encode({"alg": "RS256", "kid": sleutel.kid}, {k: w for k, w in claims.items() if w is not None}, sleutel)


FOUT = {
    "verlopen": {"exp": NU - 60},
    "zonder_einde": {"exp": None},
    "nog_niet_geldig": {"nbf": NU + 600},
    "in_de_toekomst_gemaakt": {"iat": NU + 600},
    "ander_publiek": {"aud": "geheim"},
    "zonder_publiek": {"aud": None},
    "andere_uitgever": {"iss": "http://voorbeeld.test"},
    "zonder_wie": {"sub": None},
    "agb_te_kort": {"agb": "757501"},
    "agb_en_gemeente": {"gemeente": GEMEENTE},
    "einde_is_tekst": {"exp": "morgen"},
    "rollen_is_tekst": {"rollen": "aanbieder"},
}


def deel(waarde):
    return base64.urlsafe_b64encode(json.dumps(waarde).encode()).rstrip(b"=").decode()


def los(keten, alg):
    claims = {"iss": keten.urls["issuer"], "aud": "zorgketen", "sub": "x", "exp": NU + 3600, "agb": AGB}
    return f"{deel({'alg': alg})}.{deel(claims)}."


@pytest.mark.parametrize("anders", FOUT.values(), ids=FOUT)
def test_een_token_dat_niet_klopt_is_401(keten, sleutel, anders):
    assert vraag(keten, "knooppunt", teken(keten, sleutel)).status_code == 200
    toets_401(vraag(keten, "knooppunt", teken(keten, sleutel, **anders)))


@pytest.mark.parametrize("dienst", PADEN)
def test_zonder_handtekening_of_met_een_andere_sleutel_is_401(keten, sleutel, dienst):
    vreemd = RSAKey.generate_key(2048, {"kid": sleutel.kid})
    goed = teken(keten, sleutel)
    # The public key of everyone as the secret of an HMAC.
    tekst = f"{deel({'alg': 'HS256', 'kid': sleutel.kid})}.{goed.split('.')[1]}"
    zegel = hmac.new(sleutel.as_pem(private=False), tekst.encode(), hashlib.sha256).digest()
    verward = f"{tekst}.{base64.urlsafe_b64encode(zegel).rstrip(b'=').decode()}"
    for token in (los(keten, "none"), los(keten, "None"), los(keten, "HS256"), teken(keten, vreemd), verward,
                  goed[:-3], goed + "a", "a.b.c", "." * 100, "a" * 9000, deel({}) + ".."):  # fmt: skip
        toets_401(vraag(keten, dienst, token))


@pytest.mark.parametrize("dienst", PADEN)
def test_een_aanbieder_komt_niet_bij_de_gemeente_en_andersom(keten, sleutel, dienst):
    wie = {"agb": None, "gemeente": GEMEENTE, "rollen": ["consulent"]} if dienst == "knooppunt" else {}
    assert vraag(keten, dienst, teken(keten, sleutel, **wie)).status_code == 403


def vraag(keten, dienst, token):
    methode, pad = PADEN[dienst]
    return httpx.request(methode, keten.urls[dienst] + pad, headers={"Authorization": f"Bearer {token}"}, timeout=30)


def toets_401(antwoord):
    assert antwoord.status_code == 401, antwoord.text
    assert antwoord.headers["content-type"] == "application/problem+json"
    assert antwoord.headers["www-authenticate"] == "Bearer" and antwoord.json()["code"]


def indicatie(nummer):
    bestand = json.loads(GOEDE_INDICATIE)
    bestand["beschikking"]["nummer"] = nummer
    return bestand


GOEDE_INDICATIE = """{"client": {"bsn": "999900018", "geboortedatum": "1950-05-17", "geslacht": "2",
 "naam": {"achternaam": "Testduin"}, "adres": {"huisnummer": 12, "postcode": "4461AB"}},
 "beschikking": {"nummer": "2001", "ingangsdatum": "2026-02-02"}, "producten": []}"""


def stuur(keten, sleutel, inhoud):
    kop = {} if sleutel is None else {"Idempotency-Key": sleutel}
    return keten.vraag("POST", "intake", "/v1/indicaties", GEMEENTE, json=inhoud, headers=kop)


def test_idempotency_key(keten):
    eerste, tweede = (stuur(keten, "corpus-1", indicatie("2001")) for _ in range(2))
    assert (eerste.status_code, eerste.json()) == (tweede.status_code, tweede.json()) and eerste.status_code == 201
    ander = stuur(keten, "corpus-1", indicatie("2002"))
    assert ander.status_code == 409 and ander.headers["content-type"] == "application/problem+json"
    assert stuur(keten, "a" * 300, indicatie("2003")).status_code == 422
    assert stuur(keten, None, indicatie("2004")).status_code == 201
