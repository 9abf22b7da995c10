"""A process of its own for the work on one big file, so that small messages never share its interpreter.

`python -m services.knooppunt.werker` is that process: it takes calls on stdin and answers on stdout.
"""

import asyncio
import os
import pickle
import sys
import threading
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from services.knooppunt.geheugen import geef_terug, houd_klein

P = ParamSpec("P")
T = TypeVar("T")

_LENGTH_BYTES = 8
_NICE = 5
_PER_KEER = 256 * 1024


class WerkerGestopt(Exception):
    """The process ended before it answered."""


class Werker:
    """One such process, started when it is needed. One call at a time."""

    def __init__(self) -> None:
        self._een_tegelijk = asyncio.Lock()
        self._proces: asyncio.subprocess.Process | None = None

    async def doe(
        self, functie: Callable[Concatenate[bytes, P], T], raw: bytes, /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a function of a module makes of these bytes over there, or raises. The rest is plain data.

        Raises WerkerGestopt. A call that is cancelled ends the process.
        """
        async with self._een_tegelijk:
            vraag = pickle.dumps((functie, args, kwargs))
            try:
                goed, antwoord = pickle.loads(await self._wissel(vraag, raw))
            except BaseException as fout:
                await self.stop()
                if isinstance(fout, asyncio.IncompleteReadError | ConnectionError):
                    raise WerkerGestopt from None
                raise
        if not goed:
            raise antwoord
        uit: T = antwoord
        return uit

    async def _wissel(self, vraag: bytes, raw: bytes) -> bytearray:
        if self._proces is None:
            self._proces = await asyncio.create_subprocess_exec(
                sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
        stdin, stdout = self._proces.stdin, self._proces.stdout
        assert stdin is not None and stdout is not None
        stdin.writelines((len(vraag).to_bytes(_LENGTH_BYTES), vraag, len(raw).to_bytes(_LENGTH_BYTES)))
        # Bit by bit: what the pipe does not take at once is copied, and of a file of 25 MB one copy is enough.
        for begin in range(0, len(raw), _PER_KEER):
            stdin.write(memoryview(raw)[begin : begin + _PER_KEER])
            await stdin.drain()
        lengte = int.from_bytes(await stdout.readexactly(_LENGTH_BYTES))
        antwoord = bytearray()
        # Bit by bit here too: asked for the whole, the reader would hold it twice.
        while len(antwoord) < lengte:
            stuk = await stdout.read(min(_PER_KEER, lengte - len(antwoord)))
            if not stuk:
                raise WerkerGestopt
            antwoord += stuk
        return antwoord

    async def stop(self) -> None:
        """End the process now; the next call starts another."""
        proces, self._proces = self._proces, None
        if proces is not None:
            if proces.returncode is None:
                proces.kill()
            await proces.wait()


def _serve() -> None:
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    # On a busy machine a big file gives way to the small messages.
    os.nice(_NICE)
    houd_klein()
    # Ends with its parent: stdin closes.
    while kop := stdin.read(_LENGTH_BYTES):
        functie, args, kwargs = pickle.loads(stdin.read(int.from_bytes(kop)))
        raw = stdin.read(int.from_bytes(stdin.read(_LENGTH_BYTES)))
        antwoord = _in_eigen_draad(functie, raw, args, kwargs)
        del raw
        stdout.write(len(antwoord).to_bytes(_LENGTH_BYTES))
        stdout.write(antwoord)
        stdout.flush()
        del antwoord
        # Now, and not before the next file: between two files the service needs the room.
        geef_terug()


def _in_eigen_draad(functie: Callable[..., Any], raw: bytes, args: Any, kwargs: Any) -> bytes:
    """The answer, made in a thread that ends with it: what libxml2 remembers ends too."""
    antwoorden: list[bytes] = []
    draad = threading.Thread(target=lambda: antwoorden.append(_answer(functie, raw, args, kwargs)))
    draad.start()
    draad.join()
    return antwoorden.pop()


def _answer(functie: Callable[..., Any], raw: bytes, args: Any, kwargs: Any) -> bytes:
    try:
        return pickle.dumps((True, functie(raw, *args, **kwargs)))
    except Exception as fout:
        return pickle.dumps((False, fout))


if __name__ == "__main__":
    _serve()
