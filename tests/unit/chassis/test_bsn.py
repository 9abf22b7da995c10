import base64

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis import bsn


@pytest.fixture(autouse=True)
def sleutels(monkeypatch: pytest.MonkeyPatch) -> None:
    for naam, byte in (("PSEUDONIEM", b"p"), ("GEGEVENS", b"g")):
        monkeypatch.setenv(f"ZORGKETEN_SLEUTEL_{naam}", base64.b64encode(byte * 32).decode())


def test_pseudoniem_is_vast_en_per_gemeente_anders() -> None:
    een = bsn.pseudonym("0664", "999990018")
    assert een == bsn.pseudonym("0664", "999990018")
    assert len(een) == 26
    assert een != bsn.pseudonym("0687", "999990018")


def test_zegel_past_alleen_bij_zijn_sleutel_en_context() -> None:
    sleutel = b"s" * 32
    zegel = bsn.seal(sleutel, b"gegevens", "client")
    assert b"gegevens" not in zegel
    assert bsn.unseal(sleutel, zegel, "client") == b"gegevens"
    for fout in (zegel[:-1], b"", b"\x02", b"\x03" + zegel[1:]):
        with pytest.raises(bsn.SealError):
            bsn.unseal(sleutel, fout, "client")
    for andere_sleutel, context in ((sleutel, "ander"), (b"t" * 32, "client"), (b"", "client")):
        with pytest.raises(bsn.SealError):
            bsn.unseal(andere_sleutel, zegel, context)


def test_een_zegel_van_voor_de_kluis_opent_met_de_sleutel_van_de_installatie() -> None:
    oud = b"\x01" + b"n" * 12 + AESGCM(b"g" * 32).encrypt(b"n" * 12, b"gegevens", b"client")
    assert bsn.unseal(b"s" * 32, oud, "client") == b"gegevens"


def test_masker() -> None:
    assert bsn.mask("999990018") == "*****0018"
    assert bsn.mask("1") == "*****"
