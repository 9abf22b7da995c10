"""Wat een gemeente van declaraties, budgetten en betalingen ziet, en de proef van een 323."""

from services.declaratie.http import betalen, budgetten, controle, declaraties, jaaropgaven, open_cijfers, prestaties

ROUTERS = (
    declaraties.router,
    prestaties.router,
    controle.router,
    budgetten.router,
    betalen.router,
    jaaropgaven.router,
    open_cijfers.router,
)
