"""The routes of notifications (http-api section 6)."""

from services.notifications.http import notificaties, webhooks

ROUTERS = (notificaties.router, webhooks.router)
