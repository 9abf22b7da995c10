"""The local issuer as a container of its own: `serveer` shows its key, `token` signs one with it.

Only for a machine of one's own: production trusts another issuer.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
from pathlib import Path

from joserfc.jwk import RSAKey

from lokaal.token import onderteken, serve_issuer


def sleutel(pad: Path) -> str:
    """The signing key as JSON, made once."""
    if not pad.exists():
        gemaakt = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": os.urandom(8).hex()})
        pad.touch(mode=0o600)
        pad.write_text(json.dumps(gemaakt.as_dict(private=True)))
    return pad.read_text()


def main() -> None:
    """Serve, or print one token."""
    vragen = argparse.ArgumentParser(prog="lokaal.uitgever", description=__doc__)
    vragen.add_argument("doe", choices=["serveer", "token"])
    vragen.add_argument("--agb")
    vragen.add_argument("--gemeente")
    wens = vragen.parse_args()
    issuer = os.environ["ZORGKETEN_ISSUER"]
    geheim = sleutel(Path(os.environ.get("ZORGKETEN_ONDERTEKENING", "/tmp/ondertekening.json")))
    if wens.doe == "token":
        print(onderteken(geheim, issuer, agb=wens.agb, gemeente=wens.gemeente))
        return
    serve_issuer(geheim, issuer, 8000, "0.0.0.0")
    threading.Event().wait()


if __name__ == "__main__":
    main()
