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

.PHONY: experiments
experiments: ## more than CI does: every known program on every check and mistake that it could meet, and every stage of the starter in full; some minutes more
	CI=true EXPERIMENTS=all go test -timeout 0 ./labs ./labs/internal/starter

.PHONY: bench
bench: ## how fast the broadcast is
	go test -run '^$$' -bench . ./server/...

.PHONY: soak
soak: ## a server amid 2000 clients at their worst, for ten minutes; CHAOS_CLIENTS=100 CHAOS_FOR=1m make soak for less
	CHAOS_CLIENTS=$${CHAOS_CLIENTS:-2000} CHAOS_FOR=$${CHAOS_FOR:-10m} go test -count=1 -timeout 0 -v -run 'TestChaos$$' ./server

.PHONY: ci
ci: ## what must hold before a change lands
	.ci/run

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile
