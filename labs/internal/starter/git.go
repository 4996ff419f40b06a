package starter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// Commit makes dir a git repository with all its files in a first commit. The author is nobody in particular, and nothing of the
// machine's own settings counts: its hooks, signatures and ignored names are for the student's commits.
func Commit(ctx context.Context, dir string) error {
	for _, args := range [][]string{
		{"-c", "init.defaultBranch=main", "init", "--quiet", "--template="},
		{"add", "--all"},
		{"-c", "user.name=lab", "-c", "user.email=lab@localhost", "commit", "--quiet", "--message", "the starter"},
	} {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = dir
		cmd.Env = append(withoutGit(os.Environ()), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		err := cmd.Run()
		if errors.Is(err, exec.ErrNotFound) {
			return errors.New("git is not installed")
		}
		if err != nil {
			line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
			return fmt.Errorf("git %s: %v: %s", strings.Join(args, " "), err, line)
		}
	}
	return nil
}

var commitID = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// Head is the commit that dir has checked out; empty outside a git repository, where nothing is committed yet, and where there is
// no git. It runs nothing that the repository's settings name.
func Head(ctx context.Context, dir string) string {
	cmd := exec.CommandContext(ctx, "git", "rev-parse", "--verify", "HEAD")
	cmd.Dir = dir
	cmd.Env = withoutGit(os.Environ())
	out, err := cmd.Output()
	id := strings.TrimSpace(string(out))
	if err != nil || !commitID.MatchString(id) {
		return ""
	}
	return id
}

// withoutGit takes away what would lead git to another repository, as in a hook.
func withoutGit(environ []string) []string {
	var env []string
	for _, v := range environ {
		if !strings.HasPrefix(v, "GIT_") {
			env = append(env, v)
		}
	}
	return env
}
