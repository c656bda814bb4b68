# Everything a person or a machine does with this repository, one word each.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RIVALS := .venv-race
TEST_DATA ?= $(abspath ../shared/data)
export BROADSHEET_TEST_DATA ?= $(if $(wildcard $(TEST_DATA)/papers.jsonl.gz),$(TEST_DATA),)

.PHONY: help install run test test-postgres check docs bench hostile phrases judged faults worlds race lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

install: $(VENV)/.dev ## Make the virtual environment .venv with everything to run, test and check

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Broadsheet needs Python 3.11 or newer: run make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed. On Debian: apt install python3-venv"; exit 1; }

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Broadsheet into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what tests and checks need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/.run ## Serve the site, with the starter edition if it is new; prints its address
	@$(BIN)/broadsheet serve $(ARGS)

test: install ## The test suite, on SQLite; browser tests where there is a Chromium
	$(BIN)/python -m pytest $(ARGS)

test-postgres: install ## All that asks the database, on a real PostgreSQL (BROADSHEET_TEST_DATABASE, else one started here)
	$(BIN)/python -m tests.postgres $(ARGS)

check: install ## Style, types, imports, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint broadsheet --lint --quiet

docs: install ## Write the pages of docs/ that are made from the code
	$(BIN)/python -m tests.house.reference

bench: install ## Measure import, index, pages and search on the real papers, if they are there; then race at two sizes
	$(BIN)/python -m bench $(ARGS)
	$(if $(wildcard $(RIVALS)/.race),$(RIVALS),$(VENV))/bin/python -m bench.race --sizes 10000 100000

$(RIVALS)/.race: requirements/race.txt $(VENV)/.run
	@echo "Installing what Broadsheet races against into $(RIVALS) …"
	@$(PYTHON) -m venv $(RIVALS)
	@$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/race.txt
	@$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

SIZES ?= 10000 100000
race: $(RIVALS)/.race ## Race search against other engines: SIZES="10000 100000 1000000 3000000" for the large ones
	$(RIVALS)/bin/python -m bench.race --sizes $(SIZES) $(ARGS)

hostile: install ## 200,000 hostile searches through the parser; with FOLDER=data through an engine and a server too
	$(BIN)/python -m bench.hostile $(if $(FOLDER),--folder $(FOLDER)) $(ARGS)

phrases: install ## Phrases in quotes against a scan of the text of FOLDER
	$(BIN)/python -W ignore -m bench.phrases $(FOLDER) $(ARGS)

judged: install ## The thirty searches of docs/judged-queries.md, answered anew from FOLDER
	$(BIN)/python -W ignore -m bench.judged $(FOLDER) $(ARGS)

faults: install ## Kill the writer of the index everywhere, damage its files everywhere (half an hour)
	$(BIN)/python -W ignore -m bench.faults $(ARGS)

WORLDS ?= 500
worlds: install ## Random worlds of arXiv, faults and kills against the database (WORLDS=500: hours)
	$(BIN)/python -W ignore -m bench.worlds --worlds $(WORLDS) $(ARGS)

lock: install ## Write the hash-locked requirements anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra build --extra postgres -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra build --extra postgres --extra dev -c requirements/run.txt -o requirements/dev.txt
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra build --extra race -c requirements/run.txt -o requirements/race.txt

clean: ## Remove what the other words made
	rm -rf $(VENV) $(RIVALS) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
