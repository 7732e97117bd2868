# `make` prints the commands; they are the manual.

.DEFAULT_GOAL := help
MODULES := node_modules/.package-lock.json
CORPORA := $(or $(QUARTERDECK_CORPORA),../shared/corpora)
.NOTPARALLEL:

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup ## Run Quarterdeck with a living demo workspace, everything set up
	cargo build --release --package quarterdeck
	@exec target/release/quarterdeck demo

.PHONY: dev
dev: ui/$(MODULES) ## Run the server and the interface with hot reload
	@scripts/dev

.PHONY: test
test: setup-test build ui/$(MODULES) e2e/$(MODULES) ## Run every test: Rust, interface, browser
	cargo test --workspace
	cd ui && npm test
	cd e2e && npm test

.PHONY: lint
lint: setup-lint ui/$(MODULES) e2e/$(MODULES) ## Check format, lints, licences, imports, generated files
	cargo fmt --all --check
	cd ui && npm run lint
	cd e2e && npm run lint
	cargo deny --log-level error check bans licenses sources
	cargo clippy --workspace --all-targets -- --deny warnings
	$(MAKE) --no-print-directory build
	scripts/check-generated

.PHONY: fmt
fmt: ui/$(MODULES) e2e/$(MODULES) ## Format everything
	cargo fmt --all
	cd ui && npm run format
	cd e2e && npm run format

.PHONY: bench
bench: setup-bench ## Measure the figures we promise, as JSON lines
	cargo build --release --package quarterdeck
	@target/release/quarterdeck bench

.PHONY: torture
torture: setup-test ## Kill, starve and cut off the server for forty minutes: no mail may be lost or doubled
	cargo build --package quarterdeck --package torture
	@target/debug/torture $(OPTIONS)

.PHONY: fuzz
fuzz: ## Fuzz every parser of foreign bytes, SECONDS each (60)
	@scripts/fuzz $(or $(SECONDS),60)

.PHONY: corpus
corpus: ui/$(MODULES) ## Score how well incoming mail is understood, on labelled mail
	cargo build --package quarterdeck
	$(CORPORA)/score.py target/debug/quarterdeck classify

.PHONY: openapi
openapi: build ui/$(MODULES) ## Write openapi.json and the interface's types anew
	target/debug/quarterdeck openapi > openapi.json
	cd ui && npm run gen

.PHONY: clean
clean: ## Remove what was built, and keep data/
	cargo clean
	rm -rf ui/node_modules ui/dist e2e/node_modules e2e/test-results e2e/playwright-report

# One debug build serves the tests, the browser and the generated files.
.PHONY: build
build: ui/$(MODULES)
	cargo build --workspace --all-targets

.PHONY: setup
setup:
	@scripts/setup demo

.PHONY: setup-bench
setup-bench:
	@scripts/setup bench

.PHONY: setup-test
setup-test:
	@scripts/setup test

.PHONY: setup-lint
setup-lint:
	@scripts/setup lint

%/$(MODULES): %/package-lock.json | setup
	cd $* && npm ci
	@touch $@
