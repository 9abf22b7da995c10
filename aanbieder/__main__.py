"""Command line: `python -m aanbieder --staat DIR ...` (see `--help`).

Exit codes: 0 approved, 1 rejected with a retour or by the pre-check, 2 not per XSD or wrong use.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from aanbieder import berichten, declareren, oordeel, overzicht, postbus, staat
from aanbieder.knooppunt import Geweigerd, Knooppunt
from schemas.iwmo.bericht import NietLeesbaar

GOED, AFGEKEURD, ONLEESBAAR = 0, 1, 2


def lezer() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    p = argparse.ArgumentParser(prog="aanbieder", description="De kant van de aanbieder in de keten.")
    p.add_argument("--staat", type=Path, required=True, help="map waarin alles wordt bewaard")
    p.add_argument("--knooppunt", help="adres van het knooppunt")
    p.add_argument("--token", help="toegangstoken van de aanbieder")
    p.add_argument("--json", action="store_true", help="toon als JSON")
    sub = p.add_subparsers(dest="opdracht", required=True)

    def opdracht(naam: str, help_: str) -> argparse.ArgumentParser:
        deel = sub.add_parser(naam, help=help_)
        # also after the command; SUPPRESS keeps what was given before it
        deel.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="toon als JSON")
        return deel

    opdracht("ontvang", "beoordeel berichten uit bestanden").add_argument("bestand", type=Path, nargs="+")
    opdracht("verstuur", "lever kant-en-klare berichten in").add_argument("bestand", type=Path, nargs="+")
    opdracht("synchroniseer", "leeg de postbus, beoordeel en beantwoord")
    deel = opdracht("start", "meld de start van een levering (305)")
    _voeg_toewijzing_toe(deel)
    deel = opdracht("stop", "meld het einde van een levering (307)")
    _voeg_toewijzing_toe(deel)
    deel.add_argument("--reden", required=True, help="reden beeindiging, 20 = tijdelijk")
    deel = opdracht("declareer", "maak van een CSV een declaratie (323)")
    deel.add_argument("bestand", type=Path)
    deel.add_argument("--periode", required=True, help="maand, bijvoorbeeld 2026-02")
    deel.add_argument("--gemeente", help="als de nummers niet bij precies een gemeente bekend zijn")
    deel.add_argument("--aanbieder", help="eigen AGB-code, als er nog geen toewijzing is")
    for naam, help_ in (("toewijzingen", "wat is toegewezen"), ("berichten", "wat is gewisseld"),
                        ("status", "aantallen per soort")):  # fmt: skip
        opdracht(naam, help_)
    return p


def _voeg_toewijzing_toe(deel: argparse.ArgumentParser) -> None:
    deel.add_argument("--gemeente", required=True)
    deel.add_argument("nummer", type=int, metavar="NUMMER")
    deel.add_argument("datum", metavar="DATUM")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    keuze = lezer().parse_args(argv)
    st = staat.Staat(keuze.staat)
    try:
        return _OPDRACHTEN[keuze.opdracht](st, keuze)
    except NietLeesbaar as fout:
        _toon_onleesbaar(fout)
        return ONLEESBAAR
    except berichten.Onmogelijk as fout:
        _meld(str(fout), *fout.bevindingen)
        return AFGEKEURD
    except Geweigerd as fout:
        _meld(str(fout), *_bevindingen(fout.probleem))
        return ONLEESBAAR if fout.status == 422 else AFGEKEURD
    except OSError as fout:
        _meld(f"het bestand is niet te lezen: {fout.strerror}")
        return ONLEESBAAR
    except httpx.TransportError:
        _meld("het knooppunt is niet bereikbaar; niets is verloren, geef de opdracht later opnieuw")
        return AFGEKEURD
    finally:
        st.sluit()


def _ontvang(st: staat.Staat, keuze: argparse.Namespace) -> int:
    uitkomst = GOED
    for bestand in keuze.bestand:
        try:
            uitslag = oordeel.ontvang(st, bestand.read_bytes())
        except NietLeesbaar as fout:
            _toon_onleesbaar(fout)
            uitkomst = ONLEESBAAR
            continue
        _meld(*uitslag.bevindingen)
        if uitslag.antwoord is not None:
            uit = st.folder / "uit"
            uit.mkdir(exist_ok=True)
            (uit / f"{uitslag.soort}_{uitslag.volgnr}_antwoord.xml").write_bytes(uitslag.antwoord)
            sys.stdout.buffer.write(uitslag.antwoord)
            sys.stdout.buffer.flush()
        if not uitslag.goedgekeurd:
            uitkomst = max(uitkomst, AFGEKEURD)
    return uitkomst


def _synchroniseer(st: staat.Staat, keuze: argparse.Namespace) -> int:
    async def doe(knooppunt: Knooppunt) -> int:
        oogst = await postbus.synchroniseer(st, knooppunt)
        for uitslag in oogst.oordelen:
            stand = "goedgekeurd" if uitslag.goedgekeurd else "afgekeurd"
            print(" ".join([uitslag.soort, uitslag.identificatie, stand, *uitslag.codes]))
            _meld(*uitslag.bevindingen)
        for bericht_id in oogst.onleesbaar:
            _meld(f"bericht {bericht_id} voldoet niet aan het schema en blijft in de postbus staan")
        for fout in oogst.geweigerd:
            _meld(str(fout), *_bevindingen(fout.probleem))
        if oogst.onleesbaar:
            return ONLEESBAAR
        return GOED if all(u.goedgekeurd for u in oogst.oordelen) and not oogst.geweigerd else AFGEKEURD

    return _online(keuze, doe)


def _lever_in(st: staat.Staat, keuze: argparse.Namespace, klaar: Sequence[berichten.Klaar]) -> int:
    async def doe(knooppunt: Knooppunt) -> int:
        regels = []
        for bericht in klaar:
            bericht_id = await berichten.verstuur(st, knooppunt, bericht)
            regels.append({"bericht_id": bericht_id, "identificatie": bericht.identificatie})
        _toon(regels, keuze.json)
        return GOED

    return _online(keuze, doe)


def _verstuur(st: staat.Staat, keuze: argparse.Namespace) -> int:
    return _lever_in(st, keuze, [berichten.leg_klaar(st, b.read_bytes()) for b in keuze.bestand])


def _start(st: staat.Staat, keuze: argparse.Namespace) -> int:
    return _lever_in(st, keuze, [berichten.start(st, keuze.gemeente, keuze.nummer, keuze.datum)])


def _stop(st: staat.Staat, keuze: argparse.Namespace) -> int:
    return _lever_in(st, keuze, [berichten.stop(st, keuze.gemeente, keuze.nummer, keuze.datum, keuze.reden)])


def _declareer(st: staat.Staat, keuze: argparse.Namespace) -> int:
    verdeeld = declareren.per_gemeente(st, declareren.lees_csv(keuze.bestand), keuze.gemeente)
    klaar = [
        declareren.declaratie(
            st, keuze.aanbieder or declareren.aanbieder_van(st, gemeente), gemeente, regels, keuze.periode
        )
        for gemeente, regels in verdeeld.items()
    ]
    return _lever_in(st, keuze, klaar)


def _lijst(
    maak: Callable[[staat.Staat], list[dict[str, Any]]],
) -> Callable[[staat.Staat, argparse.Namespace], int]:
    def doe(st: staat.Staat, keuze: argparse.Namespace) -> int:
        _toon(maak(st), keuze.json)
        return GOED

    return doe


_OPDRACHTEN: dict[str, Callable[[staat.Staat, argparse.Namespace], int]] = {
    "ontvang": _ontvang,
    "synchroniseer": _synchroniseer,
    "verstuur": _verstuur,
    "start": _start,
    "stop": _stop,
    "declareer": _declareer,
    "toewijzingen": _lijst(overzicht.toewijzingen),
    "berichten": _lijst(overzicht.berichten),
    "status": _lijst(overzicht.status),
}


def _online(keuze: argparse.Namespace, doe: Callable[[Knooppunt], Awaitable[int]]) -> int:
    if not (keuze.knooppunt and keuze.token):
        raise berichten.Onmogelijk("geef --knooppunt en --token op: dit gaat over het netwerk")

    async def alles() -> int:
        knooppunt = Knooppunt(keuze.knooppunt, keuze.token)
        try:
            return await doe(knooppunt)
        finally:
            await knooppunt.sluit()

    return asyncio.run(alles())


def _toon(rijen: list[dict[str, Any]], als_json: bool) -> None:
    if als_json:
        print(json.dumps(rijen, ensure_ascii=False, indent=2))
        return
    if not rijen:
        print("niets")
        return
    cellen = [[_cel(w) for w in rij.values()] for rij in rijen]
    kop = list(rijen[0])
    breedte = [max(len(r[i]) for r in [kop, *cellen]) for i in range(len(kop))]
    for rij in [kop, *cellen]:
        print("  ".join(w.ljust(b) for w, b in zip(rij, breedte, strict=True)).rstrip())


def _cel(waarde: object) -> str:
    if isinstance(waarde, dict):
        return "/".join(str(w) for w in waarde.values() if w is not None)
    if isinstance(waarde, list):
        return ",".join(str(w) for w in waarde)
    return "" if waarde is None else str(waarde)


def _bevindingen(probleem: dict[str, Any]) -> list[str]:
    return [f"{b.get('regel', '')}: {b.get('melding', '')}" for b in probleem.get("bevindingen") or []]


def _meld(*teksten: str) -> None:
    for tekst in teksten:
        print(tekst, file=sys.stderr)


def _toon_onleesbaar(fout: NietLeesbaar) -> None:
    _meld("het bericht voldoet niet aan het schema; er volgt geen retourbericht")
    for b in fout.bevindingen:
        waar = f"{b.pad}, regel {b.regelnummer}" if b.regelnummer else b.pad
        _meld(f"{b.regel}: {b.melding} Verwacht: {b.verwacht} ({waar})")


if __name__ == "__main__":
    sys.exit(main())
