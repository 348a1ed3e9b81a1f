# Two commands are all a newcomer needs: `make run` and `make test`. Paths are relative, so the checkout may lie
# in a folder whose name has spaces and å in it.

PYTHON ?= python3
PORT ?= 8000
export PORT

python := .venv/bin/python
manage := $(python) manage.py
# One more than there are cores: a test waits for PostgreSQL, or for a browser, about as often as it computes.
# Asked for when the line runs: before, a fresh checkout has no Python of its own.
workers = $$($(python) -c 'import os; print((os.cpu_count() or 1) + 1)')

# FILE of backup and restore, where it is given.
FILE ?=

.PHONY: run dev test lint screenshots bench load stop backup restore
.DEFAULT_GOAL := run

# $(call install,FILE): the virtual environment holds what FILE pins. Skipped where the mark of last time fits.
define install
@test -x $(python) || { \
	for python in "$(PYTHON)" python3 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	test -n "$$found" || { echo "Python 3.11 or newer is needed: make run PYTHON=/path/to/python3" >&2; exit 1; }; \
	echo "Making .venv with $$found …"; \
	"$$found" -m venv .venv || { rm -rf .venv; exit 1; }; }
@mark="$$(cat requirements.txt $(1) | cksum)"; \
test "$$mark" = "$$(cat .venv/.installed-$(1) 2>/dev/null)" || { \
	echo "Installing $(1) …"; \
	$(python) -m pip install --quiet --disable-pip-version-check -r $(1) && echo "$$mark" > .venv/.installed-$(1); }
endef

# The demo is refused outside the embedded database unless SBS_DEMO=1; so it is not asked for there.
run: export DEBUG = 0
run:
	$(call install,requirements.txt)
	@$(manage) migrate --verbosity 0
	@if test -z "$$DATABASE_URL" || test "$$SBS_DEMO" = 1; then $(manage) demo; fi
	@$(manage) collectstatic --no-input --verbosity 0
	@exec $(python) -m gunicorn --config python:sbs_portal.gunicorn --pid ".venv/web-$$PORT.pid" sbs_portal.wsgi

dev: export DEBUG = 1
dev:
	$(call install,requirements-dev.txt)
	@$(manage) migrate --verbosity 0
	@if test -z "$$DATABASE_URL" || test "$$SBS_DEMO" = 1; then $(manage) demo; fi
	@exec $(manage) runserver "localhost:$$PORT"

test:
	$(call install,requirements-dev.txt)
	@$(python) -m pytest -n "$(workers)" --dist worksteal

lint:
	$(call install,requirements-dev.txt)
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

# The pictures in docs/screenshots, of the demo as it is today.
screenshots:
	$(call install,requirements-dev.txt)
	@$(python) -m tests.browser.screenshots

# make bench [FACTORS="0.1 1 10"] [ROUNDS=9]: how fast it is, beside the least there can be and plain Django REST
# framework. About ten minutes, half of it loading the country, which is kept for the next time.
bench:
	$(call install,requirements.txt)
	@$(manage) collectstatic --no-input --verbosity 0
	@$(python) -m bench $(if $(FACTORS),--factors $(FACTORS)) $(if $(ROUNDS),--rounds $(ROUNDS))

# make load [MINUTES=2] [KILLS=20]: whether it holds under load, and when web and database are killed meanwhile.
load:
	$(call install,requirements.txt)
	@$(manage) collectstatic --no-input --verbosity 0
	@$(python) -m bench.load $(if $(MINUTES),--minutes $(MINUTES)) $(if $(KILLS),--kills $(KILLS))

stop:
	@if test -x $(python); then $(manage) stop_database; fi

# make backup [FILE=…]: the whole database in one file, also while the portal is used.
backup:
	$(call install,requirements.txt)
	@$(manage) backup $(if $(FILE),"$(FILE)")

# make restore FILE=…: the backup takes the database's place, and what was there is kept under another name.
restore:
	$(call install,requirements.txt)
	@test -n "$(FILE)" || { echo "Say which: make restore FILE=path/to/backup.dump" >&2; exit 1; }
	@$(manage) restore "$(FILE)"
