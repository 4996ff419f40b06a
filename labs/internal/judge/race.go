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

	"broadcastlab/labs"
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

// raceBuild returns what builds the server with the race detector, once, and says why it could not. Nothing is built before it is
// called.
func (j Judge) raceBuild(ctx context.Context) func() harness.NoRace {
	return sync.OnceValue(func() harness.NoRace {
		server := j.Submission.Server
		if server.Race.Build == nil {
			return harness.NoRace{}
		}
		ctx, cancel := context.WithTimeout(ctx, buildLimit)
		defer cancel()
		why := withRace(ctx, server.Dir, server.Race.Build...)
		if why == "" {
			return harness.NoRace{}
		}
		// Is it the detector, which is a package that needs a C compiler, or the program?
		if missing := withRace(ctx, server.Dir, "go", "build", "-race", "runtime/cgo"); missing != "" {
			return harness.NoRace{Why: "no race detector here: " + missing, Outcome: labs.Skip}
		}
		return harness.NoRace{Why: "the server does not build with the race detector, go build -race ./server: " + why, Outcome: labs.Build}
	})
}

// withRace runs a build with the race detector, and returns what was wrong; empty: nothing.
func withRace(ctx context.Context, dir string, build ...string) string {
	cmd := exec.CommandContext(ctx, build[0], build[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1") // the race detector needs it on most systems
	cmd.WaitDelay = time.Second
	out := &head{limit: buildOutput}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return firstLine(out.kept.Bytes(), err)
	}
	return ""
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
