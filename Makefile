# Every target works alone on a fresh machine; what it needs is installed first and only when something changed.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules
# What the caller set for another Python project must not reach ours.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH PYTHONSTARTUP VIRTUAL_ENV

PYTHON ?=
N ?= 2
bin := .venv/bin
export PYTHON

.PHONY: help install run test lint fix bench bench-full bench-import bench-evidence bench-sending crash audit-mutations coverage coverage-doc reliability-doc lock migration migrate clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## Make .venv from the lock files (PYTHON=3.13 or a path chooses the Python)
	@.ci/install && .ci/kernels

run: install ## Start Fairvisit: pages and scheduler, with a demo branch on first start (ARGS="--port 9000")
	@exec $(bin)/python -m api run $(ARGS)

test: install ## Lint, types, layers and all tests (T=tests/routing or K=skills: only these tests)
	@T='$(T)' K='$(K)' N='$(N)' .ci/test

lint: install ## Ruff, mypy --strict and the import contracts
	@.ci/test lint

fix: install ## Repair what Ruff can repair, and format
	@$(bin)/ruff check --fix . ; $(bin)/ruff format .

bench: install ## Ours and its peers side by side, a share in 20 minutes (ARGS="--only field --limit 10")
	@.ci/install-bench
	@$(bin)/python -m tests.benchmarks quick $(ARGS)

bench-full: install ## The same with every instance and five seeds; resumable, many hours
	@.ci/install-bench
	@$(bin)/python -m tests.benchmarks full $(ARGS)

bench-import: install ## Time and memory of importing 20,000 cases, cold start included
	@$(bin)/python -m tests.benchmarks.import_cases

bench-evidence: install ## Entries a second appended to and verified of the evidence log
	@$(bin)/python -m tests.benchmarks.evidence_log $(ARGS)

bench-sending: install ## Seconds in which 10,000 due notices are handed to a gateway (ARGS="2000")
	@$(bin)/python -m tests.benchmarks.sending $(ARGS)

crash: install ## Kill a night at every failpoint and at random instants; it must end as if nothing had happened (ARGS="--seeds 20")
	@$(bin)/python -m tests.crash $(ARGS)

reliability-doc: install ## Write docs/reliability.md: which fault is tested where
	@$(bin)/python -m tests.architecture.faults

coverage-doc: install ## Write docs/coverage.md: which journey asserts which row of the five processes
	@$(bin)/python -m tests.journeys.coverage

audit-mutations: install ## What the auditor catches: unlawful days and bugs seeded in the rules (ARGS="--days 10")
	@$(bin)/python -m tests.dispatch.audit $(ARGS)

coverage: install ## All tests with branch coverage
	@$(bin)/python -m pytest -n $(N) --dist loadfile --cov --cov-report=term --cov-report=html:var/coverage

lock: install ## Write the lock files anew from pyproject.toml (UPGRADE=1: newest versions)
	@.ci/lock $(if $(UPGRADE),--upgrade)

migration: install ## Write the next migration from the model (m="add_caps")
	@test -n '$(m)' || { echo 'Give it a name: make migration m="add_caps"' >&2; exit 2; }
	@.ci/migrations new '$(m)'

migrate: install ## Bring the database of FAIRVISIT_DATABASE_URL up to date
	@.ci/migrations upgrade

clean: ## Remove .venv, caches and reports; never data
	@rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* var/coverage
	@find api dispatch routing scheduler tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
