"""Pure rules of knooppunt: who is who in a header, and how parts become one 325."""

from services.knooppunt import domain
from services.knooppunt.domain import DeelOordeel


def test_een_retour_draagt_de_header_van_zijn_heenbericht():
    assert domain.partijen("WMO305", "75750101", "0664") == ("0664", "75750101")
    assert domain.partijen("WMO302", "0664", "75750101") == ("0664", "75750101")


def test_op090_retouren_binnen_drie_werkdagen_en_op090x4_325_binnen_tien():
    assert {plicht.werkdagen for plicht in domain.VERZONDEN.values()} == {3}
    assert {plicht.soort: plicht.werkdagen for plicht in domain.HEENBERICHTEN.values()} == {
        "WMO306": 3,
        "WMO308": 3,
        "WMO316": 3,
        "WMO318": 3,
        "WMO325": 10,
    }


def test_tr056_identificaties_zijn_twaalf_tekens_en_verschillen():
    gemaakt = {domain.nieuwe_identificatie() for _ in range(1000)}
    assert len(gemaakt) == 1000
    assert all(len(een) == 12 and set(een) <= set(domain.BASE32) for een in gemaakt)


def test_0200_en_0233_keuren_niet_af():
    assert not domain.is_afgekeurd([])
    assert not domain.is_afgekeurd(["0200", "0233"])
    assert domain.is_afgekeurd(["0200", "9321"])


def test_325_noemt_alleen_afgekeurde_clienten_en_regels():
    delen = [
        DeelOordeel(0, [], {0: [], 1: ["9321"]}),
        DeelOordeel(1, ["9019"], {0: ["0233"]}),
        DeelOordeel(2, [], {0: ["0200"]}),
    ]
    assert [domain.afgekeurd(deel) for deel in delen] == [([], {1: ["9321"]}), (["9019"], {}), ([], {})]


def test_325_code_8001_alleen_als_niets_is_geweigerd():
    assert domain.declaratie_codes([], iets_geweigerd=False) == ["8001"]
    assert domain.declaratie_codes(["8001"], iets_geweigerd=False) == ["8001"]
    assert domain.declaratie_codes([], iets_geweigerd=True) == ["0200"]
    assert domain.declaratie_codes(["9333"], iets_geweigerd=False) == ["9333"]
