package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// refused is a client that is told to connect where nobody listens: the wire knows addresses only.
func refused() labs.Verdict {
	at := func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }
	const client, again, server = "127.0.0.1:60920", "127.0.0.1:60922", "127.0.0.1:8080"
	events := []labs.Event{
		{At: at(40), Who: "server", Kind: labs.Started, Text: "go run ./server -addr 127.0.0.1:2000"},
		{At: at(47), Who: "server", Kind: labs.Listens, Text: "127.0.0.1:2000"},
		{At: at(48), Who: "ann", Kind: labs.Started, Text: "go run ./client -url ws://127.0.0.1:8080"},
		{At: at(58), Who: client, Kind: labs.Packet, To: server, Text: "SYN"},
		{At: at(58), Who: server, Kind: labs.Packet, To: client, Text: "RST (nobody listens)"},
		{At: at(59), Who: again, Kind: labs.Packet, To: server, Text: "SYN"},
		{At: at(59), Who: server, Kind: labs.Packet, To: again, Text: "RST (nobody listens)"},
		{At: at(60), Who: "ann", Kind: labs.Ended, Text: "with status 0", Wrong: true},
		{At: at(62), Who: "check", Kind: labs.Note, Text: "ended here: The client (ann) ended with status 0."},
	}
	return labs.Verdict{Check: check(1, labs.Required, "refused", "The client ends."), Outcome: labs.Fail, Transcript: events,
		Failure: &labs.Failure{Headline: "The client (ann) ended with status 0.", Excerpt: events[2:8]}}
}

// talkOf is so many peers and so many messages, each heard by the next peer.
func talkOf(peers, messages int) []labs.Event {
	var events []labs.Event
	for i := range messages {
		at := time.Duration(i+1) * time.Millisecond
		events = append(events,
			labs.Event{At: at, Who: fmt.Sprintf("peer%d", i%peers), Kind: labs.Sent, To: "server", Text: fmt.Sprintf("message %d", i)},
			labs.Event{At: at, Who: fmt.Sprintf("peer%d", (i+1)%peers), Kind: labs.Received, To: "server", Text: fmt.Sprintf("message %d", i)})
	}
	return events
}

// arrows tells a sequence's rows in short.
func arrows(s sequence) []string {
	var out []string
	for _, r := range s.rows {
		switch {
		case r.isRemark():
			out = append(out, r.label)
		case r.isArrow():
			out = append(out, fmt.Sprintf("%s → %s: %s", s.lanes[r.from], s.lanes[r.to], r.label))
		default:
			out = append(out, fmt.Sprintf("%s: %s", s.lanes[r.from], r.label))
		}
	}
	return out
}

func TestSequenceNamesWhoIsBehindAnAddress(t *testing.T) {
	v := refused()
	s := newSequence(v.Transcript, nil)
	require.Equal(t, []string{"server", "127.0.0.1:8080", "ann"}, s.lanes)
	require.Equal(t, []string{
		"server: starts go run ./server -addr 127.0.0.1:2000",
		"server: listens on 127.0.0.1:2000",
		"ann: starts go run ./client -url ws://127.0.0.1:8080",
		"ann → 127.0.0.1:8080: SYN",
		"127.0.0.1:8080 → ann: RST (nobody listens)",
		"ann → 127.0.0.1:8080: SYN",
		"127.0.0.1:8080 → ann: RST (nobody listens)",
		"ann: ends with status 0",
		"ended here: The client (ann) ended with status 0.",
	}, arrows(s))
}

func TestSequenceOfSeveralClientsTellsConnectionsByPort(t *testing.T) {
	v := refused()
	ben := labs.Event{Who: "ben", Kind: labs.Started, Text: "go run ./client"}
	s := newSequence(v.Transcript[3:5], append(v.Transcript, ben))
	require.Equal(t, []string{"client → 127.0.0.1:8080: :60920 SYN", "127.0.0.1:8080 → client: :60920 RST (nobody listens)"}, arrows(s))
}

