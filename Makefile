# Halyard on one machine. Needs Linux, Python 3.11+ and make; installs into .venv, keeps data in .data.
# Variables of make up, at every start: WEB_PORT FLOWER_PORT MAIL_PORT SANDBOX_SMTP_PORT SANDBOX_PORT, EXTRA_APPS,
# DATABASE_URL and BROKER_URL for servers of yours. Of every command: DATA_DIR. (make up WEB_PORT=8010)

# No path is written out: folders may have spaces.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help up test quick bench machine chaos mutants check lock logs status manage stop reset migrations

# Every process would compile every module again, at every start.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv/bin/python
INSTALL := $(PYTHON) -I launcher/install.py
INSTALLED := { test -x $(VENV) || { echo "Nothing is installed yet: make up does it."; exit 1; }; }
CONTRACTS := $(VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
# Asks the models alone: no server is contacted, and Django's remark about that is not wanted.
A_KEY := $(VENV) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'
MIGRATIONS := SECRET_KEY=unused SEALING_KEYS="$$($(A_KEY))" DATABASE_URL=postgresql://%2Fnowhere/none $(VENV) -W ignore::RuntimeWarning manage.py makemigrations

# Nearly all that stands there starts programs of ours; reading it would take longer than the rest.
SLOW := $(patsubst %,--ignore=tests/%,proofs journeys launcher sandbox bench)

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'
	@echo; sed -n 's/^# //p' Makefile | sed -n '2,3s/^/  /p'

up: ## Install what is missing, start everything, print READY and every address; Ctrl-C stops it
	@UP_BEGAN="$$(date +%s.%N)" && export UP_BEGAN && $(INSTALL) sandbox media && exec $(VENV) -m launcher

status: ## Show every process: pid, state, restarts, memory
	@$(INSTALLED) && exec $(VENV) -m launcher status

logs: ## Follow every log, the process in front of each line (ONLY="web relay" for some)
	@$(INSTALLED) && exec $(VENV) -m launcher logs $(ONLY)

manage: ## Run one of Django's commands on the running shop (ARGS="doctor", ARGS="watch H-10001")
	@$(INSTALLED) && exec $(VENV) -m launcher manage $(ARGS)

stop: ## Stop what `make up` started in another terminal
	@$(INSTALLED) && exec $(VENV) -m launcher stop

reset: ## Stop and delete all data, after a question (YES=1 answers it)
	@$(INSTALLED) && exec $(VENV) -m launcher reset

test: ## Install what tests need and run them (ARGS="tests/proofs/failures -x" for some; CI=true: as CI)
	@$(INSTALL) dev && exec $(VENV) -m pytest $(ARGS)

quick: ## Lint, types, contracts and every test that starts no process of ours: a minute
	@$(INSTALL) dev
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy .
	$(CONTRACTS)
	$(VENV) -m pytest -q -n 2 -m "not starts_processes and not exhaustive and not timeout and not xdist_group" $(SLOW) $(ARGS)

bench: ## Measure: speed, waiting, cost, beside plain Celery (ARGS="throughput --quick", ARGS=--help)
	@$(INSTALL) dev && exec $(VENV) -m tests.bench $(ARGS)

machine: ## Any order of mishaps, judged by the external services' journals: a hundred stories, two minutes
	@$(INSTALL) dev && HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-long} exec $(VENV) -m pytest -n 0 tests/proofs/machine $(ARGS)

chaos: ## Kill, wipe, restart while 1,000 orders are paid, then count (ARGS="halyard --seed 7", ARGS=--help)
	@$(INSTALL) dev && exec $(VENV) -m tests.proofs.chaos $(ARGS)

mutants: ## Switch off one mechanism at a time, in a copy: a test must notice (ARGS="fence lock", ARGS=--help)
	@$(INSTALL) dev && exec $(VENV) -m tests.proofs.mutants $(ARGS)

check: ## Lint, formatting, types, import contracts, missing migrations, licences
	@$(INSTALL) dev
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy .
	$(CONTRACTS)
	$(MIGRATIONS) --check --dry-run
	$(VENV) deploy/licences.py requirements/base.txt requirements/media.txt requirements/anymail.txt

migrations: ## Write the migrations that changed models need
	@$(INSTALL) dev
	$(MIGRATIONS) $(ARGS)

lock: ## Write requirements/*.txt from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/base.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra sandbox pyproject.toml -o requirements/sandbox.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra media pyproject.toml -o requirements/media.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra anymail pyproject.toml -o requirements/anymail.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra sandbox --extra media --extra anymail --extra dev pyproject.toml -o requirements/dev.txt
