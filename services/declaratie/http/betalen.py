"""Accounts, payment files, and which payment covers which 325."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chassis.db import Tx, transaction
from chassis.errors import Problem
from chassis.herhaling import once
from chassis.http import Database
from chassis.namens import Huurder
from chassis.rechten import Wie
from services.declaratie.domain.betaling import Rekening, iban_valid, naam_valid
from services.declaratie.handlers.betaling import make_betaalbestand, save_rekeningen
from services.declaratie.http.csv import table
from services.declaratie.store import betaling as store

router = APIRouter(prefix="/v1", tags=["betalen"])
Sleutel = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]
Agb = Annotated[str, Field(pattern=r"^[0-9]{8}$")]
Kenmerk = Annotated[str, Path(max_length=64, pattern=r"^[0-9A-Za-z-]+$")]


def _iban(waarde: str) -> str:
    kaal = waarde.replace(" ", "").upper()
    if not iban_valid(kaal):
        raise ValueError("geen geldige IBAN")
    return kaal


def _naam(waarde: str) -> str:
    if not naam_valid(waarde):
        raise ValueError("geen geldige naam")
    return waarde


class RekeningIn(BaseModel):
    """An account: an IBAN with right check digits, and the name as the bank knows it."""

    model_config = ConfigDict(extra="forbid")
    iban: Annotated[str, Field(max_length=42), AfterValidator(_iban)]
    naam: Annotated[str, Field(max_length=70), AfterValidator(_naam)]


class RekeningAanbiederIn(RekeningIn):
    """The account of an aanbieder."""

    aanbieder: Agb


class BetaalgegevensIn(BaseModel):
    """The accounts to record; who is not named keeps his."""

    model_config = ConfigDict(extra="forbid")
    gemeente: RekeningIn | None = None
    aanbieders: Annotated[list[RekeningAanbiederIn], Field(max_length=1000)] = []


class RekeningUit(BaseModel):
    """`geldt`: payments use it. `wacht`: a second person must still confirm it."""

    houder: str
    iban: str
    naam: str
    status: Literal["geldt", "wacht"]
    voorgesteld_door: str | None = None


class Betaalgegevens(BaseModel):
    """What counts and what waits."""

    rekeningen: list[RekeningUit]


class BetaalbestandIn(BaseModel):
    """Pay what was judged up to and including this day."""

    model_config = ConfigDict(extra="forbid")
    t_m: Annotated[date, Field(ge=date(2021, 1, 1), le=date(2100, 12, 31))]


class BetaaldeDeclaratie(BaseModel):
    """A 325 in a payment; `antwoord` is its bericht_id in the mailbox."""

    declaratie_id: str
    declaratie_nummer: str
    identificatie: str
    periode: str
    antwoord: str | None
    toegekend_cent: int


class Betaling(BaseModel):
    """A payment to an aanbieder; its bank statement shows `betaling_id`."""

    betaling_id: str
    betaalbestand_id: str
    gemeente: str
    aanbieder: str
    iban: str
    naam: str
    uitvoerdatum: date
    bedrag_cent: int
    declaraties: list[BetaaldeDeclaratie]


class Betaalbestand(BaseModel):
    """A file. `meegenomen_cent`: net credit per aanbieder that is set off against a next payment."""

    betaalbestand_id: str
    t_m: date
    uitvoerdatum: date
    gemaakt_at: datetime
    totaal_cent: int
    betalingen: list[Betaling]
    zonder_rekening: list[str] = []
    meegenomen_cent: dict[str, int] = {}


class Betalingen(BaseModel):
    """A page, the newest first."""

    betalingen: list[Betaling]
    volgende: str | None


@router.put("/betaalgegevens")
async def put_betaalgegevens(db: Database, wie: Wie, body: BetaalgegevensIn) -> Betaalgegevens:
    """Propose accounts, or confirm as the second person what another one proposed: then send the same."""
    gemeente = wie.gemeente or ""
    rekeningen = [Rekening(a.aanbieder, a.iban, a.naam) for a in body.aanbieders]
    if body.gemeente is not None:
        rekeningen.append(Rekening(gemeente, body.gemeente.iban, body.gemeente.naam))
    if len({r.houder for r in rekeningen}) != len(rekeningen):
        raise Problem(422, "ongeldige_invoer", "Het verzoek bevat fouten.", "Noem elke aanbieder een keer.")
    async with transaction(db, wie.tenant) as tx:
        await save_rekeningen(tx, gemeente, rekeningen, wie.sub)
        return await _betaalgegevens(tx, gemeente)


@router.get("/betaalgegevens")
async def get_betaalgegevens(db: Database, wie: Wie) -> Betaalgegevens:
    """The accounts that count, and those that wait for a second person."""
    async with transaction(db, wie.tenant) as tx:
        return await _betaalgegevens(tx, wie.gemeente or "")


async def _betaalgegevens(tx: Tx, gemeente: str) -> Betaalgegevens:
    geldend = (await store.load_rekeningen(tx, gemeente)).values()
    wachtend = (await store.load_voorstellen(tx, gemeente)).values()
    return Betaalgegevens(
        rekeningen=[
            *(RekeningUit(houder=r.houder, iban=r.iban, naam=r.naam, status="geldt") for r in geldend),
            *(
                RekeningUit(
                    houder=r["houder"], iban=r["iban"], naam=r["naam"], status="wacht",
                    voorgesteld_door=r["voorgesteld_door"],
                )
                for r in wachtend
            ),
        ]
    )  # fmt: skip


@router.post("/betaalbestanden", status_code=201)
async def post_betaalbestand(
    db: Database, wie: Wie, body: BetaalbestandIn, antwoord: Response, sleutel: Sleutel = None
) -> Betaalbestand:
    """Make a SEPA file of all that was approved and not paid. Asked again: the same (200)."""
    gemeente = wie.gemeente or ""
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            bestand = await make_betaalbestand(tx, gemeente, body.t_m, wie.sub)
            antwoord.status_code = 201 if bestand.nieuw else 200
            uit = await _bestand(tx, gemeente, bestand.bestand_id)
            uit = uit.model_copy(
                update={"zonder_rekening": bestand.zonder_rekening, "meegenomen_cent": bestand.meegenomen_cent}
            )
            return uit.model_dump(mode="json")

        opdracht = {"route": "betaalbestanden", "t_m": body.t_m.isoformat()}
        uit = await once(tx, gemeente, sleutel, opdracht, doe)
    antwoord.headers["Location"] = f"/v1/betaalbestanden/{uit['betaalbestand_id']}"
    return Betaalbestand.model_validate(uit)


@router.get(
    "/betaalbestanden/{betaalbestand_id}",
    responses={200: {"content": {"application/xml": {}, "text/csv": {}}}},
    response_model=Betaalbestand,
)
async def get_betaalbestand(
    db: Database, wie: Wie, betaalbestand_id: Kenmerk, accept: Annotated[str, Header()] = "application/xml"
) -> Any:
    """The file for the bank (pain.001, the default), for the financial system (text/csv) or as JSON."""
    gemeente = wie.gemeente or ""
    async with transaction(db, wie.tenant) as tx:
        bestand = await _bestand(tx, gemeente, betaalbestand_id)
        if "application/json" in accept:
            return bestand
        if "text/csv" in accept:
            return _csv(bestand)
        xml = await store.load_xml(tx, gemeente, betaalbestand_id)
    naam = f'attachment; filename="{betaalbestand_id}.xml"'
    return Response(xml, media_type="application/xml", headers={"Content-Disposition": naam})


def _csv(bestand: Betaalbestand) -> Response:
    kop = ("betaling_id", "uitvoerdatum", "aanbieder", "naam", "iban", "betaling_cent", "declaratie_nummer",
           "periode", "toegekend_cent")  # fmt: skip
    rijen = [
        (b.betaling_id, b.uitvoerdatum, b.aanbieder, b.naam, b.iban, b.bedrag_cent, d.declaratie_nummer, d.periode,
         d.toegekend_cent)
        for b in bestand.betalingen
        for d in b.declaraties
    ]  # fmt: skip
    return table(kop, rijen, bestand.betaalbestand_id)


@router.get("/betalingen")
async def get_betalingen(
    db: Database,
    huurder: Huurder,
    na: Annotated[str | None, Query(max_length=64, pattern=r"^[0-9a-f]+$")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Betalingen:
    """Which payment covers which 325: for the aanbieder that gets the money, its vendor, and the gemeente."""
    async with transaction(db, huurder) as tx:
        rijen = await store.load_betalingen(tx, None, na, limit + 1)
        betalingen = await _betalingen(tx, rijen[:limit])
    return Betalingen(betalingen=betalingen, volgende=betalingen[-1].betaling_id if len(rijen) > limit else None)


async def _bestand(tx: Tx, gemeente: str, bestand_id: str) -> Betaalbestand:
    rij = await store.load_betaalbestand(tx, gemeente, bestand_id)
    if rij is None:
        raise Problem(404, "niet_gevonden", "Dit is niet gevonden.", "Controleer het nummer.")
    betalingen = await _betalingen(tx, await store.load_betalingen(tx, bestand_id, None, None))
    return Betaalbestand.model_validate({**dict(rij), "betalingen": betalingen})


async def _betalingen(tx: Tx, rijen: list[Any]) -> list[Betaling]:
    declaraties: dict[str, list[BetaaldeDeclaratie]] = {}
    for rij in await store.load_betaalde(tx, [r["betaling_id"] for r in rijen]):
        een = BetaaldeDeclaratie.model_validate({**dict(rij), "periode": f"{rij['periode_begin']:%Y-%m}"})
        declaraties.setdefault(rij["betaling_id"], []).append(een)
    return [
        Betaling.model_validate({**dict(rij), "declaraties": declaraties.get(rij["betaling_id"], [])}) for rij in rijen
    ]
