"""De routes van intake, voor de gemeente."""

from services.intake.http import indicatie

ROUTERS = (indicatie.router,)
