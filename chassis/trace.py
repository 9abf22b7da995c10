"""W3C trace context: one trace from a request through outbox, Kafka and handlers, and back."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_tracer = trace.get_tracer("zorgketen")
_propagator = TraceContextTextMapPropagator()


def configure() -> None:
    """Make spans real in this process; without it every context is empty."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())


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


@contextmanager
def continued(traceparent: str | None, name: str) -> Iterator[None]:
    """A span in the trace of `traceparent`; of a new trace when that is absent or not valid."""
    context = _propagator.extract({"traceparent": traceparent} if traceparent else {})
    with _tracer.start_as_current_span(name, context=context, record_exception=False):
        yield
