# Everything that a person or a machine does with this project. `make run` and `make test` need nothing else before them.
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
# Two workers for each leg on two cores, and bytecode written once: every worker reads all tests before it runs any.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --refuse-skips --numprocesses auto --maxprocesses 4 --dist worksteal

.PHONY: help install run test lint types translations test-sqlite test-postgresql bench lock messages fresh-check

help:
	@sed -n 's/^## //p' Makefile

## make install          the environment in .venv, nothing else
install: .venv/installed

## make run              a demonstration city on http://127.0.0.1:8000 (HOST=, PORT=)
run: install
	@exec env HOST=$(HOST) PORT=$(PORT) sh tools/run.sh

## make test             lint, types, translations, all tests on PostgreSQL and on SQLite, journeys in Chromium
# One leg after the other: side by side they take as long on two cores, and pages come late enough to fail journeys.
test: lint types translations test-postgresql test-sqlite

## make lint             ruff, import contracts, templates
lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

## make types            mypy --strict
types: .venv/installed-dev
	$(BIN)/mypy

## make translations     every text translated, none fuzzy, none stale
translations: .venv/installed-dev
	$(BIN)/python tools/messages.py check

## make test-sqlite      everything, the journeys and the conformance tests too
test-sqlite: .venv/installed-dev
	@sh tools/chromium.sh
	$(PYTEST) --database sqlite

## make test-postgresql  what asks a database below the pages, and every page once (TEST_DATABASE_URL, or a server of its own)
test-postgresql: .venv/installed-dev
	$(PYTEST) --database postgresql --without-browser --ignore tests/conformance

## make bench            the measurements in bench/, each beside its baseline
bench: .venv/installed-dev
	$(BIN)/python -m bench

## make messages         collect the texts into translations/*/LC_MESSAGES/messages.po
messages: .venv/installed-dev
	$(BIN)/python tools/messages.py update

## make lock             pin requirements.in and requirements-dev.in again, with hashes
lock: .venv/installed-dev
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

## make fresh-check      clone what is committed into an empty folder, with an empty environment, and run and test it there
fresh-check:
	@sh tools/fresh_check.sh

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing. Say which to use: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/installed
