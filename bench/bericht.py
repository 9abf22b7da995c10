"""The speed of reading and judging one full 323, beside what else reads it: `python -m bench.bericht`.

Ours: guard, parse, XSD, every level 2 rule, and the split into the part of each client, as knooppunt does it for a big
file. Bare: lxml parse and XSD validation of the same bytes, as a tree (`kaal`) and client by client (`iterparse`).
pydantic-xml and xsdata read the file into models and judge nothing.
CPU seconds, medians, in turns, so that a busy machine moves all alike.
"""

from __future__ import annotations

import argparse
import gc
import io
import itertools
import json
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import field as veld
from dataclasses import make_dataclass
from typing import Any, Optional

from lxml import etree

from schemas.iwmo import bouw, xsd
from schemas.iwmo.codes import bsn_valid
from schemas.iwmo.inhoud import woord
from schemas.iwmo.structuur import BASIS_NS, BERICHTEN, SAMENGESTELD, WAARDEN, Element, namespace
from services.knooppunt.ontleden import ontleed

SOORT = "WMO323"
CLIENTEN = 21_500
"""About 25 MB without white space between the elements, 710,000 elements."""


def declaratie(aantal: int, naam: str = "BENCH1", dagtekening: str = "2026-04-07") -> bytes:
    """A 323 of so many clients with two prestaties each; the BSNs pass the 11-proef and are of nobody we know."""
    bsns = itertools.islice((b for n in itertools.count(999_000_000) if bsn_valid(b := str(n))), aantal)
    clienten = [
        {"bsn": bsn, "prestaties": [_prestatie(i, maand) for maand in ("2026-02", "2026-03")]}
        for i, bsn in enumerate(bsns)
    ]
    header = {
        "bericht_code": "484", "bericht_versie": 3, "bericht_subversie": 2, "afzender": "75750101",
        "ontvanger": "0664", "xsd_versie": bouw.XSD_VERSIE,
        "bericht_identificatie": {"identificatie": naam, "dagtekening": dagtekening},
    }  # fmt: skip
    inhoud = {
        "declaratie_nummer": naam, "declaratie_dagtekening": dagtekening, "clienten": clienten,
        "declaratie_periode": {"begindatum": "2026-03-01", "einddatum": "2026-03-31"},
        "totaal_ingediend_cent": aantal * 2 * 70500,
    }  # fmt: skip
    return re.sub(rb">\s+<", b"><", bouw.bericht(SOORT, header, inhoud))


def _prestatie(nummer: int, maand: str) -> dict[str, Any]:
    return {
        "referentie_nummer": f"{nummer}-{maand}", "vorig_referentie_nummer": None,
        "toewijzing_nummer": 600_000 + nummer, "product_categorie": "02", "product_code": "02A05",
        "begindatum": f"{maand}-01", "einddatum": f"{maand}-{'28' if maand.endswith('02') else '31'}",
        "geleverd_volume": 12, "eenheid": "04", "product_tarief_cent": 5875, "ingediend_cent": 70500,
        "debet_credit": "D",
    }  # fmt: skip


def kaal(raw: bytes) -> None:
    """What is compared with: the tree, and whether it is valid."""
    assert xsd.schema(SOORT).validate(etree.fromstring(raw, etree.XMLParser(huge_tree=True)))


def iterparse(raw: bytes) -> None:
    """The same, each client let go when it was read."""
    for _, client in etree.iterparse(io.BytesIO(raw), schema=xsd.schema(SOORT), tag=f"{{{namespace(SOORT)}}}Client"):
        client.clear()


def van_ons(raw: bytes) -> None:
    ontleed_ = ontleed(raw)
    assert ontleed_.inhoud["delen"] and ontleed_.niveau2 == []


