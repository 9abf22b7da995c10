"""Log lines: JSON, only safe keys, never content of a message."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from chassis import trace

# Whose values are identifiers by nature: digits in them are not personal.
_ID_KEYS = frozenset(
    {
        "timestamp", "event_id", "client_id", "bericht_id", "declaratie_id", "indicatie_id", "trace_id",
        "opdracht_id", "verzoek_id", "notificatie_id", "identificatie", "instantie", "offset",
    }
)  # fmt: skip
_SAFE_KEYS = _ID_KEYS | frozenset(
    {
        "event", "level", "service", "topic", "partition", "type", "versie", "fout", "code", "codes", "regel",
        "status", "route", "methode", "aantal", "poort", "duur_ms", "gemeente", "aanbieder", "soort", "naam",
        "reden", "poging", "schema", "retourcode", "retourcodes", "niveau", "uitkomst", "bestand", "fase",
        "toewijzing_nummer", "delen", "deel", "logger", "kanaal", "richting", "periode", "wacht_op",
    }
)  # fmt: skip
# A provider's AGB has 8 digits and is public; it is masked only when it could be a BSN.
_PUBLIC_KEYS = _ID_KEYS | {"aanbieder", "toewijzing_nummer"}
_BSN = re.compile(r"(?<![0-9A-Za-z])\d{9}(?![0-9A-Za-z])")
_DIGITS = re.compile(r"\d{6,}")


def _clean(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(key, item) for item in list(value)[:50]]
    text = _BSN.sub("*", str(value))
    if key not in _PUBLIC_KEYS:
        text = _DIGITS.sub("*", text)
    if isinstance(value, (int, float)) and text == str(value):
        return value
    return text[:200]


def only_safe(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: drops every key that is not known to be safe, masks digit runs."""
    return {key: _clean(key, value) for key, value in line.items() if key in _SAFE_KEYS}


def add_trace_id(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: the trace that the line belongs to, unless the caller named one."""
    if "trace_id" not in line and (trace_id := trace.trace_id(trace.current())):
        line["trace_id"] = trace_id
    return line


class _NameOnly(logging.Handler):
    """Libraries put values in their text: of their lines only logger and level are kept."""

    def emit(self, record: logging.LogRecord) -> None:
        # aiokafka says "group coordinator not available" while a fresh broker makes its topic.
        fout = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        log.warning("bibliotheek", logger=record.name, fout=fout)


def configure(service: str, instantie: str) -> None:
    """JSON lines on stdout for this process."""
    structlog.contextvars.bind_contextvars(service=service, instantie=instantie)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            add_trace_id,
            only_safe,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_NameOnly(level=logging.WARNING)]
    root.setLevel(logging.WARNING)


log = structlog.get_logger()
