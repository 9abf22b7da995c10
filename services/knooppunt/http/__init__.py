"""The routes of knooppunt, for providers and chain partners; every one within the bounds of its sender."""

from services.knooppunt.http import berichten, bezorgingen, controle, postbus, routes, stuf, toegang

ROUTERS = tuple(module.router for module in (berichten, postbus, controle, toegang, stuf, routes, bezorgingen))
