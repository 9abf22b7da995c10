"""`python -m lokaal`: start, status, stop, token, klok."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from lokaal import plek as plekken
from lokaal.klok import KlokLoopt, zet_klok
from lokaal.plek import SERVICES, Plek, issuer_url, lees_json
from lokaal.proces import NietGestart, alive
from lokaal.token import onderteken

STOP_S = 90.0


def main(argumenten: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 with a sentence on stderr when not."""
    wens = _lees(argumenten)
    plek = Plek.van_deze_checkout()
    try:
        match wens.commando:
            case "start":
                return _start(plek, wens)
            case "status":
                from lokaal.status import toon_status

                return toon_status(plek)
            case "stop":
                return _stop(plek)
            case "token":
                return _token(plek, wens)
            case _:
                print(f"klokversie {zet_klok(plek, wens.moment)}: alle services lopen erop")
                return 0
    except (NietGestart, KlokLoopt, ValueError) as fout:
        print(f"lokaal: {fout}", file=sys.stderr)
        return 1


def _lees(argumenten: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m lokaal", description="De hele keten op een machine.")
    commando = parser.add_subparsers(dest="commando", required=True)
    start = commando.add_parser("start", help="Kafka, Postgres en alle services; blijft tot Ctrl-C")
    demo = start.add_mutually_exclusive_group()
    demo.add_argument("--demo", action="store_true", help="speel daarna de demo")
    demo.add_argument("--zonder-demo", action="store_true", help="alleen de keten (de standaard)")
    start.add_argument("--schoon", action="store_true", help="begin leeg: wis de bewaarde gegevens")
    start.add_argument("--poort-basis", type=_poort_basis, default=plekken.POORT_BASIS, metavar="N")
    start.add_argument(
        "--kopieen",
        type=_kopieen,
        action="append",
        default=[],
        metavar="SERVICE=N",
        help="draai een service N keer",
    )
    commando.add_parser("status", help="wat draait, achterstand, geparkeerd")
    commando.add_parser("stop", help="stop alles wat gestart is; de gegevens blijven")
    token = commando.add_parser("token", help="een token van de lokale uitgever")
    wie = token.add_mutually_exclusive_group()
    wie.add_argument("--agb", metavar="AGB", help="een aanbieder, 8 cijfers; met komma's een leverancier van meer")
    wie.add_argument("--gemeente", metavar="CODE", help="een gemeente, 4 cijfers")
    wie.add_argument("--keten", action="store_true", help="de beheerder van het knooppunt")
    token.add_argument("--agb-lijst", metavar="AGB,AGB", default="", help="aanbieders met een vastgelegd mandaat")
    token.add_argument("--rollen", help="met komma's; zonder deze keuze alle rollen")
    token.add_argument("--team", help="het wijkteam van een medewerker")
    token.add_argument("--sub", metavar="NAAM", help="wie dit is; een mandaat staat op deze naam")
    klok = commando.add_parser("klok", help="zet de proefklok van alle services")
    klok.add_argument("moment", help="bijvoorbeeld 2026-03-10T10:00:00+01:00, of nu")
    return parser.parse_args(argumenten)


def _poort_basis(tekst: str) -> int:
    if not 1024 <= int(tekst) <= 65000:
        raise argparse.ArgumentTypeError("kies een getal van 1024 tot 65000")
    return int(tekst)


def _kopieen(tekst: str) -> tuple[str, int]:
    naam, _, aantal = tekst.partition("=")
    if naam not in SERVICES or not aantal.isdigit() or not 1 <= int(aantal) <= 20:
        raise argparse.ArgumentTypeError("bijvoorbeeld declaratie=2")
    return naam, int(aantal)


def _start(plek: Plek, wens: argparse.Namespace) -> int:
    from lokaal.toezicht import Toezicht, Wens  # only `start` needs the drivers

    if wens.demo and find_spec("lokaal.demo") is None:
        raise NietGestart("deze versie heeft geen demo")
    begin = time.monotonic()

    def als_klaar(endpoints: dict[str, str]) -> None:
        print(
            f"De keten draait ({time.monotonic() - begin:.0f} s). Ctrl-C stopt haar; de gegevens blijven.",
            flush=True,
        )
        if wens.demo:
            threading.Thread(target=_speel_demo, args=(endpoints,), name="demo", daemon=True).start()
        else:
            _wijs_de_weg(endpoints)

    Toezicht(plek, Wens(wens.poort_basis, wens.schoon, dict(wens.kopieen))).run(als_klaar)
    print("Gestopt. De gegevens staan in", plek.map, flush=True)
    return 0


def _speel_demo(endpoints: dict[str, str]) -> None:
    # In a thread of its own: the supervisor keeps watch meanwhile. A failed demo leaves the chain running.
    from lokaal.demo import speel

    try:
        speel(endpoints)
    except Exception:
        traceback.print_exc()
        print("De demo is niet helemaal gespeeld; de keten draait door.", file=sys.stderr, flush=True)
    _wijs_de_weg(endpoints)


def _wijs_de_weg(endpoints: dict[str, str]) -> None:
    regels = ["", "Waar kijken:"]
    regels += [f"  {naam:<14} {adres}" for naam, adres in endpoints.items() if naam != "postgres"]
    regels += [
        "  API per service: /openapi.json; logboek: .lokaal/log; e-mail: .lokaal/post",
        "  inloggen       python -m lokaal token --gemeente 0664   (of --agb 75750101)",
        "  de klok        python -m lokaal klok 2026-03-10T10:00:00+01:00   (terug: klok nu)",
    ]
    print("\n".join(regels), flush=True)


def _stop(plek: Plek) -> int:
    pid = lees_json(plek.stand).get("pid")
    if pid is None or not alive(pid) or not plek.slot.exists() or not _is_toezicht(pid):
        from lokaal.toezicht import ruim_resten_op

        ruim_resten_op(plek)
        plek.processen.unlink(missing_ok=True)
        plek.endpoints.unlink(missing_ok=True)
        print("De keten draait niet.")
        return 0
    os.kill(pid, signal.SIGTERM)
    tot = time.monotonic() + STOP_S
    while alive(pid):
        if time.monotonic() > tot:
            raise NietGestart(f"de keten is na {STOP_S:.0f} s nog niet gestopt")
        time.sleep(0.05)
    print("Gestopt; de gegevens blijven.")
    return 0


def _is_toezicht(pid: int) -> bool:
    try:
        return b"lokaal" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True  # no /proc on this system: trust the pid


def _token(plek: Plek, wens: argparse.Namespace) -> int:
    stand = lees_json(plek.stand)
    plek.map.mkdir(parents=True, exist_ok=True)
    rollen = [rol for rol in wens.rollen.split(",") if rol] if wens.rollen is not None else None
    basis = stand.get("poort_basis", plekken.POORT_BASIS)
    agb: str | None = wens.agb
    agb_lijst = [een for een in wens.agb_lijst.split(",") if een]
    if agb is not None and "," in agb:
        agb_lijst, agb = [*agb.split(","), *agb_lijst], None
    print(
        onderteken(
            plek.geheimen()["ondertekening"],
            issuer_url(basis),
            agb=agb,
            agb_lijst=agb_lijst,
            gemeente=wens.gemeente,
            keten=wens.keten,
            rollen=rollen,
            sub=wens.sub,
            team=wens.team,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
