"""Where each rule of the standard is judged and tested: makes docs/regels.md from regels.csv and the code itself.

`python -m schemas.iwmo.regels` writes the file again; a test fails when it is stale.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORTEL = Path(__file__).parents[2]
DOCUMENT = WORTEL / "docs" / "regels.md"
_LIJST = Path(__file__).parent / "regels.csv"
_BRON = ("schemas", "services", "aanbieder", "chassis", "lokaal")
_GEEN_BRON = frozenset(
    {
        Path(__file__),
        Path(__file__).parent / "rules" / "teksten.py",
        WORTEL / "services" / "declaratie" / "domain" / "uitleg.py",
    }
)
"""These only name the rules."""
_CODE = re.compile(r"\b(?:TR|CD|CS|RS|OP|IV|UP)\d{3}(?:x\d)?\b")
_PROEF = re.compile(r"(?m)^(?:async )?def (test_\w+)")
_IN_NAAM = re.compile(r"(?<![a-z0-9])(?:tr|cd|cs|rs|op|iv|up)\d{3}(?:x\d)?(?![a-z0-9])")
_KOP = """\
# De regels van iWmo 3.2

Dit bestand is gemaakt met `python -m schemas.iwmo.regels`. Verander het niet met de hand.

Per regel staat hier waar de code hem toetst en welke test dat laat zien. Bij een regel die een computer niet kan
toetsen staat de reden. Niveau 1 is de vorm van het bericht, niveau 2 de inhoud van een bericht, niveau 3 de samenhang
met eerdere berichten en niveau 4 een lijst van buiten. De nummers en codes zijn die van de standaard. De titels zijn
van ons.
"""
NIET_GEBOUWD = "nog niet gebouwd"


@dataclass(frozen=True, slots=True)
class Regel:
    """A rule of the standard. `reden`: why no code judges it, or what does in its place."""

    code: str
    soort: str
    bron: str
    niveau: str
    retourcode: str
    berichten: str
    titel: str
    reden: str


def regels() -> tuple[Regel, ...]:
    """All rules of iWmo, and those of iJw that the chain follows."""
    with _LIJST.open(encoding="utf-8", newline="") as bestand:
        return tuple(Regel(**rij) for rij in csv.DictReader(bestand))


@cache
def in_code() -> Mapping[str, list[str]]:
    """Rule -> the source files that name it, by path from the root of the project."""
    return _vindplaatsen(_CODE.findall, (pad for map_ in _BRON for pad in (WORTEL / map_).rglob("*.py")))


@cache
def in_tests() -> Mapping[str, list[str]]:
    """Rule -> the files with a test that has it in its name, or else in its table of cases."""
    paden = list((WORTEL / "tests").rglob("test_*.py"))
    return _vindplaatsen(_CODE.findall, paden) | _vindplaatsen(_uit_namen, paden)


def _uit_namen(tekst: str) -> Iterator[str]:
    for naam in _PROEF.findall(tekst):
        for code in _IN_NAAM.findall(naam):
            yield code[:2].upper() + code[2:]


def _vindplaatsen(zoek: Callable[[str], Iterable[str]], paden: Iterable[Path]) -> dict[str, list[str]]:
    gevonden: defaultdict[str, list[str]] = defaultdict(list)
    for pad in sorted(paden):
        if pad not in _GEEN_BRON:
            for code in set(zoek(pad.read_text("utf-8"))):
                gevonden[code].append(pad.relative_to(WORTEL).as_posix())
    return dict(gevonden)


def document() -> str:
    """The text of docs/regels.md."""
    per_soort: defaultdict[str, list[Regel]] = defaultdict(list)
    for regel in regels():
        per_soort[regel.soort].append(regel)
    code, tests = in_code(), in_tests()
    delen = [_KOP, _telling(per_soort, code)]
    for soort, lijst in per_soort.items():
        delen.append(f"## {soort.capitalize()}\n")
        delen.append("| regel | wat | berichten | niveau | retour | code | test | opmerking |")
        delen.append("|---|---|---|---|---|---|---|---|")
        delen += [_rij(regel, code.get(regel.code, []), tests.get(regel.code, [])) for regel in lijst]
        delen.append("")
    return "\n".join(delen)


def _telling(per_soort: Mapping[str, list[Regel]], code: Mapping[str, list[str]]) -> str:
    uit = ["| soort | regels | in de code | met een reden | nog niet gebouwd |", "|---|---|---|---|---|"]
    for soort, lijst in per_soort.items():
        gebouwd = sum(regel.code in code for regel in lijst)
        reden = sum(regel.code not in code and bool(regel.reden) for regel in lijst)
        uit.append(f"| {soort} | {len(lijst)} | {gebouwd} | {reden} | {len(lijst) - gebouwd - reden} |")
    return "\n".join([*uit, ""])


def _rij(regel: Regel, code: list[str], tests: list[str]) -> str:
    opmerking = regel.reden or ("" if code else NIET_GEBOUWD)
    if regel.bron == "jw":
        opmerking = " ".join(filter(None, ("Regel van iJw.", opmerking)))
    berichten = regel.berichten.replace("WMO", "").replace(" ", ", ")
    velden = (
        regel.code,
        regel.titel,
        berichten,
        regel.niveau,
        regel.retourcode,
        _links(code),
        _links(tests),
        opmerking,
    )
    return f"| {' | '.join(velden)} |"


def _links(paden: list[str]) -> str:
    return " ".join(f"[{Path(pad).stem}](../{pad})" for pad in paden)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
