# Everything starts here: `make help` explains each command.
PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app app

help: ## what each command does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/run: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

setup: .venv/run ## environment, dependencies and schema
	$(FLASK) db upgrade

test: .venv/dev ## all tests, on SQLite and on a real PostgreSQL
	AFTERCARE_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n 2
	AFTERCARE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 tests/workflows tests/models

check: .venv/dev ## format, lint, strict types, migration drift, dependency audit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tests.project.drift
	$(BIN)/python -m tests.project.audit

lock: .venv/dev ## compile the pinned requirements anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

.PHONY: help setup test check lock
