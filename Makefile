# Everything a person or CI does here. Needs Python >= 3.11 and make; the rest comes into .venv.
.DEFAULT_GOAL := help
.PHONY: run test lint bench faults fuzz browser test-containers test-k8s help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
KLAAR := .venv/.klaar

run: $(KLAAR)  ## start the whole chain on this machine and play the demo; Ctrl-C stops
	$(BIN)/python -m lokaal start --demo

test: $(KLAAR)  ## all tests, on a real Kafka and a real Postgres, a short fault run included
	$(BIN)/python -m pytest -n 3 --ignore tests/faults
	$(BIN)/python -m pytest tests/faults/test_g01_g02_kill_9.py

lint: $(KLAAR)  ## style, types and who may import what
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(KLAAR)  ## measure speed against the targets
	$(BIN)/python -m bench

faults: $(KLAAR)  ## every fault run, longer: kill what runs under load, replace Kafka, run copies; nothing lost, nothing double
	ZORGKETEN_FAULTS_BEWONERS=1000 $(BIN)/python -m pytest -s tests/faults

fuzz: $(KLAAR)  ## chance, longer: the corpus 100 times, 100,000 mutants, 500 requests per operation, 500 histories
	ZORGKETEN_CORPUS_RONDEN=100 ZORGKETEN_MUTANTEN=100000 ZORGKETEN_SCHEMA_VOORBEELDEN=500 \
		$(BIN)/python -m pytest -s tests/corpus
	ZORGKETEN_GESCHIEDENISSEN=500 $(BIN)/python -m pytest -s tests/service/declaratie/test_grootboek_geschiedenissen.py
	$(BIN)/python -m tests.corpus.tabel

browser:  ## install a browser for the web tests, where that is allowed
	@if command -v chromium >/dev/null 2>&1; then echo "chromium is er al"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		(apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1 \
		|| echo "chromium kon niet worden geinstalleerd; de webtests vallen af"; \
	else echo "geen chromium; de webtests vallen af"; fi

test-containers: $(KLAAR)  ## the service tests and the compose file on the public images; needs docker
	ZORGKETEN_TEST_OPSLAG=containers $(BIN)/python -m pytest tests/service
	$(BIN)/python -m pytest tests/containers

test-k8s: $(KLAAR)  ## the Kubernetes manifests, their rights on a broker, and all by the API server of KUBECONFIG when it answers
	$(BIN)/python -m pytest tests/deploy
	$(BIN)/python -m pytest tests/cluster/test_kafka_rechten.py
	@if $${KUBECTL:-kubectl} version --request-timeout=5s >/dev/null 2>&1; then \
		$(BIN)/python -m pytest tests/cluster/test_api_server.py; \
	else echo "geen API-server bereikbaar via KUBECONFIG: alleen de controle zonder server is gedaan"; fi

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "%-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp, so that a ready environment costs nothing.
$(KLAAR): requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/python -m uv pip install --quiet --require-hashes -r requirements.lock
	touch $@
