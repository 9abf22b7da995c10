"""What a token of the local issuer says: one kind of caller, and all its roles unless told otherwise."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from lokaal.token import ROLLEN_GEMEENTE, onderteken

SLEUTEL = json.dumps(RSAKey.generate_key(2048, {"kid": "proef"}).as_dict(private=True))


def claims(**wens: Any) -> dict[str, Any]:
    deel = onderteken(SLEUTEL, "http://uitgever", **wens).split(".")[1]
    gelezen: dict[str, Any] = json.loads(base64.urlsafe_b64decode(deel + "=" * (-len(deel) % 4)))
    return {naam: waarde for naam, waarde in gelezen.items() if naam not in ("iss", "aud", "iat", "exp")}


def test_een_aanbieder_een_gemeente_en_de_keten() -> None:
    assert claims(agb="75750101") == {"sub": "agb-75750101", "agb": "75750101", "rollen": ["aanbieder"]}
    gemeente = claims(gemeente="0664")
    assert set(gemeente["rollen"]) == set(ROLLEN_GEMEENTE) and gemeente["team"] and gemeente["gemeente"] == "0664"
    assert claims(gemeente="0664", rollen=["wijkteam"], team="west")["team"] == "west"
    assert claims(keten=True) == {"sub": "keten", "rollen": ["keten", "beheerder"]}


def test_een_leverancier_van_meer_aanbieders() -> None:
    lijst = ["75750101", "75750202"]
    assert claims(agb_lijst=lijst) == {"sub": "leverancier", "agb_lijst": lijst, "rollen": ["aanbieder"]}
    eigen = claims(agb="75750303", agb_lijst=lijst, sub="ecd-huis")
    assert (eigen["sub"], eigen["agb"], eigen["agb_lijst"]) == ("ecd-huis", "75750303", lijst)


@pytest.mark.parametrize(
    "wens",
    [{}, {"agb": "7575"}, {"gemeente": "664"}, {"agb_lijst": ["75750101", "x"]}, {"agb": "75750101", "gemeente": "0664"},
     {"agb_lijst": ["75750101"], "gemeente": "0664"}, {"gemeente": "0664", "keten": True}],
)  # fmt: skip
def test_niets_anders(wens: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        onderteken(SLEUTEL, "http://uitgever", **wens)
