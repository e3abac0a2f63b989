# KetaTUI. Needs git, make, and python3 (3.11 or newer) with venv; everything else is installed
# into .venv from the locks, whose hashes are checked.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
PIP    := $(PY) -m pip --disable-pip-version-check
# The lock is made by one version of uv, so that it comes out the same everywhere.
UV_VERSION := 0.13.9
LOCKER := .venv-lock
UV     := $(LOCKER)/bin/uv
PEERS  := .venv-peers
NODE   := .node-interop
INTEROP := .venv-interop
SPARK  := .venv-spark
ARGS   ?=
# Whoever has it set would compile the tests anew in each of their processes.
unexport PYTHONDONTWRITEBYTECODE

# Each stamp is written when its step has succeeded; a repeated run does nothing.
MADE := $(VENV)/.made
RUN  := $(VENV)/.run-installed
DEV  := $(VENV)/.dev-installed

INSTALL_SELF := $(PIP) install -qq --no-index --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
N      ?= 1000
.PHONY: help run test test-sessions test-long anew check lint format types imports criteria lock bench bench-peers figures demo-cases soak \
	fuzz mutants interop spark audit wheel clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(RUN) ## Install what is needed and open the app (ARGS="assess case.toml" runs a command)
	@$(BIN)/ketatui $(ARGS)

test: $(DEV) ## Run the tests (ARGS="-k name -x" goes to pytest)
	@$(PY) -m pytest $(ARGS)

test-sessions: $(DEV) ## Play sessions with the real program in a pseudo-terminal (ARGS="-k killed")
	@$(PY) -m pytest -m "terminal and not long" tests/terminal $(ARGS)

test-long: $(DEV) ## Run all tests, those that take long too, with many more random examples
	@KETATUI_EFFORT=10 $(PY) -m pytest -m "long or not long" --timeout=1200 \
		-o faulthandler_timeout=2400 $(ARGS)

anew: $(DEV) ## Write anew what is made and not typed: schemas, examples, keys, snapshots of screens
	@$(PY) scripts/schemas.py
	@$(PY) scripts/examples.py
	@$(PY) scripts/keys.py
	@UPDATE_SNAPSHOTS=1 $(PY) -m pytest -q tests/tui/test_snapshots.py

check: lint format types imports criteria ## Check style, types, import rules and the criteria

lint: $(DEV)
	$(BIN)/ruff check

format: $(DEV)
	$(BIN)/ruff format --check

types: $(DEV)
	$(BIN)/mypy

imports: $(DEV)
	$(BIN)/lint-imports --no-logo

criteria: $(DEV)
	$(BIN)/ketatui criteria check
	$(BIN)/ketatui practice check

bench: $(DEV) ## Measure against the floor, with aims (ARGS="library --cases 100000", ARGS="--json FILE")
	@$(PY) -m benchmarks $(ARGS)

bench-peers: $(PEERS)/.made $(PEERS)/.apps ## Measure beside other engines and apps, installed for it
	@$(PEERS)/bin/python -m benchmarks.peers

figures: $(DEV) ## Measure everything and write the figures into docs/performance.md
	@$(PY) -m benchmarks --json benchmarks/figures.json $(ARGS)
	@$(PY) scripts/performance_page.py

demo-cases: $(RUN) ## Write N=1000 invented cases into demo_cases/, to try the library with
	@$(PY) scripts/demo_cases.py $(N) $(ARGS)

soak: $(DEV) ## Kill, fill, unplug the real program, for 23 minutes (ARGS="--kills 50")
	@$(PY) -m reliability soak $(ARGS)

fuzz: $(DEV) ## Give random input to everything that reads (ARGS="--examples 500")
	@$(PY) -m reliability fuzz $(ARGS)

mutants: $(DEV) ## Make criteria and engine wrong, and see who notices (ARGS="--sample 20")
	@$(PY) -m reliability mutants $(ARGS)

interop: $(DEV) $(NODE)/.made $(INTEROP)/.made ## Give what we export to programs of others (ARGS="cql")
	@$(PY) -m interop $(ARGS)

