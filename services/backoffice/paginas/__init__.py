"""The pages of the back office."""

from . import aanmelden, parkeerplaats, stroom, werkvoorraad, zaken

ROUTERS = (aanmelden.router, stroom.router, werkvoorraad.router, parkeerplaats.router, zaken.router)
