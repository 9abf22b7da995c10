"""The pages of the back office."""

from . import aanbieder, aanmelden, beheer, declaraties, grip, logboek, parkeerplaats, stroom, werkvoorraad, zaken

ROUTERS = tuple(
    module.router
    for module in (
        aanmelden, stroom, werkvoorraad, logboek, parkeerplaats, zaken, declaraties, grip, beheer, aanbieder,
    )
)  # fmt: skip
