# The commands of the README. PYTHON=python3.12 chooses an interpreter; without it a supported one is looked for.

VENV ?= .venv
BIN := $(VENV)/bin
export PYTHON

.PHONY: help demo test test-fast test-rules test-slow test-all lint citations conformance benchmark docs examples \
        checks-page commands-page matching-page translations rules clean environment environment-dev

help:
	@echo 'make demo        set up, and make the report of a published case in demo/'
	@echo 'make test        the fast tests (the code, the domains), and the checks of style and types'
	@echo 'make test-rules  the tests of the shipped rules'
	@echo 'make test-slow   packaging, 10,000 random genotypes, examples, manuals, the site in a browser'
	@echo 'make test-all    all of these once'
	@echo 'make citations   check the rulebase against its sources (EVIDENCE=FOLDER)'
	@echo 'make conformance compare HIV results with published ones (DATA=FOLDER, EVERY=1 for all by both evaluators)'
	@echo 'make benchmark   one table of all that is measured, with targets (QUICK=1: smaller numbers; see benchmarks/)'
	@echo 'make rules       check, fmt --check and test of the rulebase'
	@echo 'make docs        build the documentation as a site in build/docs/'
	@echo 'make checks-page make rulebase/CHECKS.md anew'
	@echo 'make commands-page  make docs/reference/commands.md anew'
	@echo 'make matching-page  make engine/MATCHING.md anew'
	@echo 'make translations  bring the translations of reports up to the strings of the code'
	@echo 'make examples    make the example reports of reports/examples/ anew'
	@echo 'make clean       remove what the other commands made, but for $(VENV)/'

environment:
	@sh .ci/venv $(VENV)

environment-dev:
	@sh .ci/venv $(VENV) dev

demo: environment
	@mkdir -p demo
	@$(BIN)/resistab evaluate examples/melanoma_nras_q61k.yaml --html demo/report.html --json demo/report.json
	@$(BIN)/resistab evaluate examples/melanoma_nras_q61k.yaml
	@echo
	@echo 'The whole report: demo/report.html (open it in a browser) and demo/report.json'

lint: environment-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

PYTEST := $(BIN)/python -m pytest -n auto

test: lint test-fast

test-fast: environment-dev
	$(PYTEST) --dist worksteal tests/unit tests/domains

test-rules: environment-dev
	$(PYTEST) --dist worksteal tests/rules

# What is in one group stays in one process.
test-slow: environment-dev
	$(PYTEST) --dist loadgroup tests/slow

test-all: test test-rules test-slow

citations: environment-dev
	$(BIN)/python -m resistab.domains.oncology.checks.citation_check $(if $(EVIDENCE),--evidence $(EVIDENCE))

DATA ?= ../shared/data/hiv
conformance: environment-dev
	@if [ -d "$(DATA)" ]; then \
	  $(BIN)/python tools/conformance.py "$(DATA)" $(if $(EVERY),--every $(EVERY)); \
	else echo 'skipped: there is no folder $(DATA) with published results; DATA=FOLDER names one'; fi

benchmark: environment-dev
	$(BIN)/python benchmarks/all.py $(if $(QUICK),--quick) $(if $(LONG),--long) $(if $(ONLY),--only $(ONLY)) \
	  $(if $(MUTATIONS),--mutations $(MUTATIONS)) $(if $(BEFORE),--before $(BEFORE)) \
	  $(if $(SIERRALOCAL),--sierralocal $(SIERRALOCAL)) $(if $(PHENOTYPES),--phenotypes $(PHENOTYPES)) \
	  $(if $(JSON),--json $(JSON))

rules: environment-dev
	$(BIN)/resistab check --strict rulebase
	$(BIN)/resistab fmt --check rulebase
	$(BIN)/resistab test rulebase

docs: environment-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo 'The documentation: build/docs/index.html'

checks-page: environment-dev
	$(BIN)/python tools/checks_page.py

commands-page: environment-dev
	$(BIN)/python tools/commands_page.py

matching-page: environment-dev
	$(BIN)/python tools/matching_page.py

translations: environment-dev
	$(BIN)/python tools/translations.py

examples: environment-dev
	$(BIN)/python tools/examples.py

clean:
	rm -rf demo build dist .venvs .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find engine tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
