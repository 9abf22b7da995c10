"""Parked events, let go again by the service that parked them: its own route, in the name of who holds the token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx


class NietGelukt(Exception):
    """The service refused, or did not answer; the text is its own, and carries no value."""


@dataclass(frozen=True)
class Keuze:
    """Which parked events: of this topic, type and reason, each when named; or one by its number."""

    topic: str | None = None
    type: str | None = None
    reden: str | None = None
    nummer: int | None = None

    def past(self, rij: dict[str, Any]) -> bool:
        paren = ((self.topic, "topic"), (self.type, "type"), (self.reden, "reden"), (self.nummer, "geparkeerd_id"))
        return all(wens is None or wens == rij[veld] for wens, veld in paren)


@dataclass
class Uitkomst:
    """What happened, or with a trial would happen, per parked event."""

    gedaan: int = 0
    overgeslagen: int = 0
    regels: list[str] = field(default_factory=list)


def herkans(url: str, token: str, keuze: Keuze, *, proef: bool, klant: httpx.Client | None = None) -> Uitkomst:
    """Let what is chosen go, oldest first; with `proef` only ask what would happen. Raises NietGelukt."""
    uitkomst = Uitkomst()
    with klant or httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        # All pages first: what is let go leaves the list.
        for rij in list(_open(http)):
            if not keuze.past(rij):
                continue
            wat = f"{rij['geparkeerd_id']} {rij['topic']} {rij['type'] or 'onleesbaar'} ({rij['reden']})"
            if not rij["kan_opnieuw"]:
                uitkomst.overgeslagen += 1
                uitkomst.regels.append(f"{wat}: niet te lezen; sluit dit af in het werkvoorraadscherm")
                continue
            pad = f"/v1/geparkeerd/{rij['geparkeerd_id']}/opnieuw"
            antwoord = _vraag(http, "POST", pad, proef=proef)
            uitkomst.gedaan += 1
            zou = antwoord.get("uitkomst", "vrijgegeven")
            uitkomst.regels.append(f"{wat}: {'zou worden: ' if proef else ''}{zou}, {rij['erachter']} erachter")
    return uitkomst


def _open(http: httpx.Client) -> Iterator[dict[str, Any]]:
    na = "0"
    while na:
        bladzijde = _vraag(http, "GET", f"/v1/geparkeerd?limit=500&na={na}")
        yield from bladzijde["geparkeerd"]
        na = bladzijde["volgende"] or ""


def _vraag(http: httpx.Client, methode: str, pad: str, *, proef: bool = False) -> dict[str, Any]:
    try:
        antwoord = http.request(methode, f"{pad}?proef=true" if proef else pad)
        inhoud = antwoord.json()
    except (httpx.HTTPError, ValueError) as fout:
        raise NietGelukt(f"de service antwoordt niet ({type(fout).__name__})") from None
    if antwoord.status_code >= 400:
        raise NietGelukt(f"{inhoud.get('title', antwoord.status_code)} {inhoud.get('volgende_stap', '')}".strip())
    return dict(inhoud)
