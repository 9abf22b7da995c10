"""Random claim histories: the ledger that grew line by line equals one made from all messages in order of receipt.

Delivery is in any order at all, with repeats; a DeclaratieNummer and a ReferentieNummer are used again now and then, by
the same client or by another one.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import defaultdict, deque
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from chassis.db import OVERAL, transaction
from chassis.errors import Retry, Wacht

from .conftest import A1, Spel

AANTAL = int(os.environ.get("ZORGKETEN_GESCHIEDENISSEN") or 200)
TARIEVEN = {"02A05": ("04", 5875), "01A03": ("04", 3600), "07A12": ("16", 4250), "02B10": ("83", None)}
MAANDEN = [date(2026, m, 1) for m in range(1, 6)]
DAG = timedelta(days=1)


def laatste(dag: date) -> date:
    return (dag.replace(day=1) + timedelta(days=31)).replace(day=1) - DAG


def dagen(begin: date, eind: date) -> list[date]:
    return [begin + n * DAG for n in range((eind - begin).days + 1)]


def centen(breuk: Decimal) -> int:
    return int(breuk.quantize(Decimal(1), ROUND_HALF_UP))


class Geschiedenis:
    """One gemeente with a few residents, their toewijzingen, and the 323s of a provider in order of receipt."""

    def __init__(self, zaad: int, nummer: int) -> None:
        self.toeval = random.Random(zaad)
        self.gemeente = f"{1000 + nummer}"
        self.clienten = [f"client-{nummer}-{n}" for n in range(self.toeval.randint(1, 3))]
        self.toewijzingen = {}
        for n in range(self.toeval.randint(len(self.clienten), 2 * len(self.clienten))):
            self.toewijzingen[600001 + n] = self._toewijzing(self.clienten[n % len(self.clienten)])
        self.gehad = defaultdict(list)
        self.geweigerd: set[str] = set()
        self.berichten, maand = [], 0
        for ontvangst in range(1, self.toeval.randint(3, 7)):
            maand = min(maand + self.toeval.choice([0, 0, 1, 1, 2]), len(MAANDEN) - 1)
            wie = self.toeval.sample(self.clienten, self.toeval.randint(1, len(self.clienten)))
            deel = {c: self._regels(c, MAANDEN[maand], f"{nummer}-{ontvangst}-{c[-1]}") for c in wie}
            nummer_ = f"DN{ontvangst}" if self.toeval.random() < 0.9 else f"DN{self.toeval.randint(1, ontvangst)}"
            self.berichten.append((ontvangst, nummer_, MAANDEN[maand], deel))

    def _toewijzing(self, client: str) -> dict:
        code, frequentie = self.toeval.choice(list(TARIEVEN)), self.toeval.choice("1246")
        if code == "02B10" and frequentie == "1":
            frequentie = "2"
        begin = date(2026, 1, 1) + self.toeval.randrange(80) * DAG
        eind = begin + self.toeval.randrange(150) * DAG
        vast = self.toeval.random() < 0.8
        volume = {"1": 2, "2": 5, "4": 20, "6": 60}[frequentie] * (1000 if code == "02B10" else 1)
        return {
            "client": client, "code": code, "vast": vast, "begin": begin, "eind": eind, "frequentie": frequentie,
            "volume": volume if vast else None, "budget": None if vast else self.toeval.randrange(50_000, 400_000),
            "output": code == "02B10", "weg": self.toeval.random() < 0.05,
        }  # fmt: skip

    def _regels(self, client: str, maand: date, kenmerk: str) -> list[dict]:
        """At most a few lines, most of them right, some wrong in each of the ways that a line can be wrong."""
        toeval, regels = self.toeval, []
        for n in range(toeval.randint(1, 4)):
            referentie = f"R{kenmerk}-{n}"
            if self.gehad[client] and toeval.random() < 0.35:
                debet = toeval.choice(self.gehad[client])
                regel = debet | {"vorig_referentie_nummer": debet["referentie_nummer"], "debet_credit": "C"}
                if toeval.random() < 0.1:
                    regel |= {"geleverd_volume": regel["geleverd_volume"] + 1}
            else:
                regel = self._debet(client, maand)
            bekend = [r["referentie_nummer"] for c in self.clienten for r in self.gehad[c]]
            if bekend and toeval.random() < 0.08:
                referentie = toeval.choice(bekend)
            if referentie not in {r["referentie_nummer"] for r in regels}:
                regels.append(regel | {"referentie_nummer": referentie, "regel": len(regels)})
        self.gehad[client] += [r for r in regels if r["debet_credit"] == "D"]
        return regels

    def _debet(self, client: str, maand: date) -> dict:
        toeval = self.toeval
        nummer = toeval.choice([n for n, t in self.toewijzingen.items() if t["client"] == client])
        if toeval.random() < 0.08:
            nummer = toeval.choice([*self.toewijzingen, 999_999])
        t = self.toewijzingen.get(nummer, {"code": "02A05", "begin": maand, "eind": maand, "volume": 5})
        wanneer = toeval.choice([m for m in MAANDEN if m <= maand] * 4 + MAANDEN)
        begin, eind = max(wanneer, t["begin"]), min(laatste(wanneer), t["eind"])
        if begin > eind or toeval.random() < 0.05:
            begin, eind = wanneer, laatste(wanneer)
        eenheid, tarief = TARIEVEN[t["code"]]
        volume = toeval.randint(1, 40)
        if eenheid == "83":
            volume *= 1000
        elif eenheid == "04" and toeval.random() < 0.3:
            eenheid, volume, tarief = "01", volume * 17, centen(Decimal(tarief) / 60)
        bedrag = volume if tarief is None else volume * tarief
        if eenheid == "01":
            bedrag = centen(Decimal(TARIEVEN[t["code"]][1]) * volume / 60)
        fout = toeval.random()
        if fout < 0.03:
            bedrag += 1
        elif fout < 0.05 and tarief:
            tarief += 1
        elif fout < 0.07:
            eenheid = "14"
        return {
            "toewijzing_nummer": nummer, "product_categorie": t["code"][:2], "product_code": t["code"],
            "begindatum": f"{begin}", "einddatum": f"{eind}", "geleverd_volume": volume, "eenheid": eenheid,
            "product_tarief_cent": tarief, "ingediend_cent": bedrag, "debet_credit": "D", "vorig_referentie_nummer": None,
        }  # fmt: skip

    def events(self, spel: Spel) -> list:
        """What is delivered, in any order, with repeats."""
        rij = [spel.gebeurtenis("toewijzing.contracten_vastgelegd", {"contracten": [
            {"aanbieder": A1, "variant": "inspanning", "geldig_vanaf": "2025-01-01", "product_categorie": code[:2],
             "product_code": code, "eenheid": eenheid, "tarief_cent": tarief}
            for code, (eenheid, tarief) in TARIEVEN.items()
        ]})]  # fmt: skip
        for nummer, t in self.toewijzingen.items():
            product = {"categorie": t["code"][:2], "code": t["code"] if t["vast"] else None}
            omvang = {"volume": t["volume"], "eenheid": TARIEVEN[t["code"]][0], "frequentie": t["frequentie"]}
            einddatum = t["begin"] if t["weg"] else t["eind"]
            rij.append(spel.toewijzing(
                nummer, t["client"], product=product, omvang=omvang if t["vast"] else None, budget_cent=t["budget"],
                ingangsdatum=f"{t['begin']}", einddatum=f"{einddatum}", reden_wijziging="13" if t["weg"] else None,
                variant="output" if t["output"] else "inspanning",
            ))  # fmt: skip
        vorig = None
        for ontvangst, nummer_, maand, delen in self.berichten:
            rij += spel.declaratie(ontvangst, delen, f"{maand:%Y-%m}", nummer_, vorig)
            vorig = ontvangst
        rij += self.toeval.sample(rij, len(rij) // 4)
        self.toeval.shuffle(rij)
        # The messages of one gemeente are apart from those of another.
        eigen = {"gemeente": self.gemeente}
        uniek = f"{self.gemeente}-"
        return [
            e.model_copy(update=eigen | {"data": e.data | ({"bericht_id": uniek + e.data["bericht_id"]} if "bericht_id" in e.data else {})})
            for e in rij
        ]  # fmt: skip

    def herrekend(self) -> tuple[set, dict]:
        """(bookings, total per number) from all messages in order of receipt, day by day and line by line."""
        boekingen, volume, cent = set(), defaultdict(int), defaultdict(int)
        in_maand, referenties, debets, open_, nummers = defaultdict(int), set(), {}, {}, set()
        for ontvangst, nummer_, maand, delen in self.berichten:
            if nummer_ in nummers:
                self.geweigerd.add(f"{self.gemeente}-bericht-{ontvangst}")
                continue
            nummers.add(nummer_)
            for deel, (client, regels) in enumerate(delen.items()):
                for r in [x for x in regels if x["debet_credit"] == "C"] + [
                    x for x in regels if x["debet_credit"] == "D"
                ]:
                    nieuw = r["referentie_nummer"] not in referenties
                    referenties.add(r["referentie_nummer"])
                    nummer, credit = r["toewijzing_nummer"], r["debet_credit"] == "C"
                    t = self.toewijzingen.get(nummer)
                    eerste = date.fromisoformat(r["begindatum"]).replace(day=1)
                    maat = r["geleverd_volume"] * (60 if r["eenheid"] == "04" else 1)
                    sleutel = (nummer, r["product_code"], r["begindatum"], r["einddatum"])
                    if not nieuw or t is None or t["client"] != client:
                        continue
                    if credit:
                        debet = debets.get(r["vorig_referentie_nummer"])
                        gelijk = debet is not None and all(
                            debet[k] == r[k]
                            for k in r
                            if k not in ("referentie_nummer", "vorig_referentie_nummer", "debet_credit", "regel")
                        )
                        if not gelijk or open_.get(sleutel) != r["vorig_referentie_nummer"]:
                            continue
                        del open_[sleutel]
                    else:
                        if sleutel in open_ or not self._past(
                            t, r, maand, in_maand[nummer, eerste], volume[nummer], cent[nummer]
                        ):
                            continue
                        open_[sleutel] = r["referentie_nummer"]
                        debets[r["referentie_nummer"]] = r
                    teken = -1 if credit else 1
                    in_maand[nummer, eerste] += teken * maat
                    volume[nummer] += teken * maat
                    cent[nummer] += teken * r["ingediend_cent"]
                    boekingen.add((f"{self.gemeente}-bericht-{ontvangst}", deel, r["regel"], nummer, eerste,
                                   "gecrediteerd" if credit else "toegekend", teken * maat, teken * r["ingediend_cent"]))  # fmt: skip
        return boekingen, {n: (volume[n], cent[n]) for n in self.toewijzingen}

    @staticmethod
    def _past(t: dict, r: dict, maand: date, in_maand: int, in_totaal: int, cent: int) -> bool:
        begin, eind = date.fromisoformat(r["begindatum"]), date.fromisoformat(r["einddatum"])
        t_eind = t["begin"] if t["weg"] else t["eind"]
        alle = dagen(t["begin"], t_eind)
        goede_periode = [d for d in alle if (d.year, d.month) == (begin.year, begin.month)]
        if t["weg"] or r["product_code"] != t["code"] or not goede_periode:
            return False
        if (begin, eind) != (goede_periode[0], goede_periode[-1]) or begin > laatste(maand):
            return False
        eenheid, tarief = TARIEVEN[t["code"]]
        if r["eenheid"] == "01" and eenheid == "04":
            goed = (centen(Decimal(tarief) / 60), centen(Decimal(tarief) * r["geleverd_volume"] / 60))
        elif r["eenheid"] == eenheid:
            goed = (tarief, r["geleverd_volume"] * (tarief or 1))
        else:
            return False
        if (r["product_tarief_cent"], r["ingediend_cent"]) != goed:
            return False
        if not t["vast"]:
            return cent + r["ingediend_cent"] <= t["budget"]
        maal = 60 if eenheid == "04" else 1
        erbij = r["geleverd_volume"] * (60 if r["eenheid"] == "04" else 1)

        def grens(stuk: list[date]) -> int | None:
            if t["frequentie"] == "1":
                return len(stuk)
            if t["frequentie"] == "4":
                return len({(d.year, d.month) for d in stuk})
            if t["frequentie"] == "6":
                return 1 if stuk == alle else None
            if t["output"]:
                zondagen = [d for d in alle if d.isoweekday() == 7]
                staart = [] if alle[-1].isoweekday() == 7 else [zondagen[-1] if zondagen else alle[-1]]
                return sum(d in stuk for d in [*zondagen, *staart])
            if t["code"][:2] == "01" and stuk != alle:
                return 6
            return len({d.isocalendar()[:2] for d in stuk})

        per_periode = grens(goede_periode)
        if t["frequentie"] == "6":
            per_periode = None
        if t["code"][:2] == "01" and t["frequentie"] == "2" and not t["output"]:
            per_periode = 6
        totaal = grens(alle)
        if per_periode is not None and in_maand + erbij > per_periode * t["volume"] * maal:
            return False
        return totaal is None or in_totaal + erbij <= totaal * t["volume"] * maal


async def bezorg(spel: Spel, events: list, toeval: random.Random) -> None:
    """Deliver one by one or in batches; who waits comes back later, and is judged when nothing else is left."""
    rij, gewacht = deque(events), 0
    while rij:
        stapel = [rij.popleft()]
        while rij and all(e.type == "knooppunt.declaratiedeel_ontvangen" for e in (stapel[0], rij[0])):
            if toeval.random() < 0.4:
                break
            stapel.append(rij.popleft())
        if gewacht > len(rij) + len(stapel):
            stapel[0] = stapel[0].model_copy(update={"wacht_voorbij": True})
        try:
            if stapel[0].type == "knooppunt.declaratiedeel_ontvangen":
                wachtend = await spel.geef_samen(stapel)
            else:
                await spel.geef(stapel[0])
                wachtend = []
        except Wacht:
            wachtend = stapel
        except Retry:
            rij.extendleft(reversed(stapel))
            continue
        rij.extend(wachtend)
        gewacht = gewacht + len(stapel) if len(wachtend) == len(stapel) else 0


@pytest.mark.asyncio
async def test_het_grootboek_is_gelijk_aan_een_herrekening_uit_alle_berichten(spel):
    zaad = int(os.environ.get("ZORGKETEN_ZAAD") or random.randrange(10**9))
    print(f"ZORGKETEN_ZAAD={zaad}")
    geschiedenissen = [Geschiedenis(zaad + n, n) for n in range(AANTAL)]
    werk = deque(geschiedenissen)

    async def een_voor_een() -> None:
        while werk:
            een = werk.popleft()
            await bezorg(spel, een.events(spel), een.toeval)

    await asyncio.gather(*(een_voor_een() for _ in range(6)))
    await spel.wacht_uit()
    boekingen, totalen = defaultdict(set), defaultdict(dict)
    async with transaction(spel.pool, OVERAL) as tx:
        for r in await tx.fetch("select * from grootboek"):
            boekingen[r["gemeente"]].add((r["bericht_id"], r["deel"], r["regel"], r["toewijzing_nummer"], r["maand"],
                                          r["soort"], r["volume"], r["bedrag_cent"]))  # fmt: skip
        for r in await tx.fetch("select * from toewijzing_totaal"):
            totalen[r["gemeente"]][r["nummer"]] = (r["volume"], r["bedrag_cent"])
        geweigerd = {r[0] for r in await tx.fetch("select bericht_id from declaratie where status = 'afgekeurd'")}
        ongelijk = await tx.fetchval(
            """select count(*) from declaratie d where status = 'in_behandeling' or toegekend_cent <>
               (select coalesce(sum(bedrag_cent), 0) from grootboek g where g.bericht_id = d.bericht_id)"""
        )
    soorten = defaultdict(int)
    for een in geschiedenissen:
        verwacht, som = een.herrekend()
        assert boekingen[een.gemeente] == verwacht, f"ZORGKETEN_ZAAD={zaad}, gemeente {een.gemeente}"
        assert totalen[een.gemeente] == som, f"ZORGKETEN_ZAAD={zaad}, gemeente {een.gemeente}"
        for boeking in verwacht:
            soorten[boeking[5]] += 1
    assert not ongelijk and geweigerd == set().union(*(een.geweigerd for een in geschiedenissen)), (
        f"ZORGKETEN_ZAAD={zaad}"
    )
    # Histories in which nothing happens prove nothing.
    assert soorten["toegekend"] > AANTAL // 2 and soorten["gecrediteerd"] > AANTAL // 20, dict(soorten)
    print(dict(soorten), sum(len(r) for g in geschiedenissen for *_, d in g.berichten for r in d.values()), "lines")
