"""`python deploy/observability/borden.py`: the Grafana dashboards, written out as JSON.

Panels are lines of the tables below; the JSON is what Grafana reads. A test writes them again and compares.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAP = Path(__file__).resolve().parent / "dashboards"
BRON = {"type": "prometheus", "uid": "${bron}"}
_D = "[$__rate_interval]"


@dataclass(frozen=True)
class Paneel:
    """One panel: its title, what it asks (query, legend), the unit, and its width of 24."""

    titel: str
    vragen: tuple[tuple[str, str], ...]
    eenheid: str = "short"
    breed: int = 8
    soort: str = "timeseries"


def _p(
    titel: str, vraag: str, legenda: str = "", eenheid: str = "short", breed: int = 8, soort: str = "timeseries"
) -> Paneel:
    return Paneel(titel, ((vraag, legenda),), eenheid, breed, soort)


def _kwantielen(meting: str, per: str, waar: str = "") -> tuple[tuple[str, str], ...]:
    som = f"sum by (le, {per}) (rate({meting}_bucket{waar}{_D}))"
    return tuple((f"histogram_quantile({q}, {som})", f"{{{{{per}}}}} p{q * 100:g}") for q in (0.5, 0.99))


BORDEN: dict[str, tuple[str, list[Paneel]]] = {
    "keten": ("Keten", [
        _p("Inleveren: deel dat mislukt (1 u)", "zorgketen:inlevering_fout:ratio1h", "mislukt", "percentunit", 6, "stat"),
        _p("306 later dan 60 s (1 u)", "zorgketen:retour_traag:ratio1h", "te laat", "percentunit", 6, "stat"),
        _p("Gemiste termijnen (24 u)", "sum(increase(zorgketen_retour_te_laat_total[24h])) or vector(0)", "gemist", "short", 6, "stat"),
        _p("Geparkeerd", "sum(max by (service, topic) (zorgketen_geparkeerd)) or vector(0)", "geparkeerd", "short", 6, "stat"),
        _p("Ontvangen berichten per status", f'sum by (status) (rate(zorgketen_http_total{{methode="POST", route="/v1/berichten"}}{_D}))', "{{status}}", "reqps"),
        Paneel("Van ontvangst tot retourbericht", _kwantielen("zorgketen_retour_duur_seconden", "soort"), "s"),
        _p("Wacht op retourbericht: oudste", "max by (soort) (zorgketen_retour_oudste_seconden)", "{{soort}}", "s"),
        _p("Te verzenden naar Kafka", "max by (service, bulk) (zorgketen_outbox_onverzonden)", "{{service}} bulk={{bulk}}"),
        _p("Oudste in de outbox", "max by (service, bulk) (zorgketen_outbox_oudste_seconden)", "{{service}} bulk={{bulk}}", "s"),
        _p("Achterstand", "sum by (service, topic) (zorgketen_achterstand)", "{{service}} {{topic}}"),
        _p("Gebeurtenissen per uitkomst", f"sum by (uitkomst) (rate(zorgketen_events_total{_D}))", "{{uitkomst}}", "ops"),
        _p("Geparkeerd: oudste", "max by (service, topic) (zorgketen_geparkeerd_oudste_seconden)", "{{service}} {{topic}}", "s"),
        _p("Wacht op een voorganger", "max by (service, topic) (zorgketen_wachtend)", "{{service}} {{topic}}"),
    ]),
    "service": ("Service", [
        _p("Verzoeken per route", f'sum by (methode, route) (rate(zorgketen_http_total{{service=~"$service"}}{_D}))', "{{methode}} {{route}}", "reqps", 12),
        _p("Fouten per route", f'sum by (route, status) (rate(zorgketen_http_total{{service=~"$service", status=~"[45].."}}{_D}))', "{{status}} {{route}}", "reqps", 12),
        Paneel("Duur per route", _kwantielen("zorgketen_http_duur_seconden", "route", '{service=~"$service"}'), "s", 12),
        Paneel("Duur per handler", _kwantielen("zorgketen_event_duur_seconden", "type", '{service=~"$service"}'), "s", 12),
        _p("Gebeurtenissen per soort", f'sum by (type, uitkomst) (rate(zorgketen_events_total{{service=~"$service"}}{_D}))', "{{type}} {{uitkomst}}", "ops", 12),
        _p("Opnieuw geprobeerd", f'sum by (topic) (rate(zorgketen_event_opnieuw_total{{service=~"$service"}}{_D}))', "{{topic}}", "ops", 12),
        _p("Geheugen", 'max by (instance) (process_resident_memory_bytes{service=~"$service"})', "{{instance}}", "bytes"),
        _p("CPU", f'sum by (instance) (rate(process_cpu_seconds_total{{service=~"$service"}}{_D}))', "{{instance}}", "percentunit"),
        _p("Begonnen", 'max by (instance) (process_start_time_seconds{service=~"$service"}) * 1000', "{{instance}}", "dateTimeFromNow", 8, "stat"),
        _p("Periodieke taken die mislukken", f'sum by (naam) (rate(zorgketen_taken_total{{service=~"$service", uitkomst="mislukt"}}{_D}))', "{{naam}}", "ops", 12),
        _p("Tabellen die op de migratie na de uitrol wachten", "max by (service) (zorgketen_tabellen_niet_afgeschermd)", "{{service}}", "short", 12),
    ]),
    "kafka": ("Kafka", [
        _p("Verzonden per topic", f"sum by (topic) (rate(zorgketen_outbox_verzonden_total{_D}))", "{{topic}}", "ops", 12),
        _p("Achterstand per partitie", "max by (topic, partitie) (zorgketen_achterstand)", "{{topic}} {{partitie}}", "short", 12),
        _p("Relay begon opnieuw", f"sum by (service) (rate(zorgketen_relay_opnieuw_total{_D}))", "{{service}}", "ops", 12),
        _p("Partities met te weinig kopieen", "sum by (topic) (kafka_topic_partition_under_replicated_partition)", "{{topic}}", "short", 12),
        _p("Achterstand volgens de broker", "sum by (consumergroup, topic) (kafka_consumergroup_lag)", "{{consumergroup}}", "short", 12),
        _p("Leden per groep", "sum by (consumergroup) (kafka_consumergroup_members)", "{{consumergroup}}", "short", 12),
    ]),
    "postgres": ("Postgres", [
        _p("Verbindingen", "sum by (cluster, state) (cnpg_backends_total)", "{{cluster}} {{state}}"),
        _p("Langste transactie", "max by (cluster) (cnpg_backends_max_tx_duration_seconds)", "{{cluster}}", "s"),
        _p("Wacht op een slot", "sum by (cluster) (cnpg_backends_waiting_total)", "{{cluster}}"),
        _p("Kopie loopt achter", "max by (pod) (cnpg_pg_replication_lag)", "{{pod}}", "s"),
        _p("Sinds het laatste WAL-bestand in de back-up", "max by (cluster) (cnpg_pg_stat_archiver_seconds_since_last_archival)", "{{cluster}}", "s"),
        _p("Omvang", "max by (datname) (cnpg_pg_database_size_bytes)", "{{datname}}", "bytes"),
        _p("Vrije schijf", 'min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{namespace="zorgketen"})', "{{persistentvolumeclaim}}", "bytes", 12),
        _p("Events die nog in een outbox staan", "sum by (service) (zorgketen_outbox_onverzonden)", "{{service}}", "short", 12),
    ]),
    "bedrijf": ("Bedrijf", [
        _p("Prestaties per uitkomst", f"sum by (uitkomst) (rate(zorgketen_prestaties_total{_D}))", "{{uitkomst}}", "ops"),
        _p("Deel van de prestaties dat wordt afgekeurd (24 u)", 'sum(increase(zorgketen_prestaties_total{uitkomst="afgekeurd"}[24h])) / sum(increase(zorgketen_prestaties_total[24h]))', "afgekeurd", "percentunit", 8, "stat"),
        _p("Retourcodes op prestaties (24 u)", "topk(15, sum by (code) (increase(zorgketen_prestatiecodes_total[24h])))", "{{code}}", "short", 8, "bargauge"),
        _p("Retourcodes in retourberichten (24 u)", "topk(15, sum by (soort, code) (increase(zorgketen_retourcodes_total[24h])))", "{{soort}} {{code}}", "short", 12, "bargauge"),
        _p("Aanbieders met de meeste afkeuringen (24 u)", 'topk(15, sum by (aanbieder) (increase(zorgketen_retourcodes_total{code!="0200"}[24h])))', "{{aanbieder}}", "short", 12, "bargauge"),
        _p("Termijnen die naderen", 'max by (service, soort, wie) (zorgketen_termijnen{status="nadert"})', "{{soort}} ({{wie}})"),
        _p("Termijnen die verstreken zijn", 'max by (service, soort, wie) (zorgketen_termijnen{status="verstreken"})', "{{soort}} ({{wie}})"),
        _p("Wacht op retourbericht", "max by (soort) (zorgketen_retour_open)", "{{soort}}"),
        _p("StUF: wacht en gestrand", "max by (stand) (zorgketen_bezorgingen)", "{{stand}}"),
    ]),
}  # fmt: skip
"""File name -> title and panels."""


def bord(naam: str) -> dict[str, Any]:
    """One dashboard, as Grafana reads it."""
    titel, panelen = BORDEN[naam]
    x = y = 0
    inhoud = []
    for nummer, paneel in enumerate(panelen, 1):
        if x + paneel.breed > 24:
            x, y = 0, y + 8
        inhoud.append(_paneel(nummer, paneel, x, y))
        x += paneel.breed
    variabelen: list[dict[str, Any]] = [{"name": "bron", "label": "Bron", "type": "datasource", "query": "prometheus"}]
    if naam == "service":
        variabelen.append({
            "name": "service", "label": "Service", "type": "query", "datasource": BRON, "multi": True, "includeAll": True,
            "query": "label_values(zorgketen_http_total, service)", "refresh": 2, "allValue": ".*",
        })  # fmt: skip
    return {
        "uid": f"zorgketen-{naam}", "title": f"Zorgketen: {titel}", "tags": ["zorgketen"], "schemaVersion": 39,
        "version": 1, "editable": False, "timezone": "Europe/Amsterdam", "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"}, "templating": {"list": variabelen}, "panels": inhoud,
    }  # fmt: skip


def _paneel(nummer: int, paneel: Paneel, x: int, y: int) -> dict[str, Any]:
    vragen = [
        {
            "refId": chr(65 + i),
            "datasource": BRON,
            "expr": vraag,
            "legendFormat": legenda,
            "exemplar": "_bucket" in vraag,
        }
        for i, (vraag, legenda) in enumerate(paneel.vragen)
    ]
    return {
        "id": nummer, "type": paneel.soort, "title": paneel.titel, "datasource": BRON, "targets": vragen,
        "gridPos": {"h": 8, "w": paneel.breed, "x": x, "y": y},
        "fieldConfig": {"defaults": {"unit": paneel.eenheid, "min": 0}, "overrides": []}, "options": {},
    }  # fmt: skip


def tekst(naam: str) -> str:
    """The file of one dashboard."""
    return json.dumps(bord(naam), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write all of them."""
    MAP.mkdir(exist_ok=True)
    for naam in BORDEN:
        (MAP / f"{naam}.json").write_text(tekst(naam))
    return 0


if __name__ == "__main__":
    sys.exit(main())
