"""A process of its own for the work on one big file, so that small messages never share its interpreter.

`python -m services.knooppunt.werker` is that process: it takes calls on stdin and answers on stdout.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_LENGTH_BYTES = 8
_NICE = 5
_PER_KEER = 256 * 1024
_BYTES_MAX = 25 * 1024 * 1024
"""After so much in all the process is replaced: what a tree took does not all come back by itself."""


class WerkerGestopt(Exception):
    """The process ended before it answered."""


class Werker:
    """One such process, started when it is needed. One call at a time."""

    def __init__(self) -> None:
        self._een_tegelijk = asyncio.Lock()
        self._proces: asyncio.subprocess.Process | None = None
        self._bytes = 0

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
            self._bytes += len(raw)
            if self._bytes >= _BYTES_MAX:
                await self.stop()
        if not goed:
            raise antwoord
        uit: T = antwoord
        return uit

    async def _wissel(self, vraag: bytes, raw: bytes) -> bytes:
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
        return await stdout.readexactly(int.from_bytes(await stdout.readexactly(_LENGTH_BYTES)))

    async def stop(self) -> None:
        """End the process now; the next call starts another."""
        proces, self._proces, self._bytes = self._proces, None, 0
        if proces is not None:
            if proces.returncode is None:
                proces.kill()
            await proces.wait()


def _serve() -> None:
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    # On a busy machine a big file gives way to the small messages.
    os.nice(_NICE)
    # Ends with its parent: stdin closes.
    while kop := stdin.read(_LENGTH_BYTES):
        functie, args, kwargs = pickle.loads(stdin.read(int.from_bytes(kop)))
        raw = stdin.read(int.from_bytes(stdin.read(_LENGTH_BYTES)))
        antwoord = pickle.dumps(_answer(functie, raw, args, kwargs))
        del raw
        stdout.write(len(antwoord).to_bytes(_LENGTH_BYTES))
        stdout.write(antwoord)
        stdout.flush()


def _answer(functie: Callable[..., Any], raw: bytes, args: Any, kwargs: Any) -> tuple[bool, Any]:
    try:
        return True, functie(raw, *args, **kwargs)
    except Exception as fout:
        return False, fout


if __name__ == "__main__":
    _serve()