def met_pydantic_xml() -> Callable[[bytes], Any]:
    from pydantic import create_model
    from pydantic_xml import BaseXmlModel, element

    def model(naam: str, delen: tuple[Element, ...], binnen: str) -> Any:
        velden: dict[str, Any] = {}
        for deel in delen:
            soort = _type(deel, lambda d, n: model(d.type or d.naam, _delen(d), n), binnen)
            velden[woord(deel.naam)] = (
                soort,
                element(tag=deel.naam, ns=binnen, default=None if deel.optioneel else ...),
            )
        ns = {"w": namespace(SOORT), "b": BASIS_NS}
        basis = type("Basis", (BaseXmlModel,), {}, tag=naam, ns="w", nsmap=ns)
        return create_model(naam, __base__=basis, __cls_kwargs__={"tag": naam, "ns": "w", "nsmap": ns}, **velden)

    lezer = model("Bericht", BERICHTEN[SOORT].kinderen, "w")
    return lambda raw: lezer.from_xml_tree(etree.fromstring(raw, etree.XMLParser(huge_tree=True)))


def met_xsdata() -> Callable[[bytes], Any]:
    from xsdata.formats.dataclass.parsers import XmlParser

    def klasse(naam: str, delen: tuple[Element, ...], ns: str) -> Any:
        velden: list[Any] = []
        for deel in sorted(delen, key=lambda deel: deel.optioneel):
            soort = _type(deel, lambda d, n: klasse(d.type or d.naam, _delen(d), n), ns)
            meta = {"name": deel.naam, "type": "Element", "namespace": ns}
            if deel.meervoudig:
                velden.append((woord(deel.naam), soort, veld(default_factory=list, metadata=meta)))
            else:
                velden.append((woord(deel.naam), soort, veld(default=None, metadata=meta)))
        meta_klasse = type("Meta", (), {"name": naam, "namespace": ns})
        return make_dataclass(naam, velden, namespace={"Meta": meta_klasse})

    lezer, bericht = XmlParser(), klasse("Bericht", BERICHTEN[SOORT].kinderen, namespace(SOORT))
    return lambda raw: lezer.from_bytes(raw, bericht)


def _delen(element: Element) -> tuple[Element, ...]:
    return element.kinderen or SAMENGESTELD[element.type or ""]


def _type(deel: Element, maak: Callable[[Element, str], Any], ns: str) -> Any:
    if deel.type in WAARDEN:
        soort: Any = int if WAARDEN[deel.type].basis == "integer" else str
    else:
        soort = maak(deel, ns if deel.type is None else ("b" if ns == "w" else BASIS_NS))
    if deel.meervoudig:
        return list[soort]
    return Optional[soort] if deel.optioneel else soort  # noqa: UP045 - a type made at run time


def meet(lezers: dict[str, Callable[[bytes], Any]], raw: bytes, keren: int) -> dict[str, float]:
    """Median CPU seconds of each reader."""
    tijden: dict[str, list[float]] = {naam: [] for naam in lezers}
    for _ in range(keren):
        for naam, lees in lezers.items():
            gc.collect()
            begin = time.process_time()
            lees(raw)
            tijden[naam].append(time.process_time() - begin)
    return {naam: round(statistics.median(gemeten), 2) for naam, gemeten in tijden.items()}


def main() -> None:
    vragen = argparse.ArgumentParser(description=__doc__)
    vragen.add_argument("--clienten", type=int, default=CLIENTEN)
    vragen.add_argument("--keren", type=int, default=5)
    wensen = vragen.parse_args()
    raw = declaratie(wensen.clienten)
    cpu_s = meet({"kaal": kaal, "iterparse": iterparse, "van_ons": van_ons}, raw, wensen.keren)
    cpu_s |= meet({"pydantic_xml": met_pydantic_xml(), "xsdata": met_xsdata()}, raw, 1)
    uitslag = {
        "bytes": len(raw),
        "elementen": raw.count(b"</"),
        "cpu_s": cpu_s,
        "deel_van_iterparse": round(cpu_s["iterparse"] / cpu_s["van_ons"], 2),
        "deel_van_kaal": round(cpu_s["kaal"] / cpu_s["van_ons"], 2),
        "keer_pydantic_xml": round(cpu_s["pydantic_xml"] / cpu_s["van_ons"], 1),
        "keer_xsdata": round(cpu_s["xsdata"] / cpu_s["van_ons"], 1),
    }
    print(json.dumps(uitslag, indent=2))


if __name__ == "__main__":
    main()
