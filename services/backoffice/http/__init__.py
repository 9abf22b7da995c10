"""The JSON under the pages (http-api section 6)."""

from . import logboek, werkvoorraad, zaken

ROUTERS = (zaken.router, werkvoorraad.router, werkvoorraad.vervangingen, logboek.router)
