"""Plays half a year of the chain: seven municipalities, four providers, fictional residents.

The same residents and the same mistakes every time (seed 2026). Interrupted, it goes on where
it was; played already, it only shows the table.
"""

import asyncio
import time
from datetime import date
from typing import Any

from aanbieder import berichten, declareren
from lokaal import demo_declaraties, demo_meldingen, demo_tabel, klok
from lokaal.demo_bewoners import AANBIEDERS, GEMEENTEN, Bewoner, bewoners, contracten
from lokaal.demo_declaraties import Maand
from lokaal.demo_spelers import Aanbieders, Gemeenten, moment
from lokaal.plek import Plek

LAATSTE = 6
# place of the resident in its municipality that goes through something
TIJDELIJK_GESTOPT, VERLENGD, INGETROKKEN, MEER_BUDGET = 0, 1, 2, 4
VERLENGD_TOT, INGETROKKEN_PER, BUDGET_CENT = "2027-01-31", "2026-05-31", 350000


def speel(endpoints: dict[str, str]) -> None:
    """Play the demo on a running stack and print the table."""
    asyncio.run(_speel(endpoints))


async def _speel(endpoints: dict[str, str]) -> None:
    gemeenten, aanbieders = Gemeenten(endpoints), Aanbieders(endpoints["knooppunt"])
    try:
        await aanbieders.open()
        if await _al_gespeeld(gemeenten):
            _zeg("De demo is al gespeeld; dit is de stand.")
        else:
            await Spel(gemeenten, aanbieders).alles()
        await demo_tabel.toon(gemeenten, aanbieders)
    finally:
        await gemeenten.sluit()
        await aanbieders.sluit()


async def _al_gespeeld(gemeenten: Gemeenten) -> bool:
    """Has every pair of municipality and provider its last declaratie settled."""
    periode = Maand(LAATSTE).periode
    for g in GEMEENTEN:
        blad = await gemeenten.vraag("GET", "declaratie", f"/v1/declaraties?periode={periode}&limit=500", g)
        if len(blad["declaraties"]) < len(AANBIEDERS):
            return False
    return True


