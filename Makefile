# make serve   environment, graph, service on http://127.0.0.1:8230
# make build   a new release from data/ and S230_SOURCES; serve builds one only where there is none
# make test    the whole test suite
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export S230_HOME ?= $(CURDIR)/.s230

.PHONY: serve build install test lint bench docs clean

serve: install
	$(BIN)/s230 serve

build: install
	$(BIN)/s230 build

install: $(VENV)/installed node_modules/installed

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,lint]'
	touch $@

# YASGUI for /sparql/editor. Where npm or the network is absent, the plain editor serves.
node_modules/installed: package.json
	@if ! command -v npm >/dev/null; then echo "npm is not here: /sparql/editor is the plain one"; \
	elif npm install --no-package-lock --ignore-scripts --no-audit --no-fund --fetch-retries 1 --loglevel error >/dev/null 2>&1; then touch $@; \
	else echo "YASGUI could not be installed: /sparql/editor is the plain one"; fi

test: install
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) node_modules dist build
