package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/report"
)

// TestManualsRunReadsAsToday runs the example of labs/README.md on the server that it names, with the seed that is printed there, and
// wants it to fail in the same words.
func TestManualsRunReadsAsToday(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	manual := strings.ReplaceAll(string(text), "\r\n", "\n")
	script := regexp.MustCompile("(?s)```txtar\n(.*?)```").FindStringSubmatch(manual)
	require.NotNil(t, script, "the example")
	pasted := regexp.MustCompile("(?s)```\n(building [^`]*\n✗ [^`]*--seed (\\w+)\n[^`]*)```").FindStringSubmatch(manual)
	require.NotNil(t, pasted, "a run of it that fails")
	file := filepath.Join(t.TempDir(), "goodbye.txtar")
	require.NoError(t, os.WriteFile(file, []byte(script[1]), 0o644))

	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"check", "-C", submission(t, "wrong"), file, "--seed", pasted[2]}, &stdout, &stderr)
	require.Equal(t, report.StatusFail, status, stderr.String())
	require.Equal(t, story(pasted[1]), story(stdout.String()))
}

var (
	notTheSame = regexp.MustCompile(`(?m)^  │ (facts|again|more) .*\n`)
	address    = regexp.MustCompile(`127\.0\.0\.1:\d+`)
)

// story is what a run tells in words. It leaves out the picture, whose rows come in any order, ports, what this system knows of them, where
// the run's files are, and how long all of it took.
func story(run string) []string {
	var parts []string
	for part := range strings.SplitSeq(run, "\n  │\n") {
		if !strings.Contains(part, "──▶") {
			parts = append(parts, address.ReplaceAllString(notTheSame.ReplaceAllString(part, ""), "ADDR"))
		}
	}
	first, last := &parts[0], &parts[len(parts)-1] // what the run says around the failure
	_, *first, _ = strings.Cut(*first, "  │ ")
	*last, _, _ = strings.Cut(*last, "\n\n")
	return parts
}
