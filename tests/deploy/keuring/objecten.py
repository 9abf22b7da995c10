"""Names, references, selectors and ports between the objects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.deploy.code import SERVICES, instellingen
from tests.deploy.manifesten import (
    ROOT,
    VAN_BUITEN,
    Doc,
    containers,
    diensten,
    label,
    naam,
    omgeving,
    past,
    sjablonen,
    van_soort,
)

_LABEL = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
_MET_PUNTEN = re.compile(r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
NIET_HIER = {"ZORGKETEN_KLOK_BESTAND", "ZORGKETEN_KLOK_SCHEEF_S"}
"""Settings that the code reads and no manifest may give: a test clock is refused in production."""
MET_PERSOONSGEGEVENS = {"intake", "knooppunt"}


def namen(docs: list[Doc]) -> Iterator[str]:
    for wie, aantal in Counter(naam(doc) for doc in docs).items():
        if aantal > 1:
            yield f"{wie} is there {aantal} times"
    for doc in docs:
        if not (_MET_PUNTEN if doc["kind"] == "KafkaTopic" else _LABEL).match(doc["metadata"]["name"]):
            yield f"{naam(doc)}: not a DNS name"
    for doc, sjabloon in sjablonen(docs):
        if label(sjabloon, "name") != doc["metadata"]["name"]:
            yield f"{naam(doc)}: its pods carry another name"


def verwijzingen(docs: list[Doc]) -> Iterator[str]:
    configs = {doc["metadata"]["name"]: set(doc["data"]) for doc in van_soort(docs, "ConfigMap")}
    secrets = geheimen(docs)
    for doc, pod, container in containers(docs):
        for bron in container.get("envFrom", []):
            for soort, bekend in (("configMapRef", configs), ("secretRef", secrets)):
                if soort in bron and bron[soort]["name"] not in bekend:
                    yield f"{naam(doc)}: unknown {soort}"
        for variabele in container.get("env", []):
            bron = variabele.get("valueFrom", {})
            for soort, sleutels in (("configMapKeyRef", configs), ("secretKeyRef", secrets)):
                if soort in bron and bron[soort]["key"] not in sleutels.get(bron[soort]["name"], set()):
                    yield f"{naam(doc)}: {variabele['name']} names an unknown {soort}"
            eigen = bron.get("secretKeyRef", {})
            if eigen.get("name") == "zorgketen-postgres" and eigen["key"] != doc["metadata"]["name"]:
                yield f"{naam(doc)}: the database of another service"
            if eigen.get("name") == "zorgketen-kluis" and doc["metadata"]["name"] not in MET_PERSOONSGEGEVENS:
                yield f"{naam(doc)}: a key to personal data"
        for volume in pod.get("volumes", []):
            for bron in [volume, *volume.get("projected", {}).get("sources", [])]:
                if "configMap" in bron and bron["configMap"]["name"] not in configs:
                    yield f"{naam(doc)}: unknown configMap {volume['name']}"
                wie = bron.get("secret", {}).get("secretName") or bron.get("secret", {}).get("name")
                if wie and wie not in secrets:
                    yield f"{naam(doc)}: unknown secret {volume['name']}"
                if wie in {d["metadata"]["name"] for d in van_soort(docs, "KafkaUser")} - {doc["metadata"]["name"]}:
                    yield f"{naam(doc)}: shows the broker the certificate of another"


def geheimen(docs: list[Doc]) -> dict[str, set[str]]:
    """Secrets from outside, and those that Strimzi and cert-manager make for objects that are here."""
    gemaakt = {doc["metadata"]["name"]: {"user.crt", "user.key"} for doc in van_soort(docs, "KafkaUser")}
    gemaakt |= {f"{doc['metadata']['name']}-cluster-ca-cert": {"ca.crt"} for doc in van_soort(docs, "Kafka")}
    gemaakt |= {doc["spec"]["secretName"]: {"tls.crt", "tls.key"} for doc in van_soort(docs, "Certificate")}
    return VAN_BUITEN | gemaakt


def config_heeft_een_afdruk(docs: list[Doc]) -> Iterator[str]:
    """Another content is another name, so that it rolls out like code."""
    for doc in van_soort(docs, "ConfigMap"):
        if not re.search(r"-[a-z0-9]{10}$", doc["metadata"]["name"]):
            yield f"{naam(doc)}: its name does not follow its content"


def gegevens_in_het_zicht(docs: list[Doc]) -> Iterator[str]:
    """A secret comes by reference; it never stands in a manifest."""
    for doc in van_soort(docs, "Secret"):
        yield f"{naam(doc)}: a secret in the open"
    geheim = re.compile(r"SLEUTEL|WACHTWOORD|DSN|KLUIS")
    for doc in van_soort(docs, "ConfigMap"):
        yield from (f"{naam(doc)}: {sleutel} is a secret" for sleutel in doc["data"] if geheim.search(sleutel))
    for doc, _, container in containers(docs):
        for variabele in container.get("env", []):
            if geheim.search(variabele["name"]) and "value" in variabele:
                yield f"{naam(doc)}: {variabele['name']} stands in the manifest"


def alle_instellingen(docs: list[Doc]) -> Iterator[str]:
    """What the code reads is given, where it is read; what is given is read."""
    gelezen = {een.naam for een in instellingen()}
    overal: set[str] = set()
    for doc, _, container in containers(docs):
        gegeven = {sleutel for sleutel in omgeving(docs, container) if sleutel.startswith("ZORGKETEN_")}
        overal |= gegeven
        onbekend = {sleutel for sleutel in gegeven - gelezen if not sleutel.startswith("ZORGKETEN_URL_")}
        if onbekend:
            yield f"{naam(doc)}: nobody reads {sorted(onbekend)}"
    for doc in diensten(docs):
        dienst = doc["metadata"]["name"]
        (container,) = doc["spec"]["template"]["spec"]["containers"]
        nodig = {een.naam for een in instellingen() if een.bestand.startswith(f"services/{dienst}/")}
        nodig |= {een.naam for een in instellingen() if een.bestand == "chassis/settings.py"}
        nodig -= NIET_HIER | {"ZORGKETEN_KLUIS", "ZORGKETEN_SMTP"}
        nodig |= {"ZORGKETEN_KLUIS"} if dienst in MET_PERSOONSGEGEVENS else set()
        nodig |= {"ZORGKETEN_SMTP"} if dienst == "notifications" else set()
        if missing := nodig - set(omgeving(docs, container)):
            yield f"{naam(doc)}: is not told {sorted(missing)}"
    if missing := gelezen - overal - NIET_HIER:
        yield f"nobody is told {sorted(missing)}"
    if overal & NIET_HIER:
        yield "a test clock in a cluster"


def selectors(docs: list[Doc]) -> Iterator[str]:
    for doc in van_soort(docs, "Deployment"):
        if not past(doc["spec"]["selector"], doc["spec"]["template"]["metadata"]["labels"]):
            yield f"{naam(doc)}: its selector does not pick its own pods"
    for doc in van_soort(docs, "Service", "PodDisruptionBudget"):
        selector = {"matchLabels": doc["spec"]["selector"]} if doc["kind"] == "Service" else doc["spec"]["selector"]
        gekozen = [d for d, sjabloon in sjablonen(docs) if past(selector, sjabloon["metadata"]["labels"])]
        if [d["metadata"]["name"] for d in gekozen] != [doc["metadata"]["name"]]:
            yield f"{naam(doc)}: picks {len(gekozen)} kinds of pods"
        elif doc["kind"] == "PodDisruptionBudget" and doc["spec"]["minAvailable"] >= processen(docs, gekozen[0]):
            yield f"{naam(doc)}: no node can ever be drained"


def processen(docs: list[Doc], deployment: Doc) -> int:
    """How many processes there are at least: of its own, or of what scales it."""
    for doc in van_soort(docs, "ScaledObject"):
        if doc["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]:
            return int(doc["spec"]["minReplicaCount"])
    return int(deployment["spec"].get("replicas", 1))


def poorten(docs: list[Doc]) -> Iterator[str]:
    services = {doc["metadata"]["name"]: doc for doc in van_soort(docs, "Service")}
    for doc, _, container in containers(docs):
        open_ = {poort["name"]: poort["containerPort"] for poort in container.get("ports", [])}
        om = omgeving(docs, container)
        if "ZORGKETEN_POORT" in om and str(open_.get("http")) != om["ZORGKETEN_POORT"]:
            yield f"{naam(doc)}: listens on another port than ZORGKETEN_POORT"
        for soort in ("startupProbe", "livenessProbe", "readinessProbe"):
            if soort in container and container[soort]["httpGet"]["port"] not in open_:
                yield f"{naam(doc)}: {soort} asks an unknown port"
        service = services.get(doc["metadata"]["name"])
        if service and any(poort["targetPort"] not in open_ for poort in service["spec"]["ports"]):
            yield f"{naam(service)}: sends to an unknown port"
        for sleutel, waarde in om.items():
            adres = urlsplit(waarde)
            if sleutel.startswith("ZORGKETEN_URL_") and adres.scheme == "http":
                service = services.get(str(adres.hostname))
                if service is None or adres.port not in {poort["port"] for poort in service["spec"]["ports"]}:
                    yield f"{naam(doc)}: {sleutel} names no service here"
    for doc in van_soort(docs, "Ingress"):
        for regel in doc["spec"]["rules"]:
            for pad in regel["http"]["paths"]:
                service = services.get(pad["backend"]["service"]["name"])
                namen_ = {poort["name"] for poort in service["spec"]["ports"]} if service else set()
                if pad["backend"]["service"]["port"]["name"] not in namen_:
                    yield f"{naam(doc)}: leads nowhere"


def programmas(docs: list[Doc]) -> Iterator[str]:
    """Every service of this repository has its Deployment, and each container starts what exists."""
    for dienst in sorted({doc["metadata"]["name"] for doc in diensten(docs)} ^ set(SERVICES)):
        yield f"{dienst}: a service without Deployment, or the other way round"
    for doc, _, container in containers(docs):
        if not re.search(r":(?!latest$)[\w.-]+$|@sha256:[0-9a-f]{64}$", container["image"]):
            yield f"{naam(doc)}: an image without a fixed version"
        if "/zorgketen:" not in container["image"]:
            continue
        module = container["args"][2].replace(".", "/")
        if container["args"][:2] != ["python", "-m"] or not any(
            (ROOT / module).parent.glob(f"{(ROOT / module).name}*")
        ):
            yield f"{naam(doc)}: starts something that is not there"
        if doc["kind"] == "Deployment" and container["args"][2] != f"services.{doc['metadata']['name']}":
            yield f"{naam(doc)}: starts another service"
    eigen = {c["image"] for _, _, c in containers(docs) if "/zorgketen:" in c["image"]}
    if len(eigen) != 1:
        yield "the migrations and the services are of more than one version"


KEURINGEN = [namen, verwijzingen, config_heeft_een_afdruk, gegevens_in_het_zicht, alle_instellingen, selectors,
             poorten, programmas]  # fmt: skip
