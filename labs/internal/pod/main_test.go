//go:build linux

package pod

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// programVariable names the program that this test binary plays when it is started as a judged program.
const programVariable = "TEST_PROGRAM"

// noRaceDelay is a value of GORACE: with the race detector each process would else take a second to end.
const noRaceDelay = "atexit_sleep_ms=0"

// job is what a pod of these tests does. The job's first line names one, the rest is its input.
type job func(ctx context.Context, in string, out io.Writer) error

func jobs() map[string]job {
	return map[string]job{
		"attached": attachedJob,
		"bind":     bindJob,
		"die":      dieJob,
		"echo":     echoJob,
		"flood":    floodJob,
		"intruder": intruderJob,
		"limits":   limitsJob,
		"ports":    portsJob,
		"refused":  refusedJob,
		"shell":    shellJob,
		"stubborn": stubbornJob,
		"end":      endJob,
	}
}

func programs() map[string]func() int {
	return map[string]func() int{
		"bomb":     bombProgram,
		"daemon":   daemonProgram,
		"files":    filesProgram,
		"intruder": intruderProgram,
		"lab":      labProgram,
		"launcher": launcherProgram,
		"limits":   limitsProgram,
		"listener": listenerProgram,
		"stubborn": stubbornProgram,
	}
}

func TestMain(m *testing.M) {
	Main(func(ctx context.Context, in io.Reader, out io.Writer) int {
		text, _ := io.ReadAll(in)
		name, rest, _ := strings.Cut(string(text), "\n")
		do, ok := jobs()[name]
		if !ok {
			fmt.Fprintf(os.Stderr, "no job %q\n", name)
			return 2
		}
		if err := do(ctx, rest, out); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		return 0
	})
	if name := os.Getenv(programVariable); name != "" {
		os.Exit(programs()[name]())
	}
	os.Setenv("GORACE", noRaceDelay)
	os.Exit(m.Run())
}

// program is the test binary as a judged program.
func program(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, self(), args...)
	cmd.Env = append(Environ(os.TempDir(), os.TempDir()), programVariable+"="+name, "GORACE="+noRaceDelay)
	cmd.Stderr = os.Stderr
	return cmd
}

// run runs a pod that has half a minute.
func run(t *testing.T, w World, job []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return w.Run(ctx, job)
}

// inEachWorld runs a test with isolation, where there is, and without.
func inEachWorld(t *testing.T, test func(t *testing.T, w World)) {
	t.Run("isolated", func(t *testing.T) { test(t, isolated(t)) })
	t.Run("shared", func(t *testing.T) { test(t, World{}) })
}

// probed is what this machine can do, asked once for all tests.
var probed = sync.OnceValue(func() World { return Probe(context.Background(), false) })

// isolated is the world with isolation. Where there is none the test is skipped; in CI it fails.
func isolated(t testing.TB) World {
	w := probed()
	if !w.Isolated && os.Getenv("CI") == "true" {
		require.FailNow(t, w.Why)
	}
	if !w.Isolated {
		t.Skip(w.Why)
	}
	require.Empty(t, w.Why)
	return w
}
