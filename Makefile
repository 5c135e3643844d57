# Two commands do all the set-up on a fresh machine with Python 3.11+: `make run` and `make test`.
.PHONY: run test demo simulate bench lock clean
.DEFAULT_GOAL := run

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
INSTALL := sh tools/install

run: $(VENV)/run.stamp
	@$(PY) -m bot run

demo: $(VENV)/run.stamp
	@$(PY) -m bot demo

simulate: $(VENV)/run.stamp
	@$(PY) -m bot simulate

test: $(VENV)/test.stamp
	@sh tools/system-packages
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@PYTHONPATH=. $(VENV)/bin/lint-imports
	@$(PY) -m pytest -n 3 --dist loadfile

bench: $(VENV)/test.stamp
	@$(PY) -m bench

$(VENV)/run.stamp: requirements.lock pyproject.toml tools/install
	@$(INSTALL) $(PYTHON) $(VENV) requirements.lock
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock pyproject.toml tools/install
	@$(INSTALL) $(PYTHON) $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/run.stamp

# After changing dependencies in pyproject.toml. The locks hold hashes and no addresses, so any mirror serves them.
lock: $(VENV)/test.stamp
	@$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	@$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info
