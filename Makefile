# What can be done here: make help

PREFIX ?= /usr/local
SWIFT ?= swift
RELEASE := .build/release
READLINE := .build-readline

.DEFAULT_GOAL := help
.PHONY: help setup build demo test test-readline install uninstall docs format benchmark clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup: ## installs what the system lacks
	@Scripts/setup

build: setup ## builds the optimised program
	$(SWIFT) build -c release --product soma
	$(SWIFT) build -c release --product soma-fetch

demo: build ## builds, then a tour on built-in data; pictures in plots/
	@mkdir -p plots
	$(RELEASE)/soma --no-start run examples/tour.soma
	@echo && echo "The pictures of this tour are in plots/. For the prompt: $(RELEASE)/soma"

test: setup ## builds and runs all tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	$(MAKE) --no-print-directory test-readline

test-readline: ## the terminal's tests once more, with GNU readline
	$(SWIFT) build --scratch-path $(READLINE) --traits Readline --product soma
	$(SWIFT) build --scratch-path $(READLINE) --traits Readline --product soma-fetch
	SOMA_EXECUTABLE=$(CURDIR)/$(READLINE)/debug/soma $(SWIFT) test --skip-build --filter TerminalTests

install: ## installs below PREFIX=/usr/local: programs, completions, manual page
	@test -x $(RELEASE)/soma || $(MAKE) --no-print-directory build
	Scripts/install '$(DESTDIR)$(PREFIX)' $(RELEASE)

uninstall: ## removes what install put there
	Scripts/install --remove '$(DESTDIR)$(PREFIX)'

docs: build ## writes the reference to docs/reference
	$(RELEASE)/soma docs docs/reference

format: ## formats the sources
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Plugins Tests

benchmark: setup ## measures speed; needs MNIST in SOMA_DATA for all of it
	$(SWIFT) build -c release --product soma-bench
	$(RELEASE)/soma-bench

clean: ## removes everything built
	rm -rf .build .build-readline .build-plain
