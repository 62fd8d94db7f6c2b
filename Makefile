# Two commands matter: `make run` and `make test`. Everything else helps those who change the code; `make help` lists it.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
ENV := $(if $(wildcard .env),set -a; . ./.env; set +a;)
PARALLEL := -n auto --dist worksteal   # processes: see tests/conftest.py; ARGS="-n 0" runs all tests in one
CODE := benchmarks ingestion rag sample_docs tests tools ui

.PHONY: run help test test-all lint format eval bench docs pictures reindex lock audit wheel clean

run: $(VENV)/.run                  ## the app with the sample documents, on http://127.0.0.1:7860
	@$(ENV) $(PY) app.py $(ARGS)

help:                              ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: $(VENV)/.dev                 ## the everyday tests; ARGS="-k name" picks some
	$(PY) -m pytest $(PARALLEL) $(ARGS)

test-all: $(VENV)/.dev             ## the slow tests too
	$(PY) -m pytest -m "slow or not slow" $(PARALLEL) $(ARGS)

lint: $(VENV)/.dev                 ## rules, layout and types of the code, as CI checks them
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: $(VENV)/.dev               ## mends what ruff can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

eval: $(VENV)/.run                 ## retrieval metrics: QUESTIONS=path/to/questions.jsonl
	@test -n "$(QUESTIONS)" || { echo "Which questions? make eval QUESTIONS=path/to/questions.jsonl" >&2; exit 2; }
	@$(ENV) $(PY) -m rag eval $(QUESTIONS) $(ARGS)

bench: $(VENV)/.dev                ## reading PDFs, beside other readers: DIR=folder (the sample documents)
	@$(PY) benchmarks/bench.py "$(or $(DIR),sample_docs)" $(ARGS)

docs: $(VENV)/.dev                 ## the site of docs/, into site/; strict: a link that leads nowhere fails
	@NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build $(ARGS)
	@echo "To read it: $(PY) -m http.server -d site 8001. Any web server can serve the folder."

pictures: $(VENV)/.dev             ## those of README and docs, taken from the running app in an installed Chromium
	@$(PY) tools/pictures.py $(ARGS)

reindex: $(VENV)/.run              ## embeds all anew with the encoder that .env names; ARGS="--gate QUESTIONS.jsonl"
	@$(ENV) $(PY) -m rag reindex $(ARGS)

lock: $(VENV)/.dev                 ## the newest exact versions that the short lists allow, with hashes
	$(PY) tools/lock.py --upgrade

audit: $(VENV)/.dev                ## known weaknesses of everything that is locked, by PyPI's advisories; ARGS="-s osv" asks OSV
	@$(PY) tools/audit.py $(ARGS)

wheel: $(VENV)/.run                ## the package, in dist/
	@rm -rf build pagesight.egg-info   # what is left of an earlier one would come along
	$(PIP) wheel --quiet --no-deps --wheel-dir dist .
	@rm -rf build pagesight.egg-info
	@ls dist

clean:                             ## removes what these commands have made; never an index or .env
	rm -rf $(VENV) build dist site pagesight.egg-info .pytest_cache .mypy_cache .ruff_cache __pycache__
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made: requirements-pip.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is too old: Python 3.11 or newer is needed, name one with make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet -r requirements-pip.txt
	@touch $@

$(VENV)/.run: requirements.txt requirements-cuda.txt $(VENV)/.made
	$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PIP) install -r requirements-dev.txt
	@touch $@
