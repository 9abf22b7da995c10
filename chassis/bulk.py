"""Many rows at once into tables behind row-level security, which take no COPY themselves.

COPY is the fastest way in by far: an array parameter costs asyncpg a check of every value, and Postgres one function
per column. So rows are copied to a table of the session, and one INSERT .. SELECT brings them where they belong.
"""

from collections.abc import Iterable
from typing import Any

from chassis.db import Tx


class Staging:
    """A table of the session, by the name and type of each column; empty after the transaction."""

    def __init__(self, name: str, **columns: str) -> None:
        self.name, self._columns = name, tuple(columns)
        definition = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        self._empty = (
            f"create temp table if not exists {name} ({definition}) on commit delete rows; delete from pg_temp.{name}"
        )

    async def fill(self, tx: Tx, rows: Iterable[tuple[Any, ...]]) -> None:
        """Hold these rows and no others, until the next `fill` or the end of the transaction."""
        await tx.execute(self._empty)
        await tx.copy_records_to_table(self.name, schema_name="pg_temp", columns=self._columns, records=rows)
