# The one way in: every target is a small script in scripts/, so that each can be read and run by itself.
# Nothing has to be started by hand: a target installs, or names, the Debian packages it needs first.

# mail-parser declares a newer Rust than it needs; with this flag Postroom builds on every Rust from 1.95 on.
export CARGO ?= cargo
export CARGO_FLAGS ?= --ignore-rust-version

.DEFAULT_GOAL := help
.PHONY: help run build test bench fuzz check fmt

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: ## Build, then start an example organisation on loopback (Ctrl-C stops it)
	@scripts/build
	@scripts/run-example

build: ## Build the web app and target/release/postroom
	@scripts/build

test: ## Set up what the tests need, then run every test
	@scripts/test

bench: ## Measure beside Dovecot and write bench/RESULTS.md (BENCH="delivery --quick" runs a part)
	@scripts/bench $(BENCH)

fuzz: ## Fuzz every target for FUZZ_SECONDS each (default 60)
	@scripts/fuzz

check: ## Formatting, lints, crate floors, licences
	@scripts/check

fmt: ## Format everything
	@$(CARGO) fmt --all
