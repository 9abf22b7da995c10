"""What each command does; every function gives the exit code."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from aanbieder import berichten, correcties, declareren, oordeel, overzicht, postbus, staat, urenlijst, verzoeken
from aanbieder.berichten import Klaar, Onmogelijk
from aanbieder.knooppunt import Knooppunt
from aanbieder.tonen import meld, meld_geweigerd, meld_onleesbaar, toon
from schemas.iwmo.bericht import NietLeesbaar

GOED, AFGEKEURD, ONLEESBAAR = 0, 1, 2


def ontvang(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """Judge every file; the worst outcome is the exit code, and one bad file does not stop the next."""
    uitkomst = GOED
    for bestand in keuze.bestand:
        try:
            uitslag = oordeel.ontvang(st, bestand.read_bytes())
        except NietLeesbaar as fout:
            meld_onleesbaar(fout)
            uitkomst = ONLEESBAAR
        except oordeel.NietVoorOns as fout:
            meld(str(fout))
            uitkomst = ONLEESBAAR
        except OSError as fout:
            meld(f"het bestand is niet te lezen: {fout.strerror}")
            uitkomst = ONLEESBAAR
        else:
            meld(*uitslag.bevindingen)
            if uitslag.antwoord is not None:
                _schrijf_antwoord(st.folder / "uit", uitslag, uitslag.antwoord)
            if not uitslag.goedgekeurd:
                uitkomst = max(uitkomst, AFGEKEURD)
    return uitkomst


def _schrijf_antwoord(uit: Path, uitslag: oordeel.Oordeel, xml: bytes) -> None:
    uit.mkdir(mode=0o700, exist_ok=True)
    naam = f"{oordeel.MET_ANTWOORD[uitslag.soort]}_{uitslag.antwoord_volgnr:06d}.xml"
    with os.fdopen(os.open(uit / naam, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as bestand:
        bestand.write(xml)
    sys.stdout.buffer.write(xml)
    sys.stdout.buffer.flush()


def synchroniseer(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """Empty the mailbox."""

    async def doe(knooppunt: Knooppunt) -> int:
        oogst = await postbus.synchroniseer(st, knooppunt)
        toon([_rij(uitslag) for uitslag in oogst.oordelen], keuze.json)
        for uitslag in oogst.oordelen:
            meld(*uitslag.bevindingen)
        for bericht_id in oogst.onleesbaar:
            meld(f"bericht {bericht_id} voldoet niet aan het schema en blijft in de postbus staan")
        for fout in oogst.geweigerd:
            meld_geweigerd(fout)
        if oogst.onleesbaar:
            return ONLEESBAAR
        return GOED if all(u.goedgekeurd for u in oogst.oordelen) and not oogst.geweigerd else AFGEKEURD

    return _online(keuze, doe)


def _rij(uitslag: oordeel.Oordeel) -> dict[str, Any]:
    return {
        "soort": uitslag.soort,
        "identificatie": uitslag.identificatie,
        "oordeel": "goedgekeurd" if uitslag.goedgekeurd else "afgekeurd",
        "retourcodes": uitslag.codes,
    }


def verstuur(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """Hand in ready-made messages, after all of them passed the pre-check."""
    return _lever_in(st, keuze, [berichten.leg_klaar(st, bestand.read_bytes()) for bestand in keuze.bestand])


def start(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """A 305."""
    status = "3" if keuze.verwijder else "1"
    return _lever_in(st, keuze, [berichten.start(st, keuze.gemeente, keuze.nummer, keuze.datum, status=status)])


def stop(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """A 307."""
    status = "3" if keuze.verwijder else "1"
    klaar = berichten.stop(st, keuze.gemeente, keuze.nummer, keuze.datum, keuze.reden, status=status)
    return _lever_in(st, keuze, [klaar])


def verzoek(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """A 315 or a 317, from a file or from options."""
    if keuze.soort == "vot":
        return _lever_in(st, keuze, [verzoeken.vot(st, verzoeken.lees(keuze.bestand))])
    vraag = verzoeken.lees(keuze.bestand) if keuze.bestand else _vow_uit_opties(keuze)
    return _lever_in(st, keuze, [verzoeken.vow(st, vraag)])


def _vow_uit_opties(keuze: argparse.Namespace) -> dict[str, Any]:
    if keuze.gemeente is None or keuze.nummer is None:
        raise Onmogelijk("geef een bestand op, of --gemeente en --nummer")
    product = {
        "toewijzing_nummer": keuze.nummer,
        "gewenste_ingangsdatum": keuze.vanaf,
        "einddatum": keuze.tot,
        "volume": keuze.volume,
        "budget_cent": keuze.budget_cent,
    }
    ingevuld = {veld: waarde for veld, waarde in product.items() if waarde is not None}
    if not ingevuld.keys() & {"einddatum", "volume", "budget_cent"}:
        raise Onmogelijk("noem wat er moet veranderen: --volume, --budget-cent of --tot")
    vraag = {"gemeente": keuze.gemeente, "te_wijzigen_producten": [ingevuld]}
    return vraag | ({"reden_verzoek": keuze.reden} if keuze.reden else {})


def declareer(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """A 323 per municipality in the file."""
    prestaties = urenlijst.lees(st, keuze.bestand, keuze.periode, keuze.gemeente)
    raw = keuze.bestand.read_bytes()
    klaar = [
        declareren.declaratie(
            st, berichten.aanbieder_van(st, gemeente), gemeente, regels, keuze.periode,
            daad=urenlijst.daad_van(gemeente, keuze.periode, raw),
        )
        for gemeente, regels in declareren.per_gemeente(prestaties).items()
    ]  # fmt: skip
    return _lever_in(st, keuze, klaar)


def corrigeer(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """A 323 with a credit and the corrected debet."""
    volume = keuze.volume if keuze.volume is not None else keuze.minuten
    klaar = correcties.corrigeer(
        st, keuze.referentie, volume, periode=keuze.periode, uurtarief_cent=keuze.uurtarief_cent,
        minuten=keuze.minuten is not None,
    )  # fmt: skip
    return _lever_in(st, keuze, [klaar])


def opnieuw(st: staat.Staat, keuze: argparse.Namespace) -> int:
    """A 323 with what was refused."""
    if bool(keuze.referentie) == bool(keuze.declaratie):
        raise Onmogelijk("noem referenties, of een declaratie met --declaratie")
    klaar = correcties.opnieuw(
        st, keuze.referentie or correcties.afgekeurde(st, keuze.declaratie),
        volume=keuze.volume if keuze.volume is not None else keuze.minuten,
        minuten=keuze.minuten is not None, tarief_cent=keuze.tarief_cent,
        uurtarief_cent=keuze.uurtarief_cent, periode=keuze.periode,
    )  # fmt: skip
    return _lever_in(st, keuze, klaar)


def _lijst(
    maak: Callable[[staat.Staat], list[dict[str, Any]]], kolommen: Sequence[str] | None = None
) -> Callable[[staat.Staat, argparse.Namespace], int]:
    def doe(st: staat.Staat, keuze: argparse.Namespace) -> int:
        toon(maak(st), keuze.json, kolommen)
        return GOED

    return doe


_IN_TABEL = ("toewijzing_nummer", "product", "omvang", "budget_cent", "ingangsdatum", "einddatum", "status", "levering")

OPDRACHTEN: dict[str, Callable[[staat.Staat, argparse.Namespace], int]] = {
    "ontvang": ontvang,
    "synchroniseer": synchroniseer,
    "verstuur": verstuur,
    "start": start,
    "stop": stop,
    "verzoek": verzoek,
    "declareer": declareer,
    "corrigeer": corrigeer,
    "opnieuw": opnieuw,
    "toewijzingen": _lijst(overzicht.toewijzingen, _IN_TABEL),
    "verzoeken": _lijst(overzicht.verzoeken),
    "berichten": _lijst(overzicht.berichten),
    "status": _lijst(overzicht.status),
}


def _lever_in(st: staat.Staat, keuze: argparse.Namespace, klaar: Sequence[Klaar]) -> int:
    """Hand in what is stored; without a knooppunt it stays, and goes along with synchroniseer."""

    async def doe(knooppunt: Knooppunt) -> int:
        regels = []
        for bericht in klaar:
            bericht_id = await berichten.verstuur(st, knooppunt, bericht)
            regels.append({"bericht_id": bericht_id, "identificatie": bericht.identificatie})
        toon(regels, keuze.json)
        return GOED

    return _online(keuze, doe)


def _online(keuze: argparse.Namespace, doe: Callable[[Knooppunt], Awaitable[int]]) -> int:
    url = keuze.knooppunt or os.environ.get("ZORGKETEN_KNOOPPUNT")
    token = _token(keuze)
    if not (url and token):
        raise Onmogelijk(
            "geef --knooppunt en --token-bestand op; wat klaarstaat is bewaard en gaat mee met synchroniseer"
        )

    async def alles() -> int:
        knooppunt = Knooppunt(url, token)
        try:
            return await doe(knooppunt)
        finally:
            await knooppunt.sluit()

    return asyncio.run(alles())


def _token(keuze: argparse.Namespace) -> str | None:
    """From the option, the file, or the environment; the last two stay out of the process list."""
    if keuze.token:
        return str(keuze.token)
    if keuze.token_bestand:
        return str(keuze.token_bestand.read_text(encoding="ascii", errors="replace").strip())
    return os.environ.get("ZORGKETEN_TOKEN")
