"""The routes of toewijzing, for the municipality; the pre-check also for a provider."""

from services.toewijzing.http import controle as controle
from services.toewijzing.http import toewijzing, verzoek

ROUTERS = (toewijzing.router, verzoek.router, controle.router)
