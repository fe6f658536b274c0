# Bulou: every target describes itself; `make` alone prints them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup demo test check format bench pictures docs lock hooks clean

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STAMPS := .make
MESSAGES := $(wildcard src/bulou/web/locale/*/LC_MESSAGES/*.po)

help:  ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Install everything into .venv and node_modules (quick the second time)
	@.ci/timed "Set-up" -- $(MAKE) installed

demo: setup  ## Load the Tianjin outbreak of 2020 and open the board; options: make demo ARGS="--at 2020-02-14"
	@$(BIN)/bulou demo $(ARGS)

test: setup  ## Run every test, browser journeys included; options: make test ARGS="tests/unit -x"
	@.ci/needs $(PYTHON) chromium
	@$(BIN)/python -m pytest $(ARGS)

check: setup  ## Lint, types, walls, plans, generated documents: all of it, then say which failed
	@.ci/check

format: setup  ## Let ruff put the code in house style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: setup  ## Measure beside hand-written floors and write docs/reference/benchmarks.md
	@$(BIN)/python -m tests.bench $(ARGS)

pictures: setup  ## Photograph every page at 360 and 1440 px in both languages into docs/pictures/
	@$(BIN)/bulou demo --no-serve
	@$(BIN)/bulou pictures $(ARGS)

docs: setup  ## Write the generated reference (commands, facts, roles) afresh
	@$(BIN)/python docs/generate.py

lock: setup  ## Resolve the dependencies of pyproject.toml again into requirements/*.lock
	@test -x $(BIN)/uv || $(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements/base.lock
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --upgrade --quiet --extra dev -o requirements/dev.lock
	@git diff --stat -- requirements

hooks: setup  ## Run the checks before each commit
	@$(BIN)/pre-commit install

clean:  ## Remove what `make setup` made (the demo's data stay; see `bulou demo --help`)
	@rm -rf .venv node_modules $(STAMPS) .mypy_cache .ruff_cache .hypothesis .import_linter_cache staticfiles
	@find src -name '*.mo' -delete

.PHONY: installed python-packages browser-libraries
installed: $(STAMPS)/bulou $(STAMPS)/browser-libraries $(STAMPS)/messages
	@:

# Each stamp depends on the file that says what to install, so a second run does nothing.
$(STAMPS)/python-packages: requirements/dev.lock
	@.ci/needs $(PYTHON)
	@.ci/timed "Python packages" -- $(MAKE) python-packages
	@mkdir -p $(STAMPS) && touch $@

python-packages:
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements/dev.lock

browser-libraries:
	@npm ci --silent --no-progress

$(STAMPS)/bulou: $(STAMPS)/python-packages pyproject.toml
	@.ci/timed "Bulou itself" -- $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/browser-libraries: package-lock.json package.json .npmrc
	@.ci/needs $(PYTHON)
	@.ci/timed "Browser libraries and division data" -- $(MAKE) browser-libraries
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/messages: $(MESSAGES) $(STAMPS)/bulou
	@.ci/timed "Messages in both languages" -- $(BIN)/bulou messages compile
	@touch $@
