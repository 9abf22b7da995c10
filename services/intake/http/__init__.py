"""De routes van intake, voor de gemeente."""

from services.intake.http import indicatie, instellingen, melding, nazorg, signaal

ROUTERS = (indicatie.router, melding.router, signaal.router, instellingen.router, nazorg.router)
