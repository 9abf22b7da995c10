"""The mail catcher: every mail of the chain becomes a file; none leaves this machine."""

from __future__ import annotations

import uuid
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Vanger:
    """Writes each mail to `map`, complete or not at all."""

    def __init__(self, map_: Path) -> None:
        self.map = map_
        map_.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        naam = uuid.uuid4().hex
        half = self.map / f".{naam}"
        half.write_bytes(envelope.original_content or b"")
        half.rename(self.map / f"{naam}.eml")
        return "250 OK"


def serve_smtp(map_: Path, port: int) -> Controller:
    """Take mail in the background, on the loopback only."""
    controller = Controller(Vanger(map_), hostname="127.0.0.1", port=port)
    controller.start()
    return controller
