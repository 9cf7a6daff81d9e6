# make demo | install | test | check | bench | soak | lock | clean
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# The lock files are complete, so nothing is resolved; feedgen is published as source only (pure Python).
LOCKED := --no-deps --require-hashes --only-binary :all:

.PHONY: demo install test check lint bench soak lock clean

demo: .venv/runtime
	$(BIN)/quwen demo

# For operators: what runs, with PostgreSQL and S3 at hand; afterwards .venv/bin/quwen
install: .venv/server

test: .venv/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check README.md

check: lint test

bench: .venv/dev
	for script in tests/bench/bench_*.py; do echo "== $$script"; PYTHONPATH=src:. $(BIN)/python $$script || exit 1; done

# Two hours of two machines, faults and restarts: MINUTES=5 for a short look.
MINUTES ?= 120
soak: .venv/dev
	PYTHONPATH=src:. $(BIN)/python tests/soak.py --minutes $(MINUTES)

# Wants uv on the path (pip install uv). No address of an index gets into the files.
UV := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-package quwen --no-emit-index-url --no-emit-find-links --quiet
lock:
	$(UV) pyproject.toml -o requirements.lock
	$(UV) --group build -c requirements.lock -o requirements-build.lock
	$(UV) pyproject.toml --extra postgres --extra s3 -c requirements.lock -o requirements-server.lock
	$(UV) pyproject.toml --extra postgres --extra parquet --extra s3 --group dev -c requirements-server.lock -c requirements-build.lock -o requirements-dev.lock

clean:
	rm -rf .venv var dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

.venv/build: requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "quwen needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) $(LOCKED) -r requirements-build.lock
	touch $@

.venv/runtime: .venv/build requirements.lock pyproject.toml
	$(PIP) $(LOCKED) --no-build-isolation --no-binary feedgen -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

.venv/server: .venv/build requirements-server.lock pyproject.toml
	$(PIP) $(LOCKED) --no-build-isolation --no-binary feedgen -r requirements-server.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@ .venv/runtime

.venv/dev: .venv/build requirements-dev.lock pyproject.toml
	$(PIP) $(LOCKED) --no-build-isolation --no-binary feedgen -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@ .venv/runtime
