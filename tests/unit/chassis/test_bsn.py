import base64
from collections.abc import Iterator

import pytest

from chassis import bsn


@pytest.fixture(autouse=True)
def sleutels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for naam, byte in (("PSEUDONIEM", b"p"), ("GEGEVENS", b"g")):
        monkeypatch.setenv(f"ZORGKETEN_SLEUTEL_{naam}", base64.b64encode(byte * 32).decode())
    bsn._key.cache_clear()
    yield
    bsn._key.cache_clear()


def test_pseudoniem_is_vast_en_per_gemeente_anders() -> None:
    een = bsn.pseudonym("0664", "999990018")
    assert een == bsn.pseudonym("0664", "999990018")
    assert len(een) == 26
    assert een != bsn.pseudonym("0687", "999990018")


def test_zegel_past_alleen_bij_zijn_context() -> None:
    zegel = bsn.seal(b"gegevens", "client")
    assert b"gegevens" not in zegel
    assert bsn.unseal(zegel, "client") == b"gegevens"
    for fout in (zegel[:-1], b"", b"\x02" + zegel[1:]):
        with pytest.raises(bsn.SealError):
            bsn.unseal(fout, "client")
    with pytest.raises(bsn.SealError):
        bsn.unseal(zegel, "ander")


def test_masker() -> None:
    assert bsn.mask("999990018") == "*****0018"
    assert bsn.mask("1") == "*****"