spark: $(SPARK)/.made ## Screen random patients with Spark under ANSI rules, and compare (Java 17)
	@$(SPARK)/bin/python -m reliability cohort --engine spark --patients 2000 $(ARGS)

audit: ## Look for known vulnerabilities in what is locked (needs the network)
	@$(PYTHON) -m venv --clear .venv-audit
	@.venv-audit/bin/python -m pip --disable-pip-version-check install -qq pip-audit
	@.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements-dev.lock $(ARGS)

wheel: $(DEV) ## Build the wheel and the source distribution into dist/
	@$(PY) -m hatchling build -d dist

# uv reads no settings of the machine here, and writes no address into the locks.
COMPILE := env -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_CONFIG_FILE \
	-u UV_CONSTRAINT -u UV_OVERRIDE $(UV) pip compile pyproject.toml --quiet --no-config \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate --no-sources $(ARGS)

lock: $(UV) ## Write both locks anew (ARGS=--upgrade takes the newest versions)
	@$(COMPILE) --extra pdf --group build --output-file requirements.lock
	@$(COMPILE) --extra pdf --group build --group dev --constraints requirements.lock \
		--output-file requirements-dev.lock
	@echo "Locks written. Now: make check test"

clean: ## Remove the environment, caches and built files (never cases or drafts)
	@rm -rf $(VENV) $(LOCKER) $(PEERS) $(NODE) $(INTEROP) $(SPARK) .venv-audit dist build .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	@find ketatui tests benchmarks reliability -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "KetaTUI needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; \
		exit 1; }
	@echo "Creating the environment in $(VENV) ..." >&2
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo "python3 has no venv here; on Debian: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(RUN): $(MADE) requirements.lock pyproject.toml
	@echo "Installing (once) ..." >&2
	@$(PIP) install -qq --require-hashes -r requirements.lock
	@$(INSTALL_SELF)
	@touch $@

$(DEV): $(RUN) requirements-dev.lock
	@echo "Installing the development tools (once) ..." >&2
	@$(PIP) install -qq --require-hashes -r requirements-dev.lock
	@touch $@

$(PEERS)/.made: benchmarks/peers.txt requirements.lock
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check install -qq --require-hashes -r requirements.lock
	@$(PEERS)/bin/python -m pip --disable-pip-version-check install -qq -r benchmarks/peers.txt
	@touch $@

$(NODE)/.made: interop/package.json
	@mkdir -p $(NODE) && cp interop/package.json $(NODE)/
	@cd $(NODE) && npm install --no-package-lock --legacy-peer-deps --no-audit --no-fund --silent || { \
		echo "npm is needed for this, with Node 20 or newer" >&2; exit 1; }
	@touch $@

$(INTEROP)/.made: interop/requirements.txt
	@$(PYTHON) -m venv --clear $(INTEROP)
	@$(INTEROP)/bin/python -m pip --disable-pip-version-check install -qq -r interop/requirements.txt
	@touch $@

# Spark is large and needs Java: it is no part of the development environment.
$(SPARK)/.made: requirements-dev.lock pyproject.toml
	@$(PYTHON) -m venv --clear $(SPARK)
	@$(SPARK)/bin/python -m pip --disable-pip-version-check install -qq --require-hashes -r requirements-dev.lock
	@$(SPARK)/bin/python -m pip --disable-pip-version-check install -qq "pyspark>=4.3,<5"
	@touch $@

# Each app in an environment of its own: they want other versions of Textual. One that cannot be
# installed is left out.
$(PEERS)/.apps: $(PEERS)/.made benchmarks/peer-apps.txt
	@grep -v '^#' benchmarks/peer-apps.txt | while read -r app; do \
		place=$(PEERS)/apps/$${app%%==*}; \
		$(PYTHON) -m venv --clear $$place && \
		$$place/bin/python -m pip --disable-pip-version-check install -qq $$app 2>/dev/null || { \
			echo "$$app cannot be installed here: it is not started" >&2; rm -rf $$place; }; \
	done
	@touch $@

$(UV):
	@$(PYTHON) -m venv --clear $(LOCKER)
	@$(LOCKER)/bin/python -m pip --disable-pip-version-check install -qq uv==$(UV_VERSION)
