# Two commands matter: `make run` and `make test`. Everything else helps those who change the code.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
COMPILE := $(PY) -m piptools compile -q --no-header --no-emit-find-links --no-emit-index-url --no-emit-trusted-host \
	--strip-extras --allow-unsafe
ENV := $(if $(wildcard .env),set -a; . ./.env; set +a;)

.PHONY: run test test-all lint format eval reindex lock clean

run: $(VENV)/.run                  ## the app with the sample documents, on http://127.0.0.1:7860
	@$(ENV) $(PY) app.py $(ARGS)

test: $(VENV)/.dev                 ## the everyday tests; ARGS="-k name" picks some
	$(PY) -m pytest $(ARGS)

test-all: $(VENV)/.dev             ## the slow ones too
	$(PY) -m pytest -m "slow or not slow" $(ARGS)

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m mypy

format: $(VENV)/.dev
	$(PY) -m ruff check --fix .

eval: $(VENV)/.run                 ## make eval QUESTIONS=path/to/questions.jsonl
	@test -n "$(QUESTIONS)" || { echo "Which questions? make eval QUESTIONS=path/to/questions.jsonl" >&2; exit 2; }
	@$(ENV) $(PY) -m rag eval $(QUESTIONS) $(ARGS)

reindex: $(VENV)/.run              ## embeds all anew with the encoder that .env names; ARGS="--gate QUESTIONS.jsonl"
	@$(ENV) $(PY) -m rag reindex $(ARGS)

lock: $(VENV)/.dev                 ## new exact versions from the short lists
	$(COMPILE) --upgrade -o requirements.txt requirements.in
	sed -i.old 's/^\(torch==[0-9.]*\)+cpu/\1/' requirements.txt && rm requirements.txt.old
	$(COMPILE) --upgrade -o requirements-int8.txt requirements-int8.in
	$(COMPILE) --upgrade -o requirements-dev.txt requirements-dev.in

clean:
	rm -rf $(VENV)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is too old: Python 3.11 or newer is needed, name one with make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.txt | $(VENV)/.made
	$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PIP) install -r requirements-dev.txt
	@touch $@
