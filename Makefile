# The ways in. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

# Of this folder, not by its whole path: make takes that apart where there is a space in it.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
CODE := contracts chassis services deploy tests
PROJECTS := $(wildcard contracts/pyproject.toml chassis/pyproject.toml services/*/pyproject.toml deploy/*/pyproject.toml)
OWN := $(patsubst %,impulse-%,$(notdir $(patsubst %/pyproject.toml,%,$(PROJECTS))))

export UV_HTTP_TIMEOUT ?= 180
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Empty is not set: else each of a hundred processes would compile all of this anew.
export PYTHONDONTWRITEBYTECODE :=

# An environment that was made elsewhere, or by a Python that is gone, is made again.
ifneq ($(if $(filter help clean,$(or $(MAKECMDGOALS),help)),,$(wildcard $(VENV))),)
  ifneq ($(shell $(BIN)/python -c 'import pip, sys; print(sys.prefix)' 2> /dev/null),$(CURDIR)/$(VENV))
    $(shell [ -O $(VENV) ] && rm -rf $(VENV))
  endif
endif

.PHONY: help
help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/.packages $(VENV)/.jars $(VENV)/.linked ## Makes the virtual environment with all that is needed

$(BIN)/uv:
	@[ -n "$(PYTHON)" ] || { echo 'Python 3.11 or newer is needed: no python3 on the PATH' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }
	@echo 'Making the virtual environment (.venv) …'
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo 'python3 -m venv failed; on Debian: apt install python3-venv' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

$(VENV)/.dependencies: requirements-dev.lock | $(BIN)/uv
	@echo 'Installing what requirements-dev.lock names …'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.packages: $(VENV)/.dependencies $(PROJECTS)
	@echo 'Installing the packages of this checkout …'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation \
	  $(foreach project,$(PROJECTS),--editable ./$(dir $(project)))
	@touch $@

$(VENV)/.jars: deploy/local/jgo.lock.toml | $(VENV)/.packages
	@$(BIN)/python -m impulse_local jars
	@touch $@

# Of use only: where it fails, `make up` says why, or needs no broker of its own.
$(VENV)/.linked: $(VENV)/.jars $(VENV)/.dependencies
	@echo 'Linking Apache Kafka ahead of its starts …'
	@$(BIN)/python -m impulse_local link || true
	@touch $@

.PHONY: up
up: setup ## Runs the whole stack until Ctrl-C; ARGS=--empty leaves the sample out
	@exec $(BIN)/python -m impulse_local up $(ARGS)

.PHONY: impulse
impulse: setup ## The operators' command on the stack that runs: ARGS='dead-letters list'
	@exec $(BIN)/python -m impulse_local impulse $(ARGS)

.PHONY: check
check: $(VENV)/.packages ## Lint, format, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

.PHONY: format
format: $(VENV)/.packages ## Formats the code and sorts the imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Three, also on two cores: a test with processes waits for half of its time.
# The checks, which take one core half a minute, run beside the first tests; they are heard of where
# they find something, so that the last words are pytest's: what was skipped, and how to get it.
.PHONY: test
test: setup ## All checks and tests; ARGS goes to pytest
	@checked=$$(mktemp); $(MAKE) check > $$checked 2>&1 & checks=$$!; \
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder $(ARGS); \
	tests=$$?; wait $$checks || { cat $$checked; tests=1; }; rm $$checked; exit $$tests

.PHONY: test-faults
test-faults: setup ## The fault tests in their long form
	@IMPULSE_TEST_FAULTS=long exec $(BIN)/python -m pytest tests/faults $(ARGS)

.PHONY: test-containers
test-containers: setup ## Store and end-to-end tests on testcontainers' Kafka and PostgreSQL
	@exec $(BIN)/python -m tests.fixtures.containers $(ARGS)

.PHONY: bench
bench: setup ## Measures; ONLY=<part of a name> takes some; writes bench/results.json
	@exec $(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

.PHONY: lock
lock: $(VENV)/.packages ## Resolves the requirements again: of development, of the images
	@for name in requirements-dev requirements requirements-build; do \
	  $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --quiet --custom-compile-command 'make lock' $(OWN:%=--no-emit-package %) \
	    $$name.in -o $$name.lock || exit; \
	done

.PHONY: clean
clean: ## Removes the environment and the caches, never the data (.impulse)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
