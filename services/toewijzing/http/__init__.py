"""The routes of toewijzing, for the municipality; the terms and the pre-check also for a provider."""

from services.toewijzing.http import contract, gebeurtenis, opdracht, termijn, toewijzing, verzoek
from services.toewijzing.http import controle as controle

ROUTERS = (
    toewijzing.router,
    contract.router,
    contract.instellingen,
    opdracht.router,
    verzoek.router,
    gebeurtenis.router,
    termijn.router,
    controle.router,
)
