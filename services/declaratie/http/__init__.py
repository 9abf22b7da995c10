"""Wat een gemeente van declaraties en prestaties ziet, en de proef van een 323."""

from services.declaratie.http import controle, routes

ROUTERS = (routes.router, controle.router)
