# make run      the lab on http://127.0.0.1:8050
# make test     every check and test, as CI runs them
# make bench    the speed claims, each beside what it is compared with
# make install  .venv with the test extras;  make clean  caches and build products away

VENV := .venv
NODE_MODULES := node_modules/.package-lock.json
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8050
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
BENCHMARKS := training sweep reproduce_thesis recording separation attack film presets autograd

.PHONY: run install test bench clean

run: $(VENV)/.runtime
	$(BIN)/nnprobe serve --host $(HOST) --port $(PORT)

install: $(VENV)/.test

test: install $(NODE_MODULES)
	$(BIN)/python tests/playwright_driver.py --install
	$(BIN)/python tests/find_chromium.py --install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/node.py npm run --silent lint
	$(BIN)/python tests/node.py npm run --silent types
	$(BIN)/python -m pytest --numprocesses logical --dist loadfile --no-loadscope-reorder $(PYTEST)

bench: install
	@failed=; for name in $(BENCHMARKS); do \
		echo "== $$name"; $(BIN)/python -m benchmarks.$$name || failed="$$failed $$name"; \
	done; if [ -n "$$failed" ]; then echo "Failed:$$failed"; exit 1; fi

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find app nnprobe_core tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says what is installed, so that the second call is quick.
$(VENV)/.runtime: $(BIN)/python pyproject.toml setup.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml setup.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $(VENV)/.runtime $@

# What checks the scripts, by a Node.js that is one of the test extras: `make run` needs neither.
$(NODE_MODULES): package.json package-lock.json .npmrc | $(VENV)/.test
	$(BIN)/python tests/node.py npm ci --loglevel=error
	@touch $@

$(BIN)/python:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "nnprobe needs Python 3.11 or newer, and found none: make PYTHON=/path/to/python3.12 uses that one."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment: on Debian and Ubuntu, apt install python3-venv."; exit 1; }
