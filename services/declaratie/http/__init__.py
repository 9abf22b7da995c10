"""What a municipality sees of declaraties, budgets and payments, and the trial of a 323."""

from services.declaratie.http import (
    betalen,
    budgetten,
    controle,
    declaraties,
    jaaropgaven,
    open_cijfers,
    prestaties,
    termijn,
)

ROUTERS = (
    declaraties.router,
    prestaties.router,
    controle.router,
    budgetten.router,
    betalen.router,
    jaaropgaven.router,
    open_cijfers.router,
    termijn.router,
)
