"""How hard a Dutch text is to read, measured in a way that anybody can check by hand.

- Flesch-Douma (1960), the Dutch Flesch score: 206.84 - 0.93 x words per sentence - 77 x syllables per word. "Fairly
  easy" begins at 70; a letter of the government is often below 40. Words of the trade that have no plain word, and that the reader must find on
  his screen, count as two syllables: a score must not be won by avoiding the name of the thing.
- No sentence of more than 16 words.
- No word of the list of stiff words; each has a plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SCORE_MIN, ZIN_WOORDEN_MAX = 70.0, 16
VAKWOORDEN = frozenset(
    [
        "aanbieder",
        "aanbieders",
        "antwoord",
        "bezwaar",
        "cliëntondersteuner",
        "declaratie",
        "declareren",
        "gemeente",
        "inwoner",
        "inwoners",
        "melding",
        "maatschappelijke",
        "ondersteuning",
        "toewijzing",
        "verwijzing",
        "verzoek",
        "startbericht",
        "stopbericht",
        "onafhankelijke",
        "wijkteam",
        "categorie",
        "automatisch",
        "uiterlijk",
    ]
)
STIJF = frozenset(
    [
        "aangaande",
        "aldaar",
        "alsmede",
        "alsook",
        "betreffende",
        "bovengenoemde",
        "conform",
        "dermate",
        "derhalve",
        "desalniettemin",
        "desbetreffende",
        "desgewenst",
        "dien",
        "dient",
        "dienen",
        "doch",
        "echter",
        "eveneens",
        "geschieden",
        "gaarne",
        "geattendeerd",
        "hetgeen",
        "heden",
        "hierbij",
        "hieromtrent",
        "hierover",
        "indien",
        "ingevolge",
        "inzake",
        "jegens",
        "krachtens",
        "middels",
        "mits",
        "nadien",
        "namelijk",
        "nochtans",
        "omtrent",
        "ondanks",
        "onderhavige",
        "onverwijld",
        "respectievelijk",
        "reeds",
        "sommeren",
        "tevens",
        "teneinde",
        "terzake",
        "tezamen",
        "thans",
        "trachten",
        "uwerzijds",
        "verkrijgen",
        "verstrekken",
        "vervolgens",
        "verzoeken",
        "voornoemde",
        "voorts",
        "waaronder",
        "wederom",
        "zodoende",
        "zulks",
    ]
)
_KLINKERS = re.compile(r"aa|ee|ie|oo|uu|oe|eu|ui|ei|ij|au|ou|eeu|ieu|[aeiouyéèëïöü]", re.IGNORECASE)
_LANG = re.compile(r"aai|ooi|oei|eeuw|ieuw", re.IGNORECASE)
_LABEL = re.compile(r"^[A-Z][A-Za-z ]{2,40}: (?=\S)")
_WOORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:[-'][A-Za-zÀ-ÿ]+)*|\d[\d.,]*")


def zinnen(tekst: str) -> Iterator[list[str]]:
    """The sentences as words. A line of a list and what follows a label are sentences of their own."""
    for regel in tekst.splitlines():
        kaal = _LABEL.sub("", re.sub(r"https?://\S+", "", regel.strip(" -")))
        for zin in re.split(r"(?<=[.?!:])\s+", kaal):
            woorden = _WOORD.findall(zin)
            if woorden:
                yield woorden


def lettergrepen(woord: str) -> int:
    """Syllables: groups of vowels, as Dutch spells them. A number is read as one."""
    if woord.lower() in VAKWOORDEN:
        return 2
    if woord[0].isdigit():
        return 1
    return max(1, len(_KLINKERS.findall(_LANG.sub("a", woord))))


def score(tekst: str) -> float:
    """Flesch-Douma; higher is easier."""
    alle = list(zinnen(tekst))
    woorden = [woord for zin in alle for woord in zin]
    return 206.84 - 0.93 * len(woorden) / len(alle) - 77 * sum(map(lettergrepen, woorden)) / len(woorden)


def bezwaren(tekst: str) -> list[str]:
    """What makes this text too hard, in words; empty when it is plain."""
    te_lang = [" ".join(zin) for zin in zinnen(tekst) if len(zin) > ZIN_WOORDEN_MAX]
    stijf = sorted({woord for zin in zinnen(tekst) for woord in map(str.lower, zin)} & STIJF)
    gevonden = [f"long sentence: {zin}" for zin in te_lang] + [f"stiff word: {woord}" for woord in stijf]
    if (waarde := score(tekst)) < SCORE_MIN:
        gevonden.append(f"Flesch-Douma {waarde:.0f}, must be {SCORE_MIN:.0f} or more")
    return gevonden
