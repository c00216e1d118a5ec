# Each target makes .venv by itself; python3 (3.11-3.13) and make are all that must be there.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup refresh test soak app dev check bench format lock sbom clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# A stamp each for running and for developing: a lock that changed installs again, one that did not costs nothing.
.venv/.run: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what duban runs on (once, about two minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

setup: .venv/.run  ## make .venv from the hashed lock

refresh: .venv/.run  ## plans and workbooks to a published release; the first time on the sample
	@$(BIN)/duban refresh $(ARGS)

test: .venv/.dev  ## all tests
	@$(BIN)/python -m pytest $(ARGS)

soak: .venv/.dev  ## the long loops: killed at every step, readers during publishes
	@$(BIN)/python -m pytest -m soak $(ARGS)

app: .venv/.run  ## the dashboard, on this machine only
	@$(BIN)/duban app

dev: .venv/.run  ## Dagster's UI, on this machine only
	@$(BIN)/duban dev

check: .venv/.dev  ## lint, types, SQL style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/basedpyright
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 dbt_project/models dbt_project/tests

bench: .venv/.dev  ## speed as ratios in one run; fails past the limits
	@$(BIN)/duban refresh >/dev/null
	@for script in bench/*.py; do $(BIN)/python $$script || exit 1; done

format: .venv/.dev  ## put the code in its one form
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/sqlfluff fix --quiet --disable-progress-bar dbt_project/models dbt_project/tests

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--no-strip-extras --no-emit-index-url --no-emit-find-links --no-header

lock: .venv/.dev  ## compile the locks again
	@$(LOCK) requirements.in -o requirements.lock
	@$(LOCK) requirements-dev.in -c requirements.lock -o requirements-dev.lock

clean:  ## remove what was generated, but no bureau's home
	@rm -rf .pytest_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs
