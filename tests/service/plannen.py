"""The plans of statements as they run, to see which of them read a whole table."""

import re
from collections.abc import Collection


class Luistervink:
    """A transaction that asks the plan of every statement before it runs it."""

    def __init__(self, tx):
        self._tx, self.plannen = tx, []

    def __getattr__(self, naam):
        echt = getattr(self._tx, naam)
        if naam not in ("fetch", "fetchrow", "fetchval", "execute"):
            return echt

        async def luister(sql, *args, **kw):
            if re.match(r"\s*(select|with|insert|update|delete)", sql, re.IGNORECASE):
                rijen = await self._tx.fetch("explain " + sql, *args)
                self.plannen.append((sql, "\n".join(r[0] for r in rijen)))
            return await echt(sql, *args, **kw)

        return luister

    def volle_leeslagen(self, groeit: Collection[str]) -> str:
        """Statements with their plan that read one of these growing tables from begin to end."""
        fout = [(sql, plan) for sql, plan in self.plannen if set(re.findall(r"Seq Scan on (\w+)", plan)) & set(groeit)]
        return "\n\n".join(f"{sql}\n{plan}" for sql, plan in fout)

    def duurder_dan(self, kosten: float) -> str:
        """Statements with their plan of which the planner expects more work: an index on the gemeente alone is no help."""
        fout = [(sql, plan) for sql, plan in self.plannen if float(re.search(r"\.\.([\d.]+) rows", plan)[1]) > kosten]
        return "\n\n".join(f"{sql}\n{plan}" for sql, plan in fout)
