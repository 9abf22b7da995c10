"""The players of the demo: seven municipalities over HTTP, four providers with their own state."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import Any

import httpx

from aanbieder import berichten, klok, postbus, staat
from aanbieder.knooppunt import Knooppunt
from lokaal import plek, token
from lokaal.demo_bewoners import AANBIEDERS, GEMEENTEN, Bewoner

TEGELIJK = 8
WACHT_S = 60.0
POLL_S = 0.05


class Mislukt(Exception):
    """A step of the demo did not go as it must; the text says which one."""


async def tot(klaar: Callable[[], Awaitable[bool]], wat: str, wacht_s: float = WACHT_S) -> None:
    """Wait for a condition; Mislukt after the deadline."""
    einde = time.monotonic() + wacht_s
    while not await klaar():
        if time.monotonic() > einde:
            raise Mislukt(f"niet op tijd: {wat}")
        await asyncio.sleep(POLL_S)


def maak_token(*, gemeente: str | None = None, agb: str | None = None) -> str:
    """A token of the local issuer for one municipality or one provider."""
    hier = plek.Plek.van_deze_checkout()
    basis = int(plek.lees_json(hier.stand)["poort_basis"])
    return token.onderteken(hier.geheimen()["ondertekening"], plek.issuer_url(basis), agb=agb, gemeente=gemeente)


class Gemeenten:
    """Calls of the municipalities, at most eight at a time."""

    def __init__(self, endpoints: dict[str, str]) -> None:
        """Take the addresses of endpoints.json."""
        self._urls = endpoints
        self._tokens = {g: maak_token(gemeente=g) for g in GEMEENTEN}
        self._http = httpx.AsyncClient(timeout=30)
        self._slot = asyncio.Semaphore(TEGELIJK)

    async def sluit(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def vraag(self, methode: str, dienst: str, pad: str, gemeente: str, **opties: Any) -> Any:
        """One call with the token of the municipality; its JSON."""
        koppen = {"Authorization": f"Bearer {self._tokens[gemeente]}"}
        sleutel = opties.pop("sleutel", None)
        if sleutel:
            koppen["Idempotency-Key"] = sleutel
        async with self._slot:
            antwoord = await self._http.request(methode, self._urls[dienst] + pad, headers=koppen, **opties)
        if antwoord.is_error:
            raise Mislukt(f"{methode} {dienst}{pad.split('?')[0]}: {antwoord.status_code} {antwoord.text[:400]}")
        return antwoord.json() if antwoord.content else None

    async def lijst(self, dienst: str, pad: str, gemeente: str, soort: str) -> list[dict[str, Any]]:
        """All rows of a list, page after page."""
        rijen: list[dict[str, Any]] = []
        na = ""
        while True:
            blad = await self.vraag("GET", dienst, f"{pad}?limit=500{na}", gemeente)
            rijen += blad[soort]
            if not blad.get("volgende"):
                return rijen
            na = f"&na={blad['volgende']}"

    async def ken_toe(self, bewoner: Bewoner) -> None:
        """Record the indicatie and wait until it became a toewijzing."""
        gemaakt = await self.vraag(
            "POST", "intake", "/v1/indicaties", bewoner.gemeente,
            json=bewoner.indicatie(), sleutel=f"demo-indicatie-{bewoner.volgnummer}",
        )  # fmt: skip
        await self.wordt_toewijzing(bewoner, gemaakt["indicatie_id"])

    async def wordt_toewijzing(self, bewoner: Bewoner, indicatie_id: str) -> None:
        """Wait until an indicatie of this resident became a toewijzing."""

        async def verwerkt() -> bool:
            stand = await self.vraag("GET", "intake", f"/v1/indicaties/{indicatie_id}", bewoner.gemeente)
            if stand["status"] == "geweigerd":
                raise Mislukt(f"indicatie van bewoner {bewoner.volgnummer} geweigerd: {stand['bevindingen']}")
            bewoner.nummers = list(stand["toewijzing_nummers"] or [])
            return bool(stand["status"] == "toegewezen")

        await tot(verwerkt, "een indicatie wordt een toewijzing")

    async def verwerkt(self) -> None:
        """Wait until every 301 that left has its 302 processed."""
        open_ = set(GEMEENTEN)

        async def klaar() -> bool:
            for g in list(open_):
                rijen = await self.lijst("toewijzing", "/v1/toewijzingen", g, "toewijzingen")
                stand = [(r.get("laatste_301") or {}).get("status") for r in rijen]
                if "afgekeurd" in stand:
                    raise Mislukt("een 301 is afgekeurd")
                if all(s == "goedgekeurd" for s in stand):
                    open_.discard(g)
            return not open_

        await tot(klaar, "alle 302's zijn verwerkt")


class Aanbieders:
    """The four providers: each its own state folder and token."""

    def __init__(self, url: str) -> None:
        """Open the state of all four."""
        self.map = klok.lokaal_map() / "aanbieders"
        self._knooppunten = {a: Knooppunt(url, maak_token(agb=a)) for a in AANBIEDERS}
        self._slot = asyncio.Semaphore(TEGELIJK)
        self.staten: dict[str, staat.Staat] = {}

    async def open(self) -> None:
        """Open the states; one that knows more than its mailbox belongs to a chain that is gone."""
        for agb, knooppunt in self._knooppunten.items():
            rijen, _ = await knooppunt.postbus(status="alle")
            if not rijen:
                shutil.rmtree(self.map / agb, ignore_errors=True)
                (self.map / "gespeeld_tot").unlink(missing_ok=True)
            self.staten[agb] = staat.Staat(self.map / agb)

    async def sluit(self) -> None:
        """Close connections and states."""
        for knooppunt in self._knooppunten.values():
            await knooppunt.sluit()
        for st in self.staten.values():
            st.sluit()

    async def synchroniseer(self) -> None:
        """Empty all four mailboxes once."""
        oogsten = await asyncio.gather(
            *(postbus.synchroniseer(self.staten[a], k, TEGELIJK // 4) for a, k in self._knooppunten.items())
        )
        for oogst in oogsten:
            if oogst.onleesbaar or oogst.geweigerd:
                raise Mislukt(f"de postbus gaf fouten: {oogst.onleesbaar} {[f.probleem for f in oogst.geweigerd]}")

    async def synchroniseer_tot(self, klaar: Callable[[], bool], wat: str) -> None:
        """Keep emptying the mailboxes until the condition holds."""

        async def stap() -> bool:
            await self.synchroniseer()
            return klaar()

        await tot(stap, wat)

    async def verstuur(self, paren: Iterable[tuple[str, berichten.Klaar]]) -> None:
        """Hand in messages, at most eight at a time."""

        async def een(agb: str, klaar: berichten.Klaar) -> None:
            async with self._slot:
                await berichten.verstuur(self.staten[agb], self._knooppunten[agb], klaar)

        await asyncio.gather(*(een(a, k) for a, k in paren))

    def alles_beantwoord(self) -> bool:
        """Does every 305, 307 and 323 that left have its answer."""
        return not any(
            st.db.execute(
                "SELECT 1 FROM berichten WHERE richting = 'uit' AND status IN ('te_versturen', 'verstuurd')"
                " AND soort IN ('WMO305', 'WMO307', 'WMO323') LIMIT 1"
            ).fetchone()
            for st in self.staten.values()
        )

    def toewijzing(self, bewoner: Bewoner) -> dict[str, Any]:
        """The actual version of the resident's first toewijzing, as the provider knows it; {} when not."""
        st = self.staten[bewoner.aanbieder]
        versies = staat.versies(st.db, bewoner.gemeente, bewoner.nummers[0])
        return staat.gegevens(versies[-1]) if versies else {}

    async def berichten(self, agb: str) -> list[dict[str, Any]]:
        """The whole mailbox of one provider, read ones too."""
        rijen: list[dict[str, Any]] = []
        na: str | None = None
        while True:
            blad, na = await self._knooppunten[agb].postbus(na, "alle")
            rijen += blad
            if na is None:
                return rijen

    async def haal(self, agb: str, bericht_id: str) -> bytes:
        """One message from the mailbox."""
        async with self._slot:
            return await self._knooppunten[agb].haal(bericht_id)


def moment(dag: date, uur: int = 10) -> datetime:
    """An hour of that day in Amsterdam."""
    return datetime(dag.year, dag.month, dag.day, uur, tzinfo=klok.AMSTERDAM)
