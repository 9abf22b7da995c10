"""What a municipality sees of declaraties, budgets and payments, and the trial of a 323."""

from services.declaratie.http import (
    betalen,
    budget_uitleg,
    budgetten,
    controle,
    declaratie_uitleg,
    declaraties,
    jaaropgaven,
    open_cijfers,
    prestaties,
    termijn,
)

ROUTERS = (
    declaraties.router,
    declaratie_uitleg.router,
    prestaties.router,
    controle.router,
    budgetten.router,
    budget_uitleg.router,
    betalen.router,
    jaaropgaven.router,
    open_cijfers.router,
    termijn.router,
)
