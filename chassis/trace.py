"""W3C trace context: one trace from a request through outbox, Kafka and handlers, and back.

Every process gives its traces numbers, which travel with the events and stand in the logs. Spans are kept and sent
only where `OTEL_EXPORTER_OTLP_ENDPOINT` says to whom; that, and how many, is set by the variables of OpenTelemetry.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
# The last spans of a process are worth a moment, not its grace period.
_STOP_S = 2.0
_LINKS_MAX = 32
_tracer = trace.get_tracer("zorgketen")
_propagator = TraceContextTextMapPropagator()


def configure(service: str, instantie: str) -> None:
    """Make spans in this process, and send them where the environment says; without it every context is empty."""
    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    if not any(os.environ.get(naam) for naam in _ENDPOINTS):
        # Numbers for the logs and the events, and nothing that is kept.
        trace.set_tracer_provider(TracerProvider(sampler=ALWAYS_OFF, shutdown_on_exit=False))
        return
    # Only here: they cost 20 MB and a quarter of a second.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    wie = {"service.namespace": "zorgketen", "service.name": service, "service.instance.id": instantie}
    # At exit it would wait for a collector that is away: `stop` does not.
    provider = TracerProvider(resource=Resource.create(wie), shutdown_on_exit=False)
    # From a thread of its own and a queue with an end: who cannot keep up loses spans, and never holds up work.
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def stop() -> None:
    """Send what is left; takes at most two seconds, whatever the collector does."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        einde = threading.Thread(target=provider.shutdown, name="sporen", daemon=True)
        einde.start()
        einde.join(_STOP_S)


def current() -> str | None:
    """The traceparent of what happens now; None outside a span."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def trace_id(traceparent: str | None) -> str | None:
    """The 32 hexadecimal digits by which an operator finds everything of one trace."""
    return traceparent.split("-")[1] if traceparent and traceparent.count("-") == 3 else None


def headers() -> dict[str, str]:
    """The header that carries the trace to another service over HTTP; empty outside a span."""
    traceparent = current()
    return {"traceparent": traceparent} if traceparent else {}


def exemplar() -> dict[str, str] | None:
    """What leads from a measurement to the trace in which it was made; None outside a span."""
    spoor = trace_id(current())
    return {"trace_id": spoor} if spoor else None


@contextmanager
def continued(
    traceparent: str | None,
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Mapping[str, AttributeValue] | None = None,
    also: Iterable[str | None] = (),
) -> Iterator[Span]:
    """A span in the trace of `traceparent`; of a new trace when that is absent or not valid.

    `also`: the traceparents of what is done here at once with the first; the span refers to each of them. Attributes
    leave the chain, so they are names and numbers of our own, never something that was sent to us.
    """
    context = _propagator.extract({"traceparent": traceparent} if traceparent else {})
    # The text of an error may hold a value: neither its text nor its trace is recorded, as the library would.
    with _tracer.start_as_current_span(
        name, context, kind, attributes, _links(traceparent, also), record_exception=False,
        set_status_on_exception=False,
    ) as span:  # fmt: skip
        try:
            yield span
        except Exception as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def _links(eigen: str | None, also: Iterable[str | None]) -> list[Link]:
    anders = {een for een in also if een and trace_id(een) != trace_id(eigen)}
    spans = (trace.get_current_span(_propagator.extract({"traceparent": een})) for een in sorted(anders)[:_LINKS_MAX])
    return [Link(span.get_span_context()) for span in spans]
