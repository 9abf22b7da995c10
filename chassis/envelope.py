"""The envelope of an event, and reading it from bytes in a way that cannot raise."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from aiokafka import ConsumerRecord
from pydantic import BaseModel, StringConstraints, ValidationError

from chassis.db import Tenant
from chassis.inbox import Herkomst

# No NUL: Postgres cannot keep one in text.
_Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
_CLIENT = re.compile(rb"^[A-Za-z2-7]{26}$")
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")


class Event(BaseModel):
    """One event. `wacht_voorbij`: the 10 s wait for a predecessor is over, so judge now."""

    event_id: _Id
    type: _Id
    versie: int = 1
    gemeente: _Id
    aanbieder: _Id | None = None
    client_id: _Id | None = None
    volgnummer: int = 0
    gebeurd_at: datetime
    oorzaak: str | None = None
    keten: str | None = None
    data: dict[str, Any]
    wacht_voorbij: bool = False

    @property
    def tenant(self) -> Tenant:
        """Whose rows its handler sees: those of the gemeente in the envelope."""
        return Tenant(gemeente=self.gemeente)


@dataclass(frozen=True)
class Gelezen:
    """A record after reading: its event, or the reason why there is none."""

    bron: Herkomst
    type: str | None
    event: Event | None
    reden: str | None
    klant: str | None

    @property
    def slot(self) -> str:
        """The key whose row is locked and whose order holds."""
        if self.klant is not None:
            return self.klant
        if self.event is not None:
            key = (self.bron.sleutel or b"").decode("utf-8", "replace").replace("\x00", "")[:200]
            return key or self.event.event_id
        return f"{self.bron.topic}:{self.bron.partitie}"


def parse(ruw: bytes | None, sleutel: bytes | None) -> tuple[Event | None, str | None]:
    """The event in these bytes, or the reason why there is none."""
    if not ruw:
        return None, "leeg"
    try:
        event = Event.model_validate_json(ruw)
    except ValidationError as error:
        soort = error.errors(include_input=False, include_context=False, include_url=False)[0]["type"]
        return None, "geen_json" if soort == "json_invalid" else "geen_envelop"
    except (ValueError, RecursionError, OverflowError):
        return None, "geen_json"
    # The chassis alone decides that a wait is over.
    event.wacht_voorbij = False
    other = sleutel is not None and _CLIENT.match(sleutel) and event.client_id not in (None, sleutel.decode())
    if other:
        return None, "andere_sleutel"
    return event, None


def _text(headers: dict[str, bytes], name: str) -> str | None:
    value = headers.get(name)
    try:
        return value.decode("ascii") if value else None
    except (UnicodeDecodeError, AttributeError):
        return None


def read(record: "ConsumerRecord[Any, Any]", types: frozenset[str]) -> Gelezen | None:
    """Read a record; None when its type is not wanted here. Cannot raise."""
    headers = {str(name): value for name, value in record.headers or ()}
    type_ = _text(headers, "type")
    if type_ is not None and len(type_) <= 200 and type_.isprintable() and type_ not in types:
        return None
    traceparent = _text(headers, "traceparent")
    if traceparent is not None and not _TRACEPARENT.match(traceparent):
        traceparent = None
    bron = Herkomst(record.topic, record.partition, record.offset, record.key, record.value, traceparent)
    event, reden = parse(record.value, record.key)
    if event is not None:
        if event.type not in types:
            return None
        return Gelezen(bron, event.type, event, None, event.client_id)
    klant = record.key.decode() if record.key and _CLIENT.match(record.key) else None
    return Gelezen(bron, type_ if type_ in types else None, None, reden, klant)
