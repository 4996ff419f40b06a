package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/report"
)

// probed is what this machine can do, asked once.
var probed = sync.OnceValue(func() pod.World { return pod.Probe(context.Background(), false) })

// needsIsolation skips a test where there are no private networks; in CI there must be.
func needsIsolation(t *testing.T) {
	t.Helper()
	if why := probed().Why; why != "" {
		require.NotEqual(t, "true", os.Getenv("CI"), why)
		t.Skip(why)
	}
}

// The test's own input is empty, so ann comes and goes.
func TestTrace(t *testing.T) {
	needsIsolation(t)
	t.Parallel()
	file := filepath.Join(t.TempDir(), "chat.pcap")
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"trace", "-C", submission(t, "ready/right"), "--pcap", file}, &stdout, &stderr)
	require.Equal(t, report.StatusPass, status, stderr.String())
	require.Empty(t, stderr.String())
	require.Regexp(t, `(?s)What you type is ann's.*ann:\d+ → server:8080 +SYN .* 101 .*ann +ends +exit status 0`, stdout.String())

	pcap, err := os.Open(file)
	require.NoError(t, err)
	defer pcap.Close()
	r, err := pcapgo.NewReader(pcap)
	require.NoError(t, err)
	_, _, err = r.ReadPacketData()
	require.NoError(t, err)
}

func TestTraceOfABrokenBuild(t *testing.T) {
	needsIsolation(t)
	t.Parallel()
	dir := submission(t, "right")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "server", "more.go"), []byte("package main\n\nfunc main() {}\n"), 0o644))
	var stdout, stderr bytes.Buffer
	require.Equal(t, report.StatusBuild, run(t.Context(), []string{"trace", "-C", dir}, &stdout, &stderr))
	require.Regexp(t, `(?s)\Alab: the submission does not build: go build .*main redeclared`, stderr.String())
}

func TestRemedy(t *testing.T) {
	for why, help := range map[string]string{
		"this system refuses user namespaces (clone: permission denied; sysctl kernel.apparmor_restrict_unprivileged_userns is 1)": "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 ",
		"this system refuses user namespaces (clone: no space left on device; sysctl user.max_user_namespaces is 0)":               "sudo sysctl -w user.max_user_namespaces=10000 ",
		"private networks for processes exist on Linux only":                                                                       "run it on Linux",
		"this system restricts user namespaces (mount /proc: operation not permitted)":                                             "--privileged",
	} {
		require.Contains(t, remedy(why), help)
	}
}
