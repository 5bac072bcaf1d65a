# Two commands do everything on a fresh machine with Python 3.11: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BIN := .venv/bin
DEMO := ROUNDS_DEMO=1 PORT=$(PORT) ROUNDS_DATABASE_URL=sqlite:///$(CURDIR)/var/demo.sqlite

.PHONY: demo serve base-map test lint unit setup clean
.DELETE_ON_ERROR:

# A clinic in Columbus, tonight's routes, and the service on 127.0.0.1:$(PORT) with its worker beside it.
demo:
	@$(PYTHON) tools/serve.py --check-port $(PORT)
	@$(MAKE) --no-print-directory setup
	@$(DEMO) $(BIN)/flask --app wsgi demo
	@$(DEMO) $(BIN)/python tools/serve.py

# The service with the settings of the environment (README.md lists them).
serve: setup
	@PORT=$(PORT) $(BIN)/flask --app wsgi migrate
	@PORT=$(PORT) $(BIN)/python tools/serve.py

# The map under the routes, of extracts of OpenStreetMap: make base-map EXTRACT="columbus.osm.pbf portland.osm.pbf".
base-map: .venv/.runtime
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements-map.txt
	@$(BIN)/flask --app wsgi base-map $(EXTRACT)

test: .venv/.dev setup
	@tools/browser
	@$(MAKE) --no-print-directory lint unit

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: .venv/.dev setup node_modules/axe-core/axe.min.js
	$(BIN)/pytest --numprocesses 2 --dist loadgroup

setup: .venv/.runtime .venv/.compiled app/web/static/vendor/.stamp
	@:

.venv/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and f"Rounds needs Python 3.11, this is {sys.version.split()[0]}: make PYTHON=/path/to/python3.11 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the service's packages ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements-map.txt .venv/.runtime
	@echo "Installing the tests' packages ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

# The engine's machine code, so that no run's time limit pays for it.
.venv/.compiled: .venv/.runtime $(wildcard scheduler/solve/anneal/*.py scheduler/solve/price/*.py)
	@echo "Compiling the planner's engine ..."
	@$(BIN)/python -m scheduler compile
	@touch $@

app/web/static/vendor/.stamp: package.json package-lock.json tools/frontend.py tools/npm .venv/.runtime
	@echo "Installing the pages' packages ..."
	@tools/npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(BIN)/python tools/frontend.py
	@touch $@

# What only tests need of npm; nothing of it is copied to the pages.
node_modules/axe-core/axe.min.js: package-lock.json app/web/static/vendor/.stamp
	@tools/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

clean:
	rm -rf .venv node_modules app/web/static/vendor var
