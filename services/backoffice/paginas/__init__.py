"""The pages of the back office."""

from . import aanmelden, stroom, werkvoorraad, zaken

ROUTERS = (aanmelden.router, stroom.router, werkvoorraad.router, zaken.router)
