"""The mail catcher: every mail of the chain becomes a file; none leaves this machine.

`python -m lokaal.post MAP POORT` is the catcher as a container of its own.
"""

from __future__ import annotations

import argparse
import threading
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


def serve_smtp(map_: Path, port: int, host: str = "127.0.0.1") -> Controller:
    """Take mail in the background; on the loopback only, unless told otherwise."""
    controller = Controller(Vanger(map_), hostname=host, port=port)
    controller.start()
    return controller


def main() -> None:
    """Take mail until a signal."""
    vragen = argparse.ArgumentParser(prog="lokaal.post", description="Vangt e-mail op.")
    vragen.add_argument("map", type=Path)
    vragen.add_argument("poort", type=int)
    wens = vragen.parse_args()
    serve_smtp(wens.map, wens.poort, "0.0.0.0")
    threading.Event().wait()


if __name__ == "__main__":
    main()
