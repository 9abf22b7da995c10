"""A BSN never leaves a service in the open: pseudonym, masking, and sealing with a given key."""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_INSTALLATION, _GIVEN = b"\x01", b"\x02"
"""The first byte of a seal: whose key closed it. The installation's own key only opens what is older than the vault."""
_NONCE_BYTES = 12


class SealError(Exception):
    """The seal does not open: another key, another context, or damaged bytes."""


def _key(name: str) -> bytes:
    return _decoded(name, os.environ.get(name, ""))


@lru_cache(maxsize=8)
def _decoded(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise SealError(f"{name} is geen sleutel van 32 bytes in base64")
    return key


def own_key(name: str) -> bytes:
    """The key of 32 bytes in this environment variable (base64), of a service for its own secrets; raises SealError."""
    return _key(name)


def pseudonym(gemeente: str, bsn: str) -> str:
    """client_id: 26 base32 characters; not linkable between municipalities, never rotated.

    Keyed, because a plain hash of a BSN is reversed by trying all of them.
    """
    text = f"{gemeente}:{bsn}".encode()
    digest = hmac.new(_key("ZORGKETEN_SLEUTEL_PSEUDONIEM"), text, hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:26]


def seal(key: bytes, data: bytes, context: str) -> bytes:
    """AES-256-GCM with a key of 32 bytes; `context` (such as a client_id) is authenticated, not stored."""
    nonce = os.urandom(_NONCE_BYTES)
    return _GIVEN + nonce + AESGCM(key).encrypt(nonce, data, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """What `seal` closed with this key and context; raises SealError."""
    version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version == _INSTALLATION:
        key = _key("ZORGKETEN_SLEUTEL_GEGEVENS")
    elif version != _GIVEN:
        raise SealError("onbekend zegel")
    try:
        return AESGCM(key).decrypt(nonce, body, context.encode())
    except (InvalidTag, ValueError):
        raise SealError("het zegel past niet") from None


def mask(bsn: str) -> str:
    """For a screen: only the last four digits."""
    return "*****" + bsn[-4:] if len(bsn) > 4 else "*****"
