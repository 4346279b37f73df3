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

admin_views/static/vendor/icons.svg: .venv/run package-lock.json admin_views/icons.txt
	$(BIN)/python -m admin_views.assets
	touch $@

setup: .venv/run translations admin_views/static/vendor/icons.svg ## environment, dependencies, styles and schema
	$(FLASK) db upgrade

run: setup ## the server on loopback (HOST, PORT)
	$(FLASK) serve

translations: .venv/run
	$(BIN)/pybabel -q compile -d admin_views/translations

test: .venv/dev translations ## all tests, on SQLite and on a real PostgreSQL
	AFTERCARE_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n 2
	AFTERCARE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 tests/workflows tests/admin_views

check: .venv/dev ## format, lint, strict types, migration drift, dependency audit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tests.project.drift
	$(BIN)/python -m tests.project.audit

lock: .venv/dev ## compile the pinned requirements anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

.PHONY: translations help setup run test check lock
