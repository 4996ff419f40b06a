package judge

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"broadcastlab/labs/internal/harness"
)

// raceOf says how a Go program is built with the race detector: beside the one without it.
func raceOf(p harness.Program) harness.Race {
	dir, base := filepath.Split(p.Run[0])
	file := filepath.Join(dir, "race-"+base)
	return harness.Race{
		Build: []string{"go", "build", "-race", "-buildvcs=false", "-ldflags=-w", "-o", file, "./server"},
		Run:   append([]string{file}, p.Run[1:]...),
	}
}

// raceBuild returns what builds the server with the race detector, once, and says why it could not; empty: it could. Nothing is built
// before it is called.
func (j Judge) raceBuild(ctx context.Context) func() string {
	return sync.OnceValue(func() string {
		server := j.Submission.Server
		if server.Race.Build == nil {
			return ""
		}
		ctx, cancel := context.WithTimeout(ctx, buildLimit)
		defer cancel()
		cmd := exec.CommandContext(ctx, server.Race.Build[0], server.Race.Build[1:]...)
		cmd.Dir = server.Dir
		cmd.Env = append(os.Environ(), "CGO_ENABLED=1") // the race detector needs it on most systems
		cmd.WaitDelay = time.Second
		out, err := cmd.CombinedOutput()
		if err == nil {
			return ""
		}
		return "no race detector here: " + firstLine(out, err)
	})
}

// firstLine is what a failed build says first, without the headings of packages.
func firstLine(out []byte, err error) string {
	for line := range bytes.Lines(out) {
		if text := strings.TrimSpace(string(line)); text != "" && !strings.HasPrefix(text, "#") {
			return text
		}
	}
	return err.Error()
}
