"""The corpus again and again in random order, eight at a time, and 25 MB uploads beside each other (G9)."""

import os
import random
from concurrent.futures import ThreadPoolExecutor

from tests.corpus import groot
from tests.corpus.corpus import gevallen
from tests.corpus.rand import toets_antwoord

RONDEN = int(os.environ.get("ZORGKETEN_CORPUS_RONDEN", "3"))
RSS_MAX_MB = 384
"""G9: of the service that takes uploads."""


def test_in_willekeurige_volgorde_acht_tegelijk(knooppunt):
    zaad = int(os.environ.get("ZORGKETEN_ZAAD") or random.randrange(10**6))
    print(f"ZORGKETEN_ZAAD={zaad} rounds={RONDEN}")
    kans = random.Random(zaad)
    alles = [(geval, geval.maak()) for geval in gevallen("xml") if not geval.gegenereerd]

    def een(paar):
        geval, raw = paar
        toets_antwoord(geval, knooppunt.lever_in(raw), knooppunt)

    def ronden():
        with ThreadPoolExecutor(8) as acht:
            for _ in range(RONDEN):
                list(acht.map(een, kans.sample(alles, len(alles))))

    meting = knooppunt.meet(ronden)
    assert meting.mb < 128
    knooppunt.gaat_door()


def test_g09_acht_grote_uploads_tegelijk(knooppunt):
    makers = [groot.wit_24mb, groot.foute_clienten_1m, groot.naam_24mb, groot.kleine_elementen_24mb] * 2

    def alle():
        with ThreadPoolExecutor(8) as acht:
            return list(acht.map(lambda maak: knooppunt.lever_in(maak()).status_code, makers))

    begin = knooppunt.rss_mb()
    meting = knooppunt.meet(alle)
    assert meting.antwoord == [413, 422, 413, 413] * 2
    assert begin + meting.mb < RSS_MAX_MB
    knooppunt.gaat_door()
