# Groundwork (地气). Two commands matter: `make run` and `make test`.
PORT ?= 8000
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# Two at a time, as there are cores on the smallest machine; a third builds its own worlds for nothing.
TESTERS ?= 2
# A run starts some hundred Pythons: let each find what the one before it compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test test-checks lint lint-types lint-style real-parts empty-city test-setup \
	test-sqlite test-postgresql test-browser \
	round-areas round-cities round-postgresql round-browser lock messages rules bench screenshots

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  PORT=8001 chooses the port, LAN=1 lets phones in the office reach it (make run LAN=1)."

setup: ## Make the environment in .venv (again only when the lock changed)
	@tools/setup.sh run

run: setup ## Serve the city at http://127.0.0.1:8000/ (PORT=…, LAN=1); Ctrl-C stops it
	@exec $(PY) -m config.cli run --port $(PORT) $(if $(filter-out 0,$(LAN)),--lan)

test: test-checks test-sqlite test-postgresql test-browser ## Everything: style, SQLite, PostgreSQL, real Chromium

test-setup:
	@tools/setup.sh test

lint: test-setup ## Style, types, import contracts, texts, rules, migrations, lock
	+@$(TOGETHER) lint-types lint-style

test-checks: test-setup
	+@$(TOGETHER) lint-types lint-style real-parts empty-city

lint-types:
	$(PY) -m mypy

lint-style:
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m djlint groundwork --lint --quiet
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) tools/messages.py --check
	$(PY) tools/rules.py --check
	$(PY) tools/figures.py --check
	@! grep -nE '://|--(extra-)?index-url|--find-links' requirements/*.txt || \
		{ echo "The lock names an index address: make lock"; exit 1; }

# Every round begins with a copy of it, and would wait for whoever makes it first.
empty-city:
	@$(PY) -c 'from tests.city import ready; ready()'

real-parts:
	@tools/servers.sh
	@tools/browser.sh

test-sqlite: test-setup real-parts ## The suite on SQLite, with the real server
	+@$(TOGETHER) round-areas later-round-cities

test-postgresql: test-setup ## The suite on PostgreSQL from a wheel
	+@$(ALONE) round-postgresql

test-browser: test-setup real-parts ## The journeys in real Chromium
	+@$(ALONE) round-browser

ALONE = $(MAKE) --no-print-directory
TOGETHER = $(ALONE) -j 3

round-areas:
	$(PYTEST) -n $(TESTERS) -m "not browser and not city"

# Whole cities mostly wait for their processes: one at a time, beside what computes.
round-cities:
	$(PYTEST) -m "city and not browser"

round-postgresql:
	$(PY) tools/pg.py $(PYTEST) -n $(TESTERS) -m "not browser and not city"

round-browser:
	$(PYTEST) -n $(TESTERS) --dist worksteal -m browser $(BROWSED)
BROWSED = tests/journeys $(shell grep -rl --include='test_*.py' 'mark[.]browser' groundwork tests)

# Two rounds do not speak at once: this one says all when it has ended.
later-%:
	+@$(ALONE) $* >build/$*.log 2>&1; rc=$$?; cat build/$*.log; exit $$rc

lock: ## Resolve the dependencies again and write their hashes
	uv pip compile pyproject.toml --group build $(LOCK) -o requirements/run.txt
	uv pip compile pyproject.toml --group build --extra test -c requirements/run.txt \
		$(LOCK) -o requirements/test.txt
	uv pip compile --group installer $(LOCK) -o requirements/installer.txt
LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --quiet

messages: test-setup ## Add new texts to the English catalogues (AREA=study for one)
	$(PY) tools/messages.py $(AREA)
	$(PY) tools/messages.py --compile $(AREA)

rules: test-setup ## Write docs/rules.md, docs/figures.md and the table of settings in docs/operations.md
	$(PY) tools/rules.py
	$(PY) tools/figures.py
	$(PY) tools/settings.py

bench: test-setup ## Measure one claim: make bench NAME=sign_in
	@test -f "bench/$(NAME).py" || { echo "NAME=… one of:"; ls bench | sed -n 's/^\([a-z].*\)\.py$$/  \1/p'; exit 1; }
	$(PY) -m bench.$(NAME) $(ARGS)

screenshots: test-setup ## Take the README's pictures from the demo city
	@tools/browser.sh
	$(PY) tools/screenshots.py
