"""Alarms and dashboards ask what the code measures; each alarm fires when it must, and leads to its section."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import promql
from tests.deploy.code import metingen
from tests.deploy.manifesten import K8S, ROOT

MAP = ROOT / "deploy" / "observability"
REGELS = yaml.safe_load((K8S / "gebouwd" / "prometheus-regels.yaml").read_text())["groups"]
ALARMEN: dict[str, Any] = {regel["alert"]: regel for groep in REGELS for regel in groep["rules"] if "alert" in regel}
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
OPGENOMEN = {regel["record"] for groep in REGELS for regel in groep["rules"] if "record" in regel}
DOEL = {"service", "job", "instance", "pod", "namespace"}
"""Labels that Prometheus itself puts on what it reads."""
VAN_ANDEREN = {
    "up": set(),
    "kafka_topic_partition_under_replicated_partition": {"topic"},  # the exporter of Strimzi
    "kafka_consumergroup_lag": {"consumergroup", "topic"},
    "kafka_consumergroup_members": {"consumergroup"},
    "cnpg_pg_stat_archiver_seconds_since_last_archival": {"cluster"},  # CloudNativePG
    "cnpg_pg_replication_lag": {"cluster"},
    "cnpg_backends_total": {"cluster", "state"},
    "cnpg_backends_max_tx_duration_seconds": {"cluster"},
    "cnpg_backends_waiting_total": {"cluster"},
    "cnpg_pg_database_size_bytes": {"datname"},
    "kubelet_volume_stats_available_bytes": {"persistentvolumeclaim"},  # the nodes
    "kubelet_volume_stats_capacity_bytes": {"persistentvolumeclaim"},
    "certmanager_certificate_expiration_timestamp_seconds": {"name"},
}
"""What others measure, with the labels we use of it."""


def borden() -> Any:
    spec = importlib.util.spec_from_file_location("borden", MAP / "borden.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["borden"] = module
    spec.loader.exec_module(module)
    return module


BORDEN = borden()


def fouten(expr: str) -> list[str]:
    """What this query names and nobody measures."""
    vraag, gezegd = promql.lees(expr), []
    bekend: dict[str, set[str]] = {naam: set(labels) for naam, labels in metingen().items()} | VAN_ANDEREN
    labels = set(DOEL) | {"le"}
    for meting in vraag.metingen:
        if meting in OPGENOMEN:
            continue
        if meting not in bekend:
            gezegd.append(f"nobody measures {meting}")
        labels |= bekend.get(meting, set())
    gezegd += [f"{meting} has no {label}" for meting, label in vraag.keuzes
               if label not in DOEL | {"le"} | bekend.get(meting, set())]  # fmt: skip
    return gezegd + [f"groups by {label}" for label in vraag.per - labels]


def vragen() -> list[tuple[str, str]]:
    gevonden = [(r.get("alert") or r["record"], r["expr"]) for g in REGELS for r in g["rules"]]
    for naam in BORDEN.BORDEN:
        for paneel in BORDEN.bord(naam)["panels"]:
            gevonden += [(f"{naam}: {paneel['title']}", doel["expr"]) for doel in paneel["targets"]]
    return gevonden


def test_elke_vraag_noemt_alleen_wat_gemeten_wordt() -> None:
    assert len(vragen()) > 80
    assert {waar: gezegd for waar, expr in vragen() if (gezegd := fouten(expr))} == {}


@pytest.mark.parametrize(
    "expr",
    [
        "sum(zorgketen_outbox_onverzondn)",
        'sum(zorgketen_geparkeerd{onderwerp="x"})',
        "sum by (aanbieder) (zorgketen_geparkeerd)",
        "rate(zorgketen_http[5m])",
    ],
    ids=["misspelt", "label", "grouping", "without _total"],
)
def test_een_geplante_fout_in_een_vraag_wordt_gevonden(expr: str) -> None:
    assert fouten(expr)


def test_de_borden_zijn_die_van_nu() -> None:
    assert {pad.stem for pad in (MAP / "dashboards").glob("*.json")} == set(BORDEN.BORDEN)
    uids = set()
    for naam in BORDEN.BORDEN:
        assert (MAP / "dashboards" / f"{naam}.json").read_text() == BORDEN.tekst(naam), (
            "run deploy/observability/borden.py"
        )
        bord = json.loads(BORDEN.tekst(naam))
        uids.add(bord["uid"])
        plekken = [tuple(paneel["gridPos"].values()) for paneel in bord["panels"]]
        assert len(set(plekken)) == len(plekken) and all(x + w <= 24 for _, w, x, _ in plekken)
        assert len({paneel["id"] for paneel in bord["panels"]}) == len(bord["panels"])
    assert len(uids) == 5


def test_elk_alarm_zegt_hoe_ernstig_het_is_en_wat_te_doen() -> None:
    secties = set(re.findall(r"^### (\w+)$", RUNBOOK.partition("## Handelingen")[0], re.M))
    assert secties == set(ALARMEN)
    for naam, alarm in ALARMEN.items():
        assert alarm["labels"]["ernst"] in ("bellen", "kijken"), naam
        assert (
            alarm["annotations"]["samenvatting"]
            and alarm["annotations"]["runbook"] == f"docs/runbook.md#{naam.lower()}"
        )


# Per alarm the series under which it fires, and how long that takes. `a+bxn`: from a, b more each minute.
Z = 'job="zorgketen",service="knooppunt",instance="a"'
_HTTP = f'zorgketen_http_total{{{Z},methode="POST",route="/v1/berichten",status='
_DUUR = "zorgketen_retour_duur_seconden_"
GAAT_AF: dict[str, tuple[dict[str, str], str]] = {
    "InleveringFaalt": ({_HTTP + '"503"}': "0+5x120", _HTTP + '"202"}': "0+95x120"}, "70m"),
    "InleveringVerslijt": ({_HTTP + '"503"}': "0+2x200", _HTTP + '"202"}': "0+998x200"}, "3h"),
    "RetourTeTraag": ({f'{_DUUR}bucket{{{Z},soort="WMO305",le="60.0"}}': "0+90x120", f'{_DUUR}count{{{Z},soort="WMO305"}}': "0+100x120"}, "70m"),
    "TermijnGemist": ({f'zorgketen_retour_te_laat_total{{{Z},soort="WMO305"}}': "0x30 1x30"}, "40m"),
    "RetourBlijftUit": ({f'zorgketen_retour_oudste_seconden{{{Z},soort="WMO323"}}': "90000x60"}, "20m"),
    "DienstWeg": ({f'up{{{Z}}}': "0x60"}, "10m"),
    "ProcesHerstartSteeds": ({f'process_start_time_seconds{{{Z}}}': "0+60x60"}, "30m"),
    "VerzoekenMislukken": ({f'zorgketen_http_total{{{Z},methode="GET",route="/x",status="500"}}': "0+5x60", f'zorgketen_http_total{{{Z},methode="GET",route="/x",status="200"}}': "0+95x60"}, "40m"),
    "OutboxBlijftStaan": ({f'zorgketen_outbox_oudste_seconden{{{Z},bulk="False"}}': "600x60"}, "20m"),
    "AchterstandGroeit": ({f'zorgketen_achterstand{{{Z},topic="toewijzing.v1",partitie="0"}}': "30000+10x60"}, "40m"),
    "HandlerProbeertSteedsOpnieuw": ({f'zorgketen_event_opnieuw_total{{{Z},topic="toewijzing.v1"}}': "0+60x60"}, "30m"),
    "GeparkeerdBlijftStaan": ({f'zorgketen_geparkeerd_oudste_seconden{{{Z},topic="toewijzing.v1"}}': "4000x60"}, "20m"),
    "VeelGeparkeerd": ({f'zorgketen_geparkeerd{{{Z},topic="toewijzing.v1"}}': "101x60"}, "20m"),
    "TermijnenVanDeGemeente": ({f'zorgketen_termijnen{{{Z},soort="afhandelen",wie="gemeente",status="verstreken"}}': "1x120"}, "80m"),
    "TaakMislukt": ({f'zorgketen_taken_total{{{Z},naam="bezorgen",uitkomst="mislukt"}}': "0+2x60"}, "40m"),
    "StufGestrand": ({f'zorgketen_bezorgingen{{{Z},stand="gestrand"}}': "1x60"}, "30m"),
    "MigratieNaUitrolOntbreekt": ({f'zorgketen_tabellen_niet_afgeschermd{{{Z}}}': "2x1700"}, "28h"),
    "GeheugenRaaktVol": ({'process_resident_memory_bytes{job="zorgketen",service="intake",instance="a"}': "250000000x60"}, "30m"),
    "KafkaMistKopieen": ({'kafka_topic_partition_under_replicated_partition{topic="intake.v1"}': "1x60"}, "20m"),
    "PostgresArchiefStaatStil": ({'cnpg_pg_stat_archiver_seconds_since_last_archival{cluster="postgres"}': "0+60x60"}, "30m"),
    "PostgresKopieLooptAchter": ({'cnpg_pg_replication_lag{pod="postgres-2"}': "90x60"}, "20m"),
    "SchijfRaaktVol": ({'kubelet_volume_stats_available_bytes{namespace="zorgketen",persistentvolumeclaim="a"}': "10x60", 'kubelet_volume_stats_capacity_bytes{namespace="zorgketen",persistentvolumeclaim="a"}': "100x60"}, "30m"),
    "CertificaatLooptAf": ({'certmanager_certificate_expiration_timestamp_seconds{namespace="zorgketen",name="rand"}': "1000000x120"}, "80m"),
}  # fmt: skip
RUSTIG: dict[str, str] = {
    f"up{{{Z}}}": "1x200", f"process_start_time_seconds{{{Z}}}": "0x200",
    _HTTP + '"202"}': "0+100x200", _HTTP + '"422"}': "0+30x200",
    f'{_DUUR}bucket{{{Z},soort="WMO305",le="60.0"}}': "0+100x200", f'{_DUUR}count{{{Z},soort="WMO305"}}': "0+100x200",
    f'zorgketen_retour_te_laat_total{{{Z},soort="WMO305"}}': "3x200",
    f'zorgketen_retour_oudste_seconden{{{Z},soort="WMO323"}}': "50x200",
    f'zorgketen_outbox_oudste_seconden{{{Z},bulk="True"}}': "2x200",
    f'zorgketen_achterstand{{{Z},topic="declaratie.v1",partitie="0"}}': "90000-10x200",
    f'zorgketen_geparkeerd{{{Z},topic="intake.v1"}}': "3x200",
    f'zorgketen_geparkeerd_oudste_seconden{{{Z},topic="intake.v1"}}': "900x200",
    f'process_resident_memory_bytes{{{Z}}}': "300000000x200",
    f'zorgketen_termijnen{{{Z},soort="x",wie="aanbieder",status="verstreken"}}': "9x200",
    'kafka_topic_partition_under_replicated_partition{topic="intake.v1"}': "0x200",
}  # fmt: skip


def test_elk_alarm_heeft_een_proef() -> None:
    assert set(GAAT_AF) == set(ALARMEN)


def test_promtool_laat_elk_alarm_afgaan_en_geen_bij_rust(tmp_path: Path) -> None:
    """Where the machine has promtool (Debian: `prometheus`) the rules run on made-up series; else only their queries."""
    promtool = shutil.which("promtool")
    if promtool is None:
        for waar, expr in vragen():
            assert promql.lees(expr).metingen, waar
        return
    regels = K8S / "gebouwd" / "prometheus-regels.yaml"
    proeven = [_proef(naam, series, op) for naam, (series, op) in GAAT_AF.items()]
    proeven.append({
        "name": "rust", "interval": "1m", "input_series": [{"series": s, "values": v} for s, v in RUSTIG.items()],
        "promql_expr_test": [{"expr": "count(ALERTS)", "eval_time": "3h", "exp_samples": []}],
    })  # fmt: skip
    proef = tmp_path / "proef.yaml"
    proef.write_text(yaml.safe_dump({"rule_files": [str(regels)], "evaluation_interval": "5m", "tests": proeven}))
    klaar = subprocess.run(
        [promtool, "test", "rules", str(proef)], capture_output=True, text=True, check=False, timeout=120
    )
    assert klaar.returncode == 0, klaar.stdout + klaar.stderr


def _proef(naam: str, series: dict[str, str], op: str) -> dict[str, Any]:
    return {
        "name": naam, "interval": "1m", "input_series": [{"series": s, "values": v} for s, v in series.items()],
        "promql_expr_test": [{
            "expr": f'count(ALERTS{{alertname="{naam}", alertstate="firing"}}) > bool 0', "eval_time": op,
            "exp_samples": [{"labels": "{}", "value": 1}],
        }],
    }  # fmt: skip
