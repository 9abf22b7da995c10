"""What a span holds, and what it never may."""

import socket
import subprocess
import sys
import time

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from chassis import trace

BSN = "999990018"


@pytest.fixture
def gemaakt(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Every span that ends from now on."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_tracer", provider.get_tracer("proef"))
    return exporter


def test_g18_van_een_fout_staat_alleen_de_soort_in_het_spoor(gemaakt: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError), trace.continued(None, "proef"):
        raise ValueError(f"geen geldig BSN: {BSN}")
    (span,) = gemaakt.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == "ValueError"
    assert BSN not in span.to_json()


def test_wat_samen_gaat_verwijst_naar_ieders_spoor(gemaakt: InMemorySpanExporter) -> None:
    eerste, tweede, derde = (f"00-{cijfer * 32}-{cijfer * 16}-01" for cijfer in "123")
    with trace.continued(eerste, "proef", also=[eerste, tweede, None, derde, tweede, "onzin"]):
        assert trace.trace_id(trace.current()) == "1" * 32
        assert trace.exemplar() == {"trace_id": "1" * 32}
    (span,) = gemaakt.get_finished_spans()
    assert span.parent is not None and f"{span.parent.span_id:016x}" == "1" * 16
    assert {f"{link.context.trace_id:032x}" for link in span.links if link.context.is_valid} == {"2" * 32, "3" * 32}
    assert trace.exemplar() is None


_PROGRAMMA = """
import sys, time
from chassis import trace
trace.configure("proef", "proef-1")
with trace.continued(None, "werk"):
    print(trace.current(), flush=True)
begonnen = time.monotonic()
trace.stop()
print(time.monotonic() - begonnen, "opentelemetry.exporter.otlp" in " ".join(sys.modules), flush=True)
"""


def _proces(**omgeving: str) -> tuple[str, float, bool, float]:
    """The traceparent, how long `stop` took, whether the exporter was loaded, and how long the end took."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAMMA], env=omgeving, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as proces:
        assert proces.stdout is not None
        traceparent, (stop_s, geladen) = proces.stdout.readline().strip(), proces.stdout.readline().split()
        begonnen = time.monotonic()
        assert proces.wait(30) == 0
    return traceparent, float(stop_s), geladen == "True", time.monotonic() - begonnen


def _bewaard(traceparent: str) -> bool:
    """The flag that tells the next process that this trace is kept."""
    return bool(int(traceparent[-2:], 16) & 1)


def test_zonder_verzamelaar_wordt_er_genummerd_en_niets_bewaard() -> None:
    traceparent, _, geladen, _ = _proces()
    assert trace.trace_id(traceparent) is not None
    assert not _bewaard(traceparent), "nobody keeps it"
    assert not geladen


def test_een_verzamelaar_die_zwijgt_houdt_het_einde_niet_op() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stil:
        adres = f"http://127.0.0.1:{stil.getsockname()[1]}"
        traceparent, stop_s, geladen, einde_s = _proces(OTEL_EXPORTER_OTLP_ENDPOINT=adres)
    assert _bewaard(traceparent) and geladen
    # Ten seconds is what the library waits for each batch.
    assert stop_s < 6 and einde_s < 6
