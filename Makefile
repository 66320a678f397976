# 1022 Gia Lai. `make run` and `make test` are all one needs.
.DEFAULT_GOAL := help
.PHONY: help run stop reset setup test lint bench
ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
export PORT DB HOST DEMO ADMIN_PASSWORD ODOO_HOME T YES

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(lastword $(MAKEFILE_LIST))
run: ## Set up what is missing and serve (PORT=8069 DB=pakn DEMO=1)
	@$(ROOT)bin/run
stop: ## Stop the servers and the database cluster of this checkout
	@$(ROOT)bin/stop
reset: ## Delete the database DB=pakn (asks first)
	@$(ROOT)bin/reset
setup: ## Set up what is missing, without serving
	@$(ROOT)bin/setup
test: ## Run all tests (T=path for a part)
	@$(ROOT)bin/test $(T)
lint: ## Check code, XML and translations
	@$(ROOT)bin/lint
bench: ## Measure; results as a table and in .local/bench
	@$(ROOT)bin/bench
