package trace

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
)

func TestMain(m *testing.M) {
	judge.Main(Kind())
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else each process takes a second to end
	os.Exit(m.Run())
}

// limit is for a whole trace.
const limit = time.Minute

// probed is what this machine can do, asked once.
var probed = sync.OnceValue(func() pod.World { return pod.Probe(context.Background(), false) })

// isolated is a world where there are private networks; without, the test is skipped, but fails in CI.
func isolated(t *testing.T) pod.World {
	t.Helper()
	world := probed()
	if !world.Isolated && os.Getenv("CI") == "true" {
		require.FailNow(t, world.Why)
	}
	if !world.Isolated {
		t.Skip(world.Why)
	}
	return world
}

// submission is a known pair of programs, built.
func submission(t *testing.T) harness.Submission {
	t.Helper()
	source, err := judge.Load(filepath.Join("..", "..", "..", "testdata", "right", "rawtcp"))
	require.NoError(t, err)
	built, err := source.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	return built
}

// A session is a trace that runs.
type session struct {
	t      *testing.T
	input  *io.PipeWriter
	output *bufio.Reader
	all    []string // the lines so far
	cancel context.CancelFunc
	ended  chan error
	status int // once ended
}

// begin starts a trace. pcap may be nil.
func begin(t *testing.T, job Job, pcap *os.File) *session {
	t.Helper()
	world := isolated(t)
	job.Home = t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	input, typed := io.Pipe()
	shown, out := io.Pipe()
	t.Cleanup(func() { typed.Close() })
	s := &session{t: t, input: typed, output: bufio.NewReader(shown), cancel: cancel, ended: make(chan error, 1)}
	go func() {
		status, err := Run(ctx, world, job, input, out, out, pcap)
		s.status = status
		out.Close()
		s.ended <- err
	}()
	return s
}

// until reads on up to a line that fits, and returns it.
func (s *session) until(pattern string) string {
	s.t.Helper()
	re := regexp.MustCompile(pattern)
	for {
		line, err := s.output.ReadString('\n')
		require.NoError(s.t, err, "no line fits %s in\n%q", pattern, s.all)
		line = strings.TrimSuffix(line, "\n")
		s.all = append(s.all, line)
		if re.MatchString(line) {
			return line
		}
	}
}

// rest reads to the end, and returns all lines.
func (s *session) rest() []string {
	s.t.Helper()
	for {
		line, err := s.output.ReadString('\n')
		if err == io.EOF {
			break
		}
		require.NoError(s.t, err)
		s.all = append(s.all, strings.TrimSuffix(line, "\n"))
	}
	require.NoError(s.t, <-s.ended)
	return s.all
}

func (s *session) types(text string) {
	s.t.Helper()
	_, err := io.WriteString(s.input, text)
	require.NoError(s.t, err)
}
