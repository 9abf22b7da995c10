"""The pages of the back office."""

from . import aanmelden, logboek, parkeerplaats, stroom, werkvoorraad, zaken

ROUTERS = (aanmelden.router, stroom.router, werkvoorraad.router, logboek.router, parkeerplaats.router, zaken.router)
