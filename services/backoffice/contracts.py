"""What backoffice reads of the access logs of other services."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict


class ToegangVastgelegd(BaseModel):
    """<service>.toegang_vastgelegd: a row of its access log; `vorige` and `schakel` are hashes in hex."""

    model_config = ConfigDict(extra="ignore")
    volgnummer: int
    wie: str
    namens: str
    handeling: str
    onderwerp: str | None = None
    gebeurd_at: AwareDatetime
    vorige: str
    schakel: str
