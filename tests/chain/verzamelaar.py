"""A collector of spans: OTLP over HTTP, as every process of the chain sends them, and one that can stop answering."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True)
class Stuk:
    """One span, and the service that it is of."""

    dienst: str
    span: Span

    @property
    def trace_id(self) -> str:
        return self.span.trace_id.hex()


class Verzamelaar:
    """Listens on a free port of the loopback, from `with` to its end."""

    def __init__(self) -> None:
        self._stukken: list[Stuk] = []
        self._antwoordt = threading.Event()
        self._antwoordt.set()
        self.vastgehouden = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def __enter__(self) -> Verzamelaar:
        threading.Thread(target=self._server.serve_forever, name="verzamelaar", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._antwoordt.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def omgeving(self) -> dict[str, str]:
        """What a process is told about it."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self._server.server_port}",
            "OTEL_BSP_SCHEDULE_DELAY": "500",
        }

    def alles(self) -> list[Stuk]:
        """Everything so far."""
        return list(self._stukken)

    def spoor(self, trace_id: str) -> list[Stuk]:
        """What came of one trace so far, in the order in which it began."""
        gevonden = [stuk for stuk in self._stukken if stuk.trace_id == trace_id]
        return sorted(gevonden, key=lambda stuk: stuk.span.start_time_unix_nano)

    @contextlib.contextmanager
    def zwijgt(self) -> Iterator[None]:
        """It takes what is sent and answers nobody, the worst that a collector can do."""
        self._antwoordt.clear()
        try:
            yield
        finally:
            self._antwoordt.set()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        verzamelaar = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                lichaam = self.rfile.read(int(self.headers["Content-Length"]))
                if not verzamelaar._antwoordt.is_set():
                    verzamelaar.vastgehouden += 1
                    verzamelaar._antwoordt.wait(60)
                verzamelaar._bewaar(ExportTraceServiceRequest.FromString(lichaam))
                antwoord = ExportTraceServiceResponse().SerializeToString()
                # Who sent it may have given up waiting.
                with contextlib.suppress(OSError):
                    self.send_response(200)
                    self.send_header("Content-Type", "application/x-protobuf")
                    self.send_header("Content-Length", str(len(antwoord)))
                    self.end_headers()
                    self.wfile.write(antwoord)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def _bewaar(self, verzoek: ExportTraceServiceRequest) -> None:
        for van in verzoek.resource_spans:
            namen = {een.key: een.value.string_value for een in van.resource.attributes}
            for deel in van.scope_spans:
                self._stukken += [Stuk(namen["service.name"], span) for span in deel.spans]
