package main

import (
	"context"
	"os/exec"
	"regexp"
	"strings"
)

var commitID = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// commit is what the submission's folder has checked out; empty outside a git repository, where nothing is committed yet, and
// where there is no git.
func commit(ctx context.Context, dir string) string {
	cmd := exec.CommandContext(ctx, "git", "rev-parse", "--verify", "HEAD") // runs nothing that the repository's settings name
	cmd.Dir = dir
	out, err := cmd.Output()
	id := strings.TrimSpace(string(out))
	if err != nil || !commitID.MatchString(id) {
		return ""
	}
	return id
}
