# Every target does all of its own set-up: it needs Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCALE := factorypos_tui/locale

DEV := .dev

.PHONY: help demo dev test check check-long snapshots pictures film translations openapi schema places lock deb clean

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo 'Setting up $(VENV): a minute or two, and only this once.'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY)  ## a shop that sells and closes, its FactoryCLOUD, and the app
	$(BIN)/factorypos-tui demo

# Textual's switches: styles are read again when a .tcss file is saved, its log goes to a file and, where
# textual-dev is installed, to `textual console`. The home stays, for commands from another terminal.
dev: $(READY)  ## the demo as a developer wants it: styles change as they are saved, .dev/ is kept
	TEXTUAL=debug,devtools TEXTUAL_LOG=$(DEV)/textual.log $(BIN)/factorypos-tui --home $(DEV) demo

test: $(READY)  ## all tests
	$(BIN)/pytest

check: $(READY)  ## what CI asks: style, types, walls, tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

check-long: check  ## the rest: tests marked long, workers killed a thousand times, and property tests on examples that no run has seen
	$(BIN)/pytest -m long
	$(BIN)/python benchmarks/torture.py --kills 1000 --seed 45
	for round in 1 2 3 4 5; do $(BIN)/pytest -m hypothesis --hypothesis-profile search || exit 1; done

openapi: $(READY)  ## write docs/openapi.json again from the server
	$(BIN)/python -m factorypos_tui.server.openapi > docs/openapi.json

schema: $(READY)  ## write docs/config.schema.json again from the keys of config.toml
	$(BIN)/python -m factorypos_tui.cli.config_writing > docs/config.schema.json

places: $(READY)  ## write the tables of countries and currencies again from CLDR
	$(BIN)/python packaging/places.py

snapshots: $(READY)  ## write the screens' pictures and screens.md again; look at each before you commit it
	$(BIN)/pytest tests/tui --snapshot-update

pictures: $(READY)  ## draw docs/pictures/ again, the pages in a browser (needs chromium); look at each before you commit it
	$(BIN)/python -m tests.server.web.page_pictures

film: $(READY)  ## record docs/tour.cast again: it takes as long as it lasts
	$(BIN)/python -m tests.support.film > $(DEV)-tour.cast
	mv $(DEV)-tour.cast docs/tour.cast

translations: $(READY)  ## collect the texts of the source into the catalogues and compile them
	$(BIN)/pybabel --quiet extract --no-location --sort-output --omit-header -k _ -k N_ -k counted:1,2 \
	  -o $(LOCALE)/factorypos.pot factorypos_tui $$($(BIN)/python -c 'import click; print(*click.__path__)')
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -D factorypos -i $(LOCALE)/factorypos.pot -d $(LOCALE)
	$(BIN)/pybabel --quiet compile -D factorypos -d $(LOCALE)
	$(BIN)/pybabel --quiet extract --no-location --sort-output --omit-header --no-default-keywords -k told -k told_in:2 -k marked -F pyproject.toml \
	  -o $(LOCALE)/factorycloud.pot factorypos_tui/server
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -D factorycloud -i $(LOCALE)/factorycloud.pot -d $(LOCALE)
	$(BIN)/pybabel --quiet compile -D factorycloud -d $(LOCALE)

lock:  ## resolve the dependencies again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --all-extras --group dev pyproject.toml --output-file requirements.lock

deb: $(READY)  ## build dist/*.deb for this Debian release and processor (needs debhelper)
	packaging/deb/build dist

clean:  ## take the virtual environment away
	rm -rf $(VENV)
