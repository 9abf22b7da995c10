"""Every error a service may raise; none carries a value from input."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel


class Bevinding(BaseModel):
    """One finding about a message or a request; `pad` is an XPath or JSON pointer, never a value."""

    regel: str
    niveau: int | None = None
    retourcode: str | None = None
    pad: str | None = None
    regelnummer: int | None = None
    melding: str
    verwacht: str | None = None
    volgende_stap: str


class Problem(Exception):
    """Becomes an `application/problem+json` answer (RFC 9457)."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        volgende_stap: str,
        bevindingen: Sequence[Bevinding] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.volgende_stap = volgende_stap
        self.bevindingen = list(bevindingen)
        self.headers = dict(headers or {})


class Retry(Exception):
    """Raised in a handler: roll back, capped back-off, the same message again."""


class Wacht(Retry):
    """Raised in a handler: a predecessor is missing; only this event waits, at most 10 s."""


class BadData(Exception):
    """Raised in a handler: this event can never be handled; it is parked with its bytes."""
