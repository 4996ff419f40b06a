package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/starter"
)

// A record is what these tests read of the run that --json writes.
type record struct {
	Schema string `json:"schema"`
	Seed   string `json:"seed"`
	Status int    `json:"status"`
	Commit string `json:"commit"`
	Labs   []struct {
		Cases []struct {
			ID         string       `json:"id"`
			Verdict    labs.Outcome `json:"verdict"`
			Whose      labs.Whose   `json:"whose"`
			Why        string       `json:"why"`
			Transcript []labs.Event `json:"transcript"`
		} `json:"cases"`
	} `json:"labs"`
}

// checkJSON runs lab check --json in this process and reads what it wrote: one document, and nothing else on either stream.
func checkJSON(t *testing.T, args ...string) (status int, r record) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), append([]string{"check", "--json"}, args...), &stdout, &stderr)
	require.Empty(t, stderr.String())
	document := json.NewDecoder(&stdout)
	require.NoError(t, document.Decode(&r))
	require.ErrorIs(t, document.Decode(new(any)), io.EOF)
	require.Equal(t, report.Schema, r.Schema)
	require.Equal(t, status, r.Status)
	return status, r
}

func TestJSON(t *testing.T) {
	notWithRace(t)
	t.Parallel()
	dir := submission(t, "ready/right")
	status, r := checkJSON(t, "-C", dir, "1.1", "2.1")
	require.Equal(t, report.StatusPass, status)
	require.Empty(t, r.Commit, "no repository")
	require.Len(t, r.Labs, 2)
	for i, id := range []string{"1.1", "2.1"} {
		require.Equal(t, id, r.Labs[i].Cases[0].ID)
		require.Equal(t, labs.Pass, r.Labs[i].Cases[0].Verdict)
	}
	require.NoError(t, starter.Commit(t.Context(), dir))
	_, r = checkJSON(t, "-C", dir, "1.1")
	require.NotEmpty(t, r.Commit)
	require.Equal(t, starter.Head(t.Context(), dir), r.Commit)
}

// A folder whose programs do not compile is a record as well.
func TestJSONOfABrokenBuild(t *testing.T) {
	notWithRace(t)
	t.Parallel()
	dir := submission(t, "right")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "server", "more.go"), []byte("package main\n\nfunc main() {}\n"), 0o644))
	status, r := checkJSON(t, "-C", dir, "1")
	require.Equal(t, report.StatusBuild, status)
	for _, c := range r.Labs[0].Cases {
		require.Equal(t, labs.Build, c.Verdict)
		require.Contains(t, c.Why, "main redeclared")
	}
}

func TestReportFiles(t *testing.T) {
	notWithRace(t)
	t.Parallel()
	file, summary := filepath.Join(t.TempDir(), "report.xml"), filepath.Join(t.TempDir(), "summary.md")
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"check", "-C", submission(t, "ready/wrong"), "--junit", file, "--markdown", summary, "1.1", "1.7"}, &stdout, &stderr)
	require.Equal(t, report.StatusFail, status, stderr.String())
	page, err := os.ReadFile(summary)
	require.NoError(t, err)
	require.Regexp(t, "(?s)^## ✗ .*\n### ✗ Lab 1: .*```text\n.*✗ 1\\.1 .*```mermaid\nsequenceDiagram\n", string(page))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var suites struct {
		XMLName xml.Name `xml:"testsuites"`
		Suites  []struct {
			Cases []struct {
				Name    string    `xml:"name,attr"`
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(text, &suites))
	require.Len(t, suites.Suites, 1)
	cases := suites.Suites[0].Cases
	require.Len(t, cases, 2)
	require.NotNil(t, cases[0].Failure, cases[0].Name)
	require.Nil(t, cases[1].Failure, cases[1].Name)
}

// said are the texts that the kit's peers have sent, the seed's own.
func said(t *testing.T, dir, seed string) []string {
	t.Helper()
	status, r := checkJSON(t, "-C", dir, "--seed", seed, "1.1")
	require.Equal(t, report.StatusFail, status)
	require.Equal(t, seed, r.Seed)
	var texts []string
	for _, e := range r.Labs[0].Cases[0].Transcript {
		if e.Kind == labs.Sent {
			texts = append(texts, e.Who+": "+e.Text)
		}
	}
	return texts
}

func TestSameSeedSameTexts(t *testing.T) {
	notWithRace(t)
	t.Parallel()
	dir := submission(t, "ready/wrong")
	first := said(t, dir, "71c3")
	require.NotEmpty(t, first)
	require.Equal(t, first, said(t, dir, "71c3"))
	require.NotEqual(t, first, said(t, dir, "71c4"))
}

// TestPortHeldBySomebody: a port that a program needs and another program holds is nobody's failure. This test is that other
// program. The address is of its own choice, so that it is in nobody's way.
func TestPortHeldBySomebody(t *testing.T) {
	t.Parallel()
	held, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer held.Close()
	dir := t.TempDir()
	table := fmt.Sprintf("run = [\"go\", \"version\"]\naddr = %q\n", held.Addr())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lab.toml"), []byte("[server]\n"+table+"[client]\n"+table), 0o644))
	status, r := checkJSON(t, "-C", dir, "--isolate", "off", "1.1")
	require.Equal(t, report.StatusUnjudged, status)
	found := r.Labs[0].Cases[0]
	require.Equal(t, labs.Error, found.Verdict)
	require.Equal(t, labs.Machine, found.Whose)
	require.Contains(t, found.Why, held.Addr().String()+" is held by ")
	if runtime.GOOS == "linux" {
		exe, err := os.Executable()
		require.NoError(t, err)
		require.Contains(t, found.Why, fmt.Sprintf("%.15q (pid %d)", filepath.Base(exe), os.Getpid())) // proc_pid_comm(5): 15 bytes
	}
}