func TestSequenceKnowsAPeersAddress(t *testing.T) {
	s := newSequence([]labs.Event{{Who: "127.0.0.1:5000", Kind: labs.Frame, To: "127.0.0.1:2000", Text: "ping FIN"}}, []labs.Event{
		{Who: "server", Kind: labs.Listens, Text: "127.0.0.1:2000"},
		{Who: "ann", Kind: labs.Joined, To: "server", Text: "127.0.0.1:5000 (plain TCP)"},
	})
	require.Equal(t, []string{"ann → server: ping FIN"}, arrows(s))
}

func TestSequencePutsTheServerBetweenTheOthers(t *testing.T) {
	require.Equal(t, []string{"ann", "server", "ben", "cat"}, newSequence(senderSkipped().Transcript, nil).lanes)
	require.Equal(t, "server", newSequence(talkOf(12, 50), nil).lanes[6])
	hub := []labs.Event{
		{Who: "hub", Kind: labs.Listens, Text: "127.0.0.1:2000"},
		{Who: "ann", Kind: labs.Started, Text: "go run ./client"},
		{Who: "client", Kind: labs.Joined, To: "hub", Text: "127.0.0.1:5000"},
		{Who: "hub", Kind: labs.Received, To: "client", Text: "plum"},
		{Who: "hub", Kind: labs.Received, Text: "pear", Missing: true},
	}
	s := newSequence(hub, nil)
	require.Equal(t, []string{"ann", "hub"}, s.lanes)
	require.Equal(t, []string{"ann → hub: plum", "ann → hub: missing: pear"}, arrows(s)[3:])
}

func TestWholeShowsWhatIsMissingWhereTheCheckEnded(t *testing.T) {
	v := senderSkipped()
	v.Transcript = append(v.Transcript[:6:6], // the check's own transcript does not hold what is missing
		labs.Event{Who: "check", Kind: labs.Note, Text: "ended here: ann did not hear it"},
		labs.Event{Who: "ann", Kind: labs.Left, To: "server", Text: "server ended the connection"})
	rows := arrows(newSequence(whole(v), v.Transcript))
	require.Equal(t, []string{"server → ann: missing", "ended here: ann did not hear it", "ann: server ended the connection"}, rows[6:])
	require.Len(t, v.Transcript, 8, "the verdict stays as it is")
}

func TestCutSaysHowManyRowsAreGone(t *testing.T) {
	events := talkOf(3, 50)
	require.Equal(t, events, cut(events, 100))
	few := cut(events, 20)
	require.Len(t, few, 20)
	require.Equal(t, events[:5], few[:5])
	require.Equal(t, events[86:], few[6:])
	require.Equal(t, "… 81 of 100 rows cut", arrows(newSequence(few, events))[5])
	require.Len(t, events, 100)
}

func TestDiagramIsDrawnWhereItSaysMore(t *testing.T) {
	rows := []string{"the rows"}
	excerpt := senderSkipped().Failure.Excerpt
	drawn := func(events []labs.Event, width, most int) bool {
		got := picture(newSequence(events, nil), rows, Style{}, width, most)
		require.LessOrEqual(t, len(got), max(most, 1))
		for _, row := range got {
			require.LessOrEqual(t, cells(row), width)
		}
		return len(got) > 1
	}
	require.True(t, drawn(excerpt, 96, 9))
	require.False(t, drawn(excerpt, 40, 9), "too narrow")
	require.False(t, drawn(excerpt, 96, 4), "too few lines")
	require.False(t, drawn(refused().Transcript[:3], 96, 9), "no arrows")
	require.False(t, drawn(talkOf(12, 8), 96, 20), "too many lanes")
	require.True(t, drawn(talkOf(3, 100), 96, 9))
}

func TestDiagramKeepsTheMarkedRow(t *testing.T) {
	events := talkOf(2, 20)
	events[9].Wrong = true
	rows := newSequence(events, nil).around(8).drawn(Style{}, 96)
	require.Len(t, rows, 9)
	require.Contains(t, rows[1], "… 33 more rows cut")
	require.Equal(t, "! ", rows[8][:2])
	require.Contains(t, rows[8], "message 4")
	require.NotContains(t, strings.Join(rows[:8], "\n"), "!")
}
