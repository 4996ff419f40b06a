package trace

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var textFrame = regexp.MustCompile(`text  FIN  \d+ bytes  ("(?:[^"\\]|\\.)*")`)

// TestWiresharkSeesTheSame: what the trace tells and what Wireshark reads in its file are the same frames.
func TestWiresharkSeesTheSame(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		require.Empty(t, os.Getenv("CI"), "tshark is missing, and in CI it must be there")
		t.Skip("no tshark here")
	}
	file := filepath.Join(t.TempDir(), "chat.pcap")
	pcap, err := os.Create(file)
	require.NoError(t, err)
	defer pcap.Close()
	s := begin(t, Job{Submission: submission(t)}, pcap)
	s.until(`server:8080 → ben:\d+ +HTTP/1.1 101`)
	s.types("plum 4f2c\nWalnut žluťoučký\n")
	s.until(`ben +prints .*žluťoučký`)
	require.NoError(t, s.input.Close())
	var told []string
	for _, line := range s.rest() {
		if m := textFrame.FindStringSubmatch(line); m != nil {
			text, err := strconv.Unquote(m[1])
			require.NoError(t, err)
			told = append(told, text)
		}
	}
	require.GreaterOrEqual(t, len(told), 6, "two messages, each said once and heard twice")

	// Frames that share a packet are joined by the aggregator, which is in none of the texts.
	out, err := exec.CommandContext(t.Context(), tshark, "-r", file, "-d", "tcp.port==8080,http", "-Y", "websocket.opcode == 1",
		"-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|", "-e", "websocket.payload.text").Output()
	require.NoError(t, err)
	read := strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' || r == '|' })
	slices.Sort(told)
	slices.Sort(read)
	require.Equal(t, told, read)
}