class Spel:
    """The course of the half year."""

    def __init__(self, gemeenten: Gemeenten, aanbieders: Aanbieders) -> None:
        """Everyone who plays."""
        self.gemeenten, self.aanbieders = gemeenten, aanbieders
        self.bewoners = bewoners()
        self.begonnen = time.monotonic()
        self._tot = aanbieders.map / "gespeeld_tot"

    async def alles(self) -> None:
        """Contracts, then month by month."""
        await self._klok(date(2026, 1, 2))
        await asyncio.gather(
            *(self.gemeenten.vraag("PUT", "toewijzing", "/v1/contracten", g, json=contracten()) for g in GEMEENTEN)
        )
        self._stap(f"{len(GEMEENTEN)} gemeenten hebben contracten met {len(AANBIEDERS)} aanbieders")
        for nummer in range(1, LAATSTE + 1):
            maand = Maand(nummer)
            await self._klok(date(2026, nummer, 4))
            await self._toewijzen(maand)
            await self._klok(date(2026, nummer, 20))
            await self._starten(maand)
            await self._gebeurtenissen(maand)
            await self._klok(date(2026, nummer + 1, 2))
            await self._declareren(maand)

    async def _klok(self, dag: date) -> None:
        # going on after an interruption: what was made on a later day may not lie in the future (TR135)
        gehad = self._tot.read_text() if self._tot.exists() else ""
        if dag.isoformat() < gehad:
            return
        self._tot.write_text(dag.isoformat())
        await asyncio.to_thread(klok.zet_klok, Plek.van_deze_checkout(), moment(dag).isoformat())

    def _stap(self, tekst: str) -> None:
        _zeg(f"{time.monotonic() - self.begonnen:5.1f} s  {tekst}")

    def _wie(self, plek: int) -> list[Bewoner]:
        """One resident per municipality."""
        per = len(self.bewoners) // len(GEMEENTEN)
        return self.bewoners[plek::per]

    async def _toewijzen(self, maand: Maand) -> None:
        nieuw = self._nieuw(maand)
        if maand.nummer == 1:
            await demo_meldingen.verwijs(self.gemeenten)
        elif maand.nummer == 2:
            await demo_meldingen.volg_op(self.gemeenten)
            await demo_meldingen.rond_spoed_af(self.gemeenten)
            self._stap(f"{maand.periode}  1 melding eindigt bij de eettafel, en 1 na spoed bij een zoon")
        if not nieuw:
            return
        await asyncio.gather(*(self._ken_toe(b) for b in nieuw))
        await self.aanbieders.synchroniseer_tot(
            lambda: all(self.aanbieders.toewijzing(b) for b in nieuw), "de 301's komen aan"
        )
        await self.gemeenten.verwerkt()
        self._stap(f"{maand.periode}  {len(nieuw)} bewoners krijgen zorg toegewezen (301), goedgekeurd (302)")

    def _nieuw(self, maand: Maand) -> list[Bewoner]:
        """Whose care begins in this month; of who is helped at once (spoed) nothing is claimed."""
        return [b for b in (*self.bewoners, demo_meldingen.SPOED) if b.maand == maand.nummer]

    async def _ken_toe(self, b: Bewoner) -> None:
        if b is demo_meldingen.SPOED:
            await demo_meldingen.help_meteen(self.gemeenten)
        elif b.volgnummer in demo_meldingen.MET_BESLUIT:
            besluit = await demo_meldingen.indicatie_uit_melding(self.gemeenten, b)
            await self.gemeenten.wordt_toewijzing(b, besluit["indicatie_id"])
        else:
            await self.gemeenten.ken_toe(b)

    async def _starten(self, maand: Maand) -> None:
        nieuw = self._nieuw(maand)
        if nieuw:
            await self._meld(
                [(b, self._start(b, b.product["ingangsdatum"])) for b in nieuw],
                f"{maand.periode}  {len(nieuw)} starts gemeld (305) en beantwoord (306)",
            )

    def _start(self, b: Bewoner, begin: str) -> berichten.Klaar:
        st = self.aanbieders.staten[b.aanbieder]
        ident = f"S{b.volgnummer:04d}{begin[5:7]}{begin[8:]}"
        return berichten.start(st, b.gemeente, b.nummers[0], begin, identificatie=ident)

    def _stop(self, b: Bewoner, eind: str, reden: str) -> berichten.Klaar:
        st = self.aanbieders.staten[b.aanbieder]
        ident = f"T{b.volgnummer:04d}{eind[5:7]}{eind[8:]}"
        return berichten.stop(st, b.gemeente, b.nummers[0], eind, reden, identificatie=ident)

    async def _meld(self, paren: list[tuple[Bewoner, berichten.Klaar]], tekst: str) -> None:
        await self.aanbieders.verstuur((b.aanbieder, k) for b, k in paren)
        await self.aanbieders.synchroniseer_tot(self.aanbieders.alles_beantwoord, "de antwoorden komen")
        self._stap(tekst)

    async def _gebeurtenissen(self, maand: Maand) -> None:
        if maand.nummer == 2:
            spoed = demo_meldingen.SPOED
            await self._meld(
                [(spoed, self._stop(spoed, spoed.product["einddatum"], "19"))],
                f"{maand.periode}  de tijdelijke hulp na spoed is gestopt (307), beantwoord (308)",
            )
        elif maand.nummer == 3:
            wie = self._wie(TIJDELIJK_GESTOPT)
            await self._meld(
                [(b, self._stop(b, "2026-03-15", "20")) for b in wie],
                f"{maand.periode}  {len(wie)} keer tijdelijk gestopt (307), beantwoord (308)",
            )
            extra = {"budget_cent": BUDGET_CENT, "reden_wijziging": "14"}
            await self._wijzig(maand, MEER_BUDGET, "wijziging", extra, "budget verhoogd")
        elif maand.nummer == 4:
            wie = self._wie(TIJDELIJK_GESTOPT)
            await self._meld(
                [(b, self._start(b, "2026-04-13")) for b in wie],
                f"{maand.periode}  {len(wie)} keer opnieuw gestart na een tijdelijke stop",
            )
            extra = {"einddatum": VERLENGD_TOT, "reden_wijziging": "04"}
            await self._wijzig(maand, VERLENGD, "wijziging", extra, "toewijzing verlengd (OP380)")
        elif maand.nummer == 5:
            extra = {"einddatum": INGETROKKEN_PER, "reden_wijziging": "05"}
            await self._wijzig(maand, INGETROKKEN, "intrekking", extra, "toewijzing ingetrokken")
        elif maand.nummer == 6:
            wie = self._wie(INGETROKKEN)
            await self._meld(
                [(b, self._stop(b, INGETROKKEN_PER, "36")) for b in wie],
                f"{maand.periode}  {len(wie)} keer gestopt na een intrekking (307, reden 36)",
            )

    async def _wijzig(self, maand: Maand, plek: int, daad: str, body: dict[str, Any], tekst: str) -> None:
        """A wijziging or intrekking for one resident per municipality, and its 301 and 302."""

        def al(b: Bewoner) -> bool:
            nu = self.aanbieders.toewijzing(b)
            return all(nu.get(k) == v for k, v in body.items())

        wie = self._wie(plek)
        await asyncio.gather(
            *(
                self.gemeenten.vraag(
                    "POST", "toewijzing", f"/v1/toewijzingen/{b.nummers[0]}/{daad}", b.gemeente,
                    json=body, sleutel=f"demo-{daad}-{b.volgnummer}",
                )
                for b in wie if not al(b)
            )
        )  # fmt: skip
        await self.aanbieders.synchroniseer_tot(lambda: all(al(b) for b in wie), "de gewijzigde 301's komen aan")
        await self.gemeenten.verwerkt()
        self._stap(f"{maand.periode}  {len(wie)} keer {tekst} (301, 302)")

    async def _declareren(self, maand: Maand) -> None:
        klaar, aantal = [], 0
        for a, agb in enumerate(AANBIEDERS):
            st = self.aanbieders.staten[agb]
            for g, gemeente in enumerate(GEMEENTEN):
                bsns = {
                    n: b.client["bsn"]
                    for b in self.bewoners if b.gemeente == gemeente and b.aanbieder == agb for n in b.nummers
                }  # fmt: skip
                regels = demo_declaraties.regels(st, agb, gemeente, maand, bsns)
                if regels:
                    ident = f"DEMO{maand.nummer}{a}{g}"
                    klaar.append(
                        (
                            agb,
                            declareren.declaratie(st, agb, gemeente, regels, maand.periode, identificatie=ident),
                        )
                    )
                    aantal += len(regels)
        await self.aanbieders.verstuur(klaar)
        await self.aanbieders.synchroniseer_tot(self.aanbieders.alles_beantwoord, "de 325's komen")
        self._stap(f"{maand.periode}  {len(klaar)} declaraties (323), {aantal} regels, beantwoord (325)")


def _zeg(tekst: str) -> None:
    print(tekst, flush=True)
