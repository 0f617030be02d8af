# `make demo` and `make test` need Python 3.11 or newer and nothing else: the rest goes into .venv.
# Another Python, beside it: make quick PYTHON=python3.13 VENV=.venv-3.13
PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= torch,nbgrader,report,docs,dev
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PYTEST := $(BIN)/python -m pytest
PARALLEL := --numprocesses auto --dist worksteal
CLASS := results/class
# What pages are held against in a browser; without npm those tests are skipped, and say so.
AXE := axe-core@4.14.1
# What quick leaves out.
NOT_QUICK := slow or long or nbgrader or browser or attack or sandbox

# What cannot pass here, of the tests that nbgrader ships, run with the judge in the place of its Execute: by name, with why.
NBGRADER_DESELECTED := tests/for_nbgrader/configuration/deselected.txt
# All of them take half an hour and more; continuous integration runs those that meet the judge.
NBGRADER_TESTS ?= api apps nbgraderformat preprocessors utils
# In a process of its own: it makes validators without a configuration, and a configuration changes the process.
NBGRADER_ALONE := test_validator

define nbgrader_tests
	cd $$(mktemp -d) && USER=$${USER:-$$(id -un)} PATH="$(abspath $(BIN)):$$PATH" \
	JUPYTER_CONFIG_PATH="$(CURDIR)/tests/for_nbgrader/configuration" \
	python -m pytest --quiet -p no:cacheprovider --disable-warnings --numprocesses auto --dist worksteal \
	--rootdir="$$("$(abspath $(BIN))/python" -c 'import nbgrader, pathlib; print(pathlib.Path(nbgrader.__file__).parents[1])')" \
	$$(sed -n 's/^\(nbgrader[^ ]*\).*/--deselect=\1/p' "$(CURDIR)/$(NBGRADER_DESELECTED)") \
	--pyargs $(addprefix nbgrader.tests.,$(1))
endef

# The tests start thousands of processes: compiled anew in each, the modules cost as much as the tests.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo picture reference docs test quick test-slow test-random coverage bench bench-full ratios peers scale lint nbgrader-tests clean

demo: $(VENV)/.demo
	rm -rf $(CLASS) && mkdir -p $(CLASS) && cp -R tests/classes/sample/submitted $(CLASS)
	$(BIN)/python tests/classes/generate.py $(CLASS)/submitted 2
	# Exit code 1: one student's file is not in its place. Its wrong answers would be searched for minutes.
	$(BIN)/grader grade $(CLASS)/submitted --out $(CLASS) --db $(CLASS)/record.sqlite --no-repair || test $$? -eq 1
	! grep -q JUDGE_ERROR $(CLASS)/grades.csv
	@echo
	@echo "Look next at what a student gets, and at what you can see of the same answer:"
	@echo "    $(CLASS)/feedback/transposed/jacobians.html"
	@echo "    $(BIN)/grader explain transposed manual_jacobian --db $(CLASS)/record.sqlite"
	@echo "at the whole class, in twenty lines and on one page:"
	@echo "    $(BIN)/grader summary --db $(CLASS)/record.sqlite"
	@echo "    $(BIN)/grader report --db $(CLASS)/record.sqlite --results $(CLASS)"
	@echo "and let it look for the one change that makes each of this student's answers right:"
	@echo "    $(BIN)/grader grade $(CLASS)/submitted --out $(CLASS) --db $(CLASS)/record.sqlite --student transposed"

# What README.md shows of it.
picture: $(VENV)/.demo
	$(BIN)/python tests/support/picture.py docs/grade.svg

# docs/reference.md, after a change to a decorator or to a key of course.yml.
reference: $(VENV)/.dev
	PYTHONPATH=tests/support $(BIN)/python tests/support/reference.py docs/reference.md

# The site in build/docs/html, which loads nothing from elsewhere. A link that leads nowhere, and any other warning, is an error.
docs: $(VENV)/.docs
	$(BIN)/python docs/site/pages.py build/docs/pages
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --jobs auto -c docs/site -d build/docs/cache -b html build/docs/pages build/docs/html

test: $(VENV)/.dev $(VENV)/axe.min.js lint
	$(PYTEST) $(PARALLEL) -m "not long"

# The tests that start neither nbgrader, a browser, an attack nor dozens of workers, and take seconds at most. What such tests
# import takes long as well. Properties are tried on fewer inputs.
quick: $(VENV)/.dev
	HYPOTHESIS_PROFILE=quick $(PYTEST) $(PARALLEL) -m "not ($(NOT_QUICK))" --ignore=tests/for_nbgrader --ignore=tests/attacks --ignore=tests/benchmarks \
		--ignore=tests/test_notebook.py

# What takes too long for each change: whole classes of attackers, attacks in notebooks, every misconception as a student, fifty
# kills, installations, nbgrader's own quickstart and odd notebooks both ways, exercises whose proof takes long.
test-slow: $(VENV)/.dev
	$(PYTEST) $(PARALLEL) -m long

# Property tests with inputs that no run before has drawn. A failure prints its blob, which repeats it.
test-random: $(VENV)/.dev
	HYPOTHESIS_PROFILE=random $(PYTEST) $(PARALLEL) -m "hypothesis and not (long or nbgrader or browser or attack)"

# In all processes that the tests start; pyproject.toml says what is left out, and has the floor.
coverage: $(VENV)/.dev
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest --quiet $(PARALLEL) -m "not (long or nbgrader or browser or attack)"
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/codespell

nbgrader-tests: $(VENV)/.dev
	$(call nbgrader_tests,$(NBGRADER_TESTS))
	$(call nbgrader_tests,$(NBGRADER_ALONE))

# A sample of each table, by a seed: minutes. Notes quote the whole, which takes hours and says how long it took.
SEED ?= 1
bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py --sample $(SEED)

bench-full: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

# What must not become slower, beside its own floor in the same minute; beyond a bound it fails.
ratios: $(VENV)/.dev
	$(BIN)/python benchmarks/ratios.py

# This grader beside others, on a quiet machine: half an hour. Their environments are made once, in build/peers.
peers: $(VENV)/.dev
	PYTHONPATH=benchmarks $(BIN)/python -m peers

# What grading costs, a real class against its simulation, and a deadline on more machines; a quiet machine, some minutes.
scale: $(VENV)/.dev
	PYTHONPATH=benchmarks $(BIN)/python -m scale

clean:
	rm -rf $(VENV) build *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

# A stamp for each set of packages: the second run finds it and installs nothing.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3 -m venv failed: on Debian, apt-get install python3-venv"; exit 1; }

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[torch,report]'
	touch $@

$(VENV)/.docs: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[docs]'
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[$(EXTRAS)]'
	touch $@ $(VENV)/.demo

$(VENV)/axe.min.js: Makefile | $(VENV)/bin/python
	! command -v npm >/dev/null || { cd $(VENV) && npm pack --silent $(AXE) | xargs tar --extract --file; }
	! test -d $(VENV)/package || { mv $(VENV)/package/axe.min.js $@ && rm -r $(VENV)/package $(VENV)/axe-core-*.tgz; touch $@; }
