# `make demo` and `make test` need Python 3.11 or newer and nothing else: the rest goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
CLASS := results/class

.PHONY: demo test bench lint nbgrader-tests clean

demo: $(VENV)/.demo
	rm -rf $(CLASS) && mkdir -p $(CLASS) && cp -R tests/classes/sample/submitted $(CLASS)
	$(BIN)/python tests/classes/generate.py $(CLASS)/submitted
	$(BIN)/grader grade $(CLASS)/submitted --out $(CLASS) || test $$? -eq 1  # one student's file is not in its place

test: $(VENV)/.dev lint
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# nbgrader's own tests, which it ships, with the judge configured. --no-execute is refused, which one of them asks for.
nbgrader-tests: $(VENV)/.dev
	cd $$(mktemp -d) && PATH="$(CURDIR)/$(BIN):$$PATH" JUPYTER_CONFIG_PATH="$(CURDIR)/tests/for_nbgrader/configuration" \
	python -m pytest --quiet -p no:cacheprovider --disable-warnings --numprocesses auto -k "not test_no_execute" --pyargs \
	$(addprefix nbgrader.tests.apps.test_nbgrader_,autograde validate generate_feedback export)

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/isolation.py
	$(BIN)/python benchmarks/for_nbgrader.py

clean:
	rm -rf $(VENV) build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache

# A stamp for each set of packages: the second run finds it and installs nothing.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3 -m venv failed: on Debian, apt-get install python3-venv"; exit 1; }

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[torch]'
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[torch,nbgrader,dev]'
	touch $@ $(VENV)/.demo
