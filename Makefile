.DEFAULT_GOAL := help
SHELL := /bin/sh
PORT ?= 8000
PY := .venv/bin/python
export PORT

.PHONY: help run test lint bench load-test fault-test fuzz accessible checklist detection calibration messages lock check-new

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/ready: .ci/requirements.txt
	@sh .ci/prepare python
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements.txt
	@touch .venv/ready

run: .venv/ready ## the portal on http://localhost:8000 with a made-up nation (PORT= for another port)
	@$(PY) manage.py prepare
	@exec .venv/bin/honcho -f portal/config/Procfile --no-prefix start

test: .venv/ready ## all tests, with a PostgreSQL, a Redis and a Chromium of their own (T= for some of them)
	@sh .ci/prepare tests
	@$(PY) manage.py translations --compile
	@$(PY) -m pytest $(or $(T),--numprocesses=auto)

lint: .venv/ready ## style, types, import contracts, security, templates, migrations, container files
	@sh .ci/lint

bench: .venv/ready ## the long measurements; figures go to docs/figures/
	@sh .ci/prepare tests
	@$(PY) -m tests.load.bench

load-test: .venv/ready ## requests sent again and cut before the answer, and the last hour (MINUTES= DRAFTS= for a shorter one); figures go to docs/figures/
	@sh .ci/prepare tests
	@$(PY) -m tests.load.load

fault-test: .venv/ready ## the broker dead and silent, the database killed, while filings come in; figures go to docs/figures/
	@sh .ci/prepare tests
	@$(PY) -m tests.load.fault

fuzz: .venv/ready ## 10,000 odd files and every call of the API, against the portal; figures go to docs/figures/
	@sh .ci/prepare tests
	@$(PY) -m pytest -s tests/hostile/fuzz_uploads.py tests/hostile/fuzz_api.py

accessible: .venv/ready ## every page in both languages and at both widths, before axe (the tests take turns between widths)
	@sh .ci/prepare tests
	@$(PY) manage.py translations --compile
	@LOOKS=all $(PY) -m pytest --numprocesses=auto tests/site/test_accessibility.py

checklist: .venv/ready ## docs/checklist.md: each promise with the tests that hold it
	@sh .ci/prepare tests
	@$(PY) -m tests.site.checklist

detection: .venv/ready ## how well planted cases are found; figures go to docs/figures/ (S="5 60" for 5 seeds of 60 enterprises)
	@$(PY) -m tests.load.detection report $(S)

calibration: .venv/ready ## the thresholds of the national checks, from clean nations of seeds that are not reported (S= as above)
	@$(PY) -m tests.load.detection calibrate $(S)

messages: .venv/ready ## collect the words to translate into locale/
	@sh .ci/prepare tests
	@$(PY) manage.py translations --collect --compile

lock: .venv/ready ## pin every package by hash, naming no registry
	@.venv/bin/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --quiet -o .ci/requirements.txt

check-new: .venv/ready ## a new check to fill in (CODE=STK009 NAME=what_is_wrong)
	@$(PY) manage.py check-new $(CODE) $(NAME)
