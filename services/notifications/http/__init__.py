"""The routes of notifications (http-api section 6)."""

from services.notifications.http import brieven, notificaties, webhooks

ROUTERS = (notificaties.router, brieven.router, webhooks.router)
