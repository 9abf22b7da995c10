"""The JSON under the pages (http-api section 6)."""

from . import logboek, parkeerplaats, werkvoorraad, zaken

ROUTERS = (zaken.router, werkvoorraad.router, werkvoorraad.vervangingen, parkeerplaats.router, logboek.router)
