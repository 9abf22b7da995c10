"""A provider that takes part with the reference client alone."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time

from lokaal.plek import ROOT


class Client:
    """`python -m aanbieder` of one provider, as processes that may die."""

    def __init__(self, keten, agb, map_):
        self.agb, self.staat = agb, map_ / "staat"
        token = map_ / "token.txt"
        token.write_text(keten.token(agb=agb))
        self._vast = ["--staat", str(self.staat), "--token-bestand", str(token)]
        self._omgeving = {
            **os.environ, "ZORGKETEN_LOKAAL_MAP": str(keten.map), "ZORGKETEN_KNOOPPUNT": keten.urls["knooppunt"],
        }  # fmt: skip

    def start(self, *opdracht):
        return subprocess.Popen(
            [sys.executable, "-m", "aanbieder", *self._vast, *map(str, opdracht)],
            cwd=ROOT, env=self._omgeving, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def doe(self, *opdracht):
        """(exit code, stdout) of a command that is left alone."""
        proces = self.start(*opdracht)
        uit, fout = proces.communicate(timeout=120)
        assert "Traceback" not in fout
        return proces.returncode, uit

    def aantal(self, waar):
        with contextlib.suppress(sqlite3.Error), contextlib.closing(
            sqlite3.connect(f"file:{self.staat / 'aanbieder.sqlite'}?mode=ro", uri=True)
        ) as db:  # fmt: skip
            return db.execute(f"SELECT count(*) FROM berichten WHERE {waar}").fetchone()[0]
        return 0

    def dood_bij(self, waar, genoeg, *opdracht):
        """Start a command and kill it as soon as so many messages stand so; give how many there were then."""
        proces = self.start(*opdracht)
        tot = time.monotonic() + 60
        while self.aantal(waar) < genoeg and proces.poll() is None:
            assert time.monotonic() < tot
        proces.kill()
        proces.wait(timeout=10)
        proces.communicate()
        return proces.returncode, self.aantal(waar)
