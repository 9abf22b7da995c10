"""Reading a record cannot raise, whatever its bytes are (guarantee G6)."""

import json
import random

import pytest
from aiokafka import ConsumerRecord

from chassis.envelope import parse, read

GOED = {
    "event_id": "e",
    "type": "proef.gedaan",
    "gemeente": "0664",
    "gebeurd_at": "2026-01-01T00:00:00Z",
    "data": {},
}


def record(value: bytes | None, key: bytes | None = None, headers: object = ()) -> ConsumerRecord:
    return ConsumerRecord("t", 0, 0, 0, 0, key, value, None, 0, 0, headers)


@pytest.mark.parametrize(
    "ruw",
    [
        None, b"", b"\x00\xff", b"{", b"[]", b"1", b"null", b"\xef\xbb\xbf{}", b"[" * 100_000,
        json.dumps({**GOED, "event_id": None}).encode(), json.dumps({**GOED, "event_id": "a\x00b"}).encode(),
        json.dumps({**GOED, "data": []}).encode(), json.dumps({**GOED, "gebeurd_at": "gisteren"}).encode(),
        json.dumps({**GOED, "type": "\ud800"}).encode(), b'{"event_id": "\\ud800"}',
    ],
)  # fmt: skip
def test_slechte_bytes_geven_een_reden(ruw: bytes | None) -> None:
    event, reden = parse(ruw, None)
    assert event is None and reden in ("leeg", "geen_json", "geen_envelop")


def test_willekeurige_bytes() -> None:
    toeval = random.Random(7)
    for _ in range(2000):
        item = read(record(toeval.randbytes(40), toeval.randbytes(26), [("type", toeval.randbytes(4))]),
                    frozenset({"proef.gedaan"}))  # fmt: skip
        assert item is None or item.event is None


def test_onleesbare_header_telt_niet() -> None:
    item = read(record(json.dumps(GOED).encode(), None, [("type", b"\xff\xfe")]), frozenset({"proef.gedaan"}))
    assert item is not None and item.event is not None


def test_ander_type_wordt_overgeslagen() -> None:
    assert read(record(b"troep", None, [("type", b"proef.anders")]), frozenset({"proef.gedaan"})) is None


def test_wacht_voorbij_komt_nooit_van_buiten() -> None:
    event, _ = parse(json.dumps({**GOED, "wacht_voorbij": True}).encode(), None)
    assert event is not None and event.wacht_voorbij is False


def test_sleutel_van_een_andere_client() -> None:
    ruw = json.dumps({**GOED, "client_id": "B" * 26}).encode()
    assert parse(ruw, b"A" * 26) == (None, "andere_sleutel")
    assert parse(ruw, b"B" * 26)[0] is not None
