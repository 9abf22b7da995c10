"""What happened at Goes and its neighbours, so that every page about money and about a provider has something to show."""

from __future__ import annotations

import datetime as dt
import uuid

from chassis.clock import clock
from schemas.iwmo import schrijf
from tests.web.buurt import A2, GOES, THOLEN, Buurt
from tests.web.spel import A1, Kantoor

CLIENT, BUUR = "GELDCLIENTABCDEFGHIJKLMN23", "BUURCLIENTABCDEFGHIJKLMN23"
GEEN_GEGEVENS = "1676"
"""A gemeente in which nothing happened."""
KENMERKEN: dict[str, str] = {}
"""The ids of what was filled in, by name."""
RESIDENT = {"bsn": "999990019", "geboortedatum": "1950-05-17", "geslacht": "2", "naam": {"achternaam": "Testduin"},
            "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"}}  # fmt: skip


def een_305(agb: str = A1, ontvanger: str = GOES, achternaam: str = "Testduin", identificatie: str = "WEB305") -> bytes:
    """A start of care, right as it is."""
    return schrijf.start_305(
        afzender=agb, ontvanger=ontvanger, identificatie=identificatie,
        client=RESIDENT | {"naam": {"achternaam": achternaam}}, dagtekening=clock.today(),
        start_producten=[{"toewijzing_nummer": 610001, "product": {"categorie": "02", "code": "02A05"},
                          "toewijzing_ingangsdatum": "2026-02-02", "begindatum": "2026-02-04", "status_aanlevering": "1"}],
    )  # fmt: skip


async def vul(b: Buurt) -> None:
    """Contracts, ceilings, three declaraties, messages each way and a verzoek."""
    from tests.service.rechten.vulling import Vulling

    await b.contracten(GOES, (A1, A2))
    await b.contracten(THOLEN, (A1,))
    for jaar in ("2025", "2026"):
        plafond = {"budgetten": [{"product_categorie": "02", "plafond_cent": 900_000}]}
        await b.vraag("declaratie", "PUT", f"/v1/budgetten/{jaar}", GOES, json=plafond)
    await b.toewijzing(GOES, A1, 610001, CLIENT)
    await b.toewijzing(THOLEN, A1, 620002, BUUR)
    KENMERKEN["goed"] = await b.declaratie(GOES, A1, 2, CLIENT, 610001, [{"geleverd_volume": 12}])
    te_veel = [{"geleverd_volume": 40, "referentie_nummer": f"TEVEEL-{n:02d}"} for n in range(30)]
    KENMERKEN["fout"] = await b.declaratie(GOES, A1, 3, CLIENT, 610001, [{"geleverd_volume": 2}, *te_veel])
    KENMERKEN["buur"] = await b.declaratie(THOLEN, A1, 2, BUUR, 620002, [{"geleverd_volume": 12}])
    vulling = Vulling(b.pools, b.http, lambda partij, *rollen: b.kop(partij, *rollen))
    await vulling._berichten(GOES, A1, "999990019", CLIENT)
    await vulling._berichten(GOES, A2, "999990020", BUUR)
    KENMERKEN["post"] = next(iter(vulling.bezit[A1]["postbus"]))
    KENMERKEN["post_a2"] = next(iter(vulling.bezit[A2]["postbus"]))
    await vulling._verzoek(GOES, A1, CLIENT)
    await b.strand(GOES, A2, KENMERKEN["post_a2"])
    await b.bericht_323_beantwoord(GOES, A1, KENMERKEN["fout"], KENMERKEN["post"])


def meld(kantoor: Kantoor) -> None:
    """The figures of the read model: meldingen, a toewijzing that is little used, refusals of two providers."""
    wie = {"client_id": CLIENT, "aanbieder": A1}
    for n in range(60):
        stap = {"melding_id": str(uuid.uuid4()), "volgnummer": 1, "team": "west", "status": "ontvangen"}
        op = dt.datetime(2026, 3, 1 + n % 28, 9, tzinfo=dt.UTC)
        kantoor.meld("intake.melding_ontvangen", stap, client_id=CLIENT, gebeurd_at=op)
        if n % 3 == 0:
            klaar = {"volgnummer": 3, "status": "afgesloten", "uitkomst": "opgelost_zonder_toewijzing"}
            afgerond = stap | {"volgnummer": 2, "status": "onderzocht"}
            # The later step first: the order in which they come does not matter (OP080).
            kantoor.meld("intake.melding_afgesloten", stap | klaar | {"bespaard_cent": 100_000}, client_id=CLIENT,
                         gebeurd_at=op + dt.timedelta(days=60))  # fmt: skip
            kantoor.meld("intake.onderzoek_afgerond", afgerond, client_id=CLIENT, gebeurd_at=op + dt.timedelta(days=50))
    gebruik = {"toewijzing_nummer": 610001, "soort": "minder", "sinds": "2026-01-01", "t_m": "2026-03-01", "maanden": 3,
               "verplicht_cent": 100, "gerealiseerd_cent": 1}  # fmt: skip
    kantoor.meld("declaratie.gebruik_wijkt_af", gebruik, **wie)
    for codes in (["9326"], ["9326"], ["9338"]):
        oordeel = {"bericht_id": str(uuid.uuid4()), "soort": "WMO305", "codes": {"StartProduct": codes}}
        kantoor.meld("toewijzing.bericht_beoordeeld", oordeel, **wie)
    ander = {"bericht_id": str(uuid.uuid4()), "soort": "WMO307", "codes": {"StopProduct": ["9019"]}}
    kantoor.meld("toewijzing.bericht_beoordeeld", ander, client_id=BUUR, aanbieder=A2)
