# The commands that people look for. Everything works without make too.

.PHONY: test
test: ## every experiment
	go test ./...

.PHONY: check
check: ## judge server/ and client/ in all labs
	go tool lab check

.PHONY: race
race: ## every experiment, with the race detector
	go test -race ./...

.PHONY: bench
bench: ## how fast the broadcast is
	go test -run '^$$' -bench . ./server/...

.PHONY: ci
ci: ## what must hold before a change lands
	.ci/run

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile
