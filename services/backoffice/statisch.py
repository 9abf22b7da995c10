"""The page assets: our own files, read once at start, so no path of a request ever reaches the disk."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.errors import Problem

from .koppen import VeiligeRoute

SOORTEN = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_BESTANDEN = {
    pad.name: (pad.read_bytes(), SOORTEN[pad.suffix])
    for pad in (Path(__file__).parent / "static").iterdir()
    if pad.suffix in SOORTEN
}

router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)


@router.get("/static/{naam}")
async def read_bestand(request: Request, naam: str) -> Response:
    """One asset; the browser keeps it and asks whether it changed."""
    if naam not in _BESTANDEN:
        raise Problem(404, "bestand_onbekend", "Dit bestand is er niet", "Controleer het adres.")
    inhoud, soort = _BESTANDEN[naam]
    merk = f'"{sha256(inhoud).hexdigest()[:32]}"'
    koppen = {"ETag": merk, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == merk:
        return Response(status_code=304, headers=koppen)
    return Response(inhoud, media_type=soort, headers=koppen)
