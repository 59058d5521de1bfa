# Needs GNU make and Python 3.11 or newer with its venv module (Debian, Ubuntu: apt-get install make python3-venv).
# Everything is installed into .venv, from the pinned and hashed files under requirements/.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check --quiet
BASE   := $(VENV)/.stamps/base
DEV    := $(VENV)/.stamps/dev
LINTED := $(wildcard migrator fixtures tests benchmarks)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test soak lint format types imports docs docs-check check bench requirements clean

help:
	@echo "make demo          the main job on the bundled legacy newsroom; report in build/demo/report/index.html"
	@echo "make test          all tests (ARGS='tests/unit -k text' for some)"
	@echo "make check         lint, types, imports, docs-check"
	@echo "make format        let ruff rewrite the code"
	@echo "make docs          regenerate docs/reference"
	@echo "make soak N=300    kill runs at random moments, N times, and compare what is left"
	@echo "make bench         measure: one body, and a whole run of 20,000 articles"
	@echo "make requirements  pin again after editing pyproject.toml (UPGRADE=--upgrade for newer versions)"
	@echo "make clean         remove what was built; .venv stays"

# Made only when its interpreter is missing: a venv in use is left alone.
$(PY):
	@command -v $(PYTHON) >/dev/null || { echo "migrator needs Python 3.11 or newer; '$(PYTHON)' was not found. Try: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "migrator needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(BASE): requirements/base.txt pyproject.toml | $(PY)
	$(PIP) install --require-hashes -r requirements/base.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p $(@D) && touch $@

$(DEV): requirements/dev.txt pyproject.toml | $(PY)
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p $(@D) && touch $@

demo: $(BASE)
	$(VENV)/bin/migrator demo build/demo

test: $(DEV)
	$(PY) -m pytest $(ARGS)

lint: $(DEV)
	$(VENV)/bin/ruff check $(LINTED)
	$(VENV)/bin/ruff format --check $(LINTED)

format: $(DEV)
	$(VENV)/bin/ruff check --fix $(LINTED)
	$(VENV)/bin/ruff format $(LINTED)

types: $(DEV)
	$(VENV)/bin/mypy

imports: $(DEV)
	$(VENV)/bin/lint-imports

docs: $(DEV)
	$(PY) -m migrator.cli.docs

docs-check: $(DEV)
	$(PY) -m migrator.cli.docs --check

check: lint types imports docs-check

bench: $(DEV)
	PYTHONPATH=fixtures $(PY) benchmarks/html/body.py
	PYTHONPATH=fixtures $(PY) benchmarks/run/newsroom.py --articles 20000

soak: $(DEV)
	PYTHONPATH=.:fixtures $(PY) -m tests.e2e.soak $(or $(N),300)

# dev is compiled against base, so that both install the same versions. Pins move only with UPGRADE=--upgrade.
COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --group build \
           --no-emit-index-url --no-emit-find-links --no-annotate --no-header $(UPGRADE)

requirements: | $(DEV)
	$(VENV)/bin/$(COMPILE) --output-file requirements/base.txt
	$(VENV)/bin/$(COMPILE) --output-file requirements/dev.txt --constraint requirements/base.txt \
	  --extra mysql --extra postgres --extra reports --extra dev
	sed -i '1i # Pinned with hashes from pyproject.toml; regenerate with: make requirements' requirements/base.txt requirements/dev.txt
	@! grep -nE '://|^--?(i|f|index|extra-index|find-links)' requirements/*.txt || { echo "an address got into requirements/" >&2; exit 1; }

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
