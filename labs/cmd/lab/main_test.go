package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/judge"
	"broadcastlab/testdata/parallel"
	"broadcastlab/testdata/race"
)

func TestMain(m *testing.M) {
	judge.Main(kinds()...)
	if os.Getenv("WORK") == "" { // scripts have an environment of their own
		os.Setenv("LAB_LANG", "en") // whatever the locale of who runs the tests
	}
	testscript.Main(withPrograms{m}, map[string]func(){"lab": main})
}

// withPrograms runs the tests with a folder for the programs that are built once for all of them.
type withPrograms struct{ *testing.M }

var builtIn string // that folder

func (m withPrograms) Run() int {
	parallel.Default(4) // they wait for processes, and for what never comes
	dir, err := os.MkdirTemp("", "lab-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	builtIn = dir
	return m.M.Run()
}

// built builds the programs of right/, wrong/ and waits/. The client of all three is the same.
var built = sync.OnceValue(func() error {
	source := filepath.Join(builtIn, "source")
	if err := sources(source); err != nil {
		return err
	}
	for _, program := range []string{"right/server", "right/client", "wrong/server", "waits/server"} {
		cmd := exec.Command("go", "build", "-ldflags=-w", "-o", filepath.Join(builtIn, strings.ReplaceAll(program, "/", "-")+".exe"), "./"+program)
		cmd.Dir = source
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w: %s", program, err, out)
		}
	}
	return nil
})

// TestScripts runs the command as a person does, with the exit status told to the letter.
func TestScripts(t *testing.T) {
	cache := goCache(t)
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	require.NoError(t, err)
	if race.Enabled { // as notWithRace has it
		scripts = slices.DeleteFunc(scripts, func(s string) bool {
			return !slices.Contains([]string{"submission.txtar", "trace.txtar", "turns.txtar", "watch.txtar"}, filepath.Base(s))
		})
	}
	testscript.Run(t, testscript.Params{
		Files: scripts,
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"status": status},
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOCACHE", cache)
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			env.Setenv("GOPROXY", "off")
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			// Who takes turns on a port meets in the folder for temporary files, whatever test or lab command it is.
			for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
				env.Setenv(name, os.TempDir())
			}
			return kit(filepath.Join(env.WorkDir, "kit"))
		},
	})
}

// notWithRace skips a test that is about what is printed of one verdict: in that the race detector has nothing to see, and it takes long.
func notWithRace(t *testing.T) {
	t.Helper()
	if race.Enabled {
		t.Skip("without the race detector only")
	}
}

// status runs a command and asserts on its exit status: status 2 lab check 99.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s: status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// kit makes dir a module that requires nothing, with three submissions that speak through testdata/simple: right/ is right, wrong/
// has a server that sends each message twice and is told at once, waits/ one that leaves the sender out, who waits in vain. In ready/
// are the same with a lab.toml that names programs built before, for what has nothing to do with building: linking them takes longer
// than a check.
func kit(dir string) error {
	if err := sources(dir); err != nil {
		return err
	}
	if err := built(); err != nil {
		return err
	}
	for _, name := range []string{"right", "wrong", "waits"} {
		ready := filepath.Join(dir, "ready", name)
		if err := os.MkdirAll(ready, 0o755); err != nil {
			return err
		}
		server, client := filepath.Join(builtIn, name+"-server.exe"), filepath.Join(builtIn, "right-client.exe")
		text := fmt.Sprintf("[server]\nrun = [%q, \"-addr\", \"$ADDR\"]\nbare = [%[1]q]\n[client]\nrun = [%[2]q, \"-url\", \"$URL\"]\nbare = [%[2]q]\n", server, client)
		if err := os.WriteFile(filepath.Join(ready, "lab.toml"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func sources(dir string) error {
	source := filepath.Join("..", "..", "..", "testdata")
	for to, from := range map[string]string{"testdata/simple": "simple", "right": "right/rawtcp", "wrong": "wrong/sent-twice", "waits": "wrong/sender-skipped"} {
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(filepath.Join(source, from))); err != nil {
			return err
		}
		// What a run by hand has left there is not part of the program.
		if err := os.RemoveAll(filepath.Join(dir, to, ".lab")); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module broadcastlab\n\ngo 1.25\n"), 0o644)
}

// submission is one of those that kit makes, in a folder of its own.
func submission(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, kit(dir))
	return filepath.Join(dir, name)
}

// goCache keeps the standard library compiled for the builds of scripts, whose home folder is not there.
func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}
