package harness

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// raceText is what the detector prints, with a library between one of the accesses and the submission's own code.
const raceText = `listening on 127.0.0.1:8080
==================
WARNING: DATA RACE
Write at 0x00c00011a0c8 by goroutine 12:
  runtime.mapassign_faststr()
      /usr/local/go/src/internal/runtime/maps/runtime_faststr.go:263 +0x0
  main.(*room).join()
      /home/ann/chat/server/room.go:31 +0x1c4
  main.main.func1()
      /home/ann/chat/server/main.go:40 +0x44

Previous read at 0x00c00011a0c8 by goroutine 9:
  main.(*room).say()
      /home/ann/chat/server/room.go:52 +0x88

Goroutine 12 (running) created at:
  main.main()
      /home/ann/chat/server/main.go:39 +0x2a4
==================
==================
WARNING: DATA RACE
Read at 0x00c00011a0c8 by goroutine 14:
  main.other()
      /home/ann/chat/server/other.go:1 +0x88
==================`

func printed(text string) []line {
	var lines []line
	for i, l := range strings.Split(text, "\n") {
		lines = append(lines, line{text: l, event: i})
	}
	return lines
}

func TestFirstRace(t *testing.T) {
	report, found := firstRace(printed(raceText), "/home/ann/chat")
	require.True(t, found)
	require.Equal(t, raceReport{event: 2, access: [2]access{
		{"write", "server/room.go:31", "main.(*room).join"},
		{"previous read", "server/room.go:52", "main.(*room).say"},
	}}, report)

	report, found = firstRace(printed(raceText), "/home/ben/chat")
	require.True(t, found)
	require.Equal(t, "/usr/local/go/src/internal/runtime/maps/runtime_faststr.go:263", report.access[0].place, "none of its own: the first of all")

	_, found = firstRace(printed("listening\nall is well"), "/")
	require.False(t, found)
}

func TestUsesRace(t *testing.T) {
	for script, want := range map[string]bool{
		"server -race": true, "# A.\nserver -addr 127.0.0.1:2000 -race two\n": true, "[bare] server -race": true,
		"server": false, "server two -- -race": false, "client ann\nnorace server": false, "# server -race": false,
	} {
		require.Equal(t, want, UsesRace(script), script)
	}
}

func TestNoRaceDetector(t *testing.T) {
	v := judged(t, fake("crash"), "server -race\npeer ann\nhears ann x")
	require.Equal(t, "the race detector is for Go programs", v.Why)
	require.EqualValues(t, "skip", v.Outcome)
}
