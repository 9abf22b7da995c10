"""The routes of knooppunt, for providers and chain partners."""

from services.knooppunt.http import berichten, controle, postbus, toegang

ROUTERS = (berichten.router, postbus.router, controle.router, toegang.router)
