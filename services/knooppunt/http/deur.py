"""The door for providers: a transaction that sees the rows of the parties a caller may act for, and no more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated

from fastapi import Query

from chassis.auth import Caller
from chassis.db import Pool, Tenant, Tx, act_for, transaction
from services.knooppunt.domain import Partij
from services.knooppunt.handlers import toegang

Agb = Annotated[str | None, Query(pattern=r"^[0-9]{8}$", description="Alleen deze aanbieder uit het token")]


@asynccontextmanager
async def deur(db: Pool, wie: Caller, agb: str | None = None) -> AsyncIterator[tuple[Tx, Partij]]:
    """A transaction for a provider or its vendor, narrowed to `agb` when given.

    Raises Problem 403 for who is shut out or has no mandate; an `agb` of someone else sees nothing.
    """
    async with transaction(db, wie.tenant) as tx:
        partij = await toegang.laat_binnen(tx, wie)
        if agb is not None:
            partij = replace(
                partij,
                aanbieders=tuple(een for een in partij.aanbieders if een == agb),
                geblokkeerd=frozenset(paar for paar in partij.geblokkeerd if paar[1] == agb),
            )
        if partij.aanbieders != wie.tenant.aanbieders:
            await act_for(tx, Tenant(aanbieders=partij.aanbieders))
        yield tx, partij


@asynccontextmanager
async def inzage(db: Pool, wie: Caller, agb: str | None = None) -> AsyncIterator[tuple[Tx, Partij]]:
    """A transaction to look in: providers come through the door, others see what is theirs."""
    if wie.soort == "aanbieder":
        async with deur(db, wie, agb) as (tx, partij):
            yield tx, partij
    else:
        async with transaction(db, wie.tenant) as tx:
            yield tx, Partij()
