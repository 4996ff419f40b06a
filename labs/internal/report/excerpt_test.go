package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestExcerptWordsEveryKind(t *testing.T) {
	ms := time.Millisecond
	events := []labs.Event{
		{At: 0, Who: "server", Kind: labs.Started, Text: "go run ./server"},
		{At: 300 * time.Microsecond, Who: "server", Kind: labs.Listens, Text: "127.0.0.1:8080"},
		{At: 2 * ms, Who: "ann", Kind: labs.Joined, To: "server"},
		{At: 3 * ms, Who: "ann", Kind: labs.Packet, To: "server", Text: "SYN"},
		{At: 4 * ms, Who: "ann", Kind: labs.HTTP, To: "server", Text: "GET / HTTP/1.1"},
		{At: 5 * ms, Who: "ann", Kind: labs.Frame, To: "server", Text: `text FIN "plum"`},
		{At: 6 * ms, Who: "cat", Kind: labs.Typed, Text: " plum "},
		{At: 7 * ms, Who: "ann", Kind: labs.Sent, To: "server", Text: "plum"},
		{At: 8 * ms, Who: "ben", Kind: labs.Received, To: "server", Text: ""},
		{At: 9 * ms, Who: "cat", Kind: labs.Printed, Text: "From server: plum "},
		{At: 10 * ms, Who: "cat", Kind: labs.Complain, Text: "panic: oh"},
		{At: 11 * ms, Who: "ann", Kind: labs.Left, To: "server", Text: "close 1000"},
		{At: 12 * time.Second, Who: "cat", Kind: labs.Ended, Text: "exit status 2"},
		{At: 13 * time.Second, Who: "lab", Kind: labs.Note, Text: "patience is out"},
		{At: 13 * time.Second, Who: "lab", Kind: "novelty", Text: "x"},
	}
	require.Equal(t, []string{
		"    0 ms  server  starts         go run ./server",
		"  0.3 ms  server  listens on     127.0.0.1:8080",
		"    2 ms  ann     joins server",
		"    3 ms  ann     → server       SYN",
		"    4 ms  ann     → server       GET / HTTP/1.1",
		`    5 ms  ann     → server       text FIN "plum"`,
		`    6 ms  cat     types          " plum "`,
		`    7 ms  ann     says           "plum"`,
		`    8 ms  ben     hears          ""`,
		`    9 ms  cat     prints         "From server: plum "`,
		"   10 ms  cat     complains      panic: oh",
		"   11 ms  ann     leaves server  close 1000",
		"  12.0 s  cat     ends           exit status 2",
		"  13.0 s  lab     note           patience is out",
		"  13.0 s  lab     novelty        x",
	}, trimmed(excerpt(events, Style{}, 90)))
}

func TestExcerptMarksWhatIsMissing(t *testing.T) {
	events := []labs.Event{
		{At: time.Millisecond, Who: "ann", Kind: labs.Sent, To: "server", Text: "plum"},
		{Who: "ann", Kind: labs.Received, To: "server", Missing: true},
		{Who: "ben", Kind: labs.Printed, Text: "plum", Missing: true},
		{Who: "ben", Kind: labs.Ended, Missing: true},
	}
	require.Equal(t, []string{
		`  1 ms  ann  says    "plum"`,
		`!       ann  hears   nothing`,
		`!       ben  prints  missing: plum`,
		`!       ben  ends    never`,
	}, excerpt(events, Style{}, 90))
}

func TestExcerptNamesTheOtherWhereThereAreSeveral(t *testing.T) {
	events := []labs.Event{
		{Who: "ann", Kind: labs.Sent, To: "north", Text: "plum"},
		{Who: "ben", Kind: labs.Received, To: "south", Text: "plum"},
	}
	require.Equal(t, []string{
		`  0 ms  ann  says to north     "plum"`,
		`  0 ms  ben  hears from south  plum`,
	}, excerpt(events, Style{}, 90))
}

func TestAroundKeepsTheMissingRow(t *testing.T) {
	events := make([]labs.Event, 8)
	rows := []string{"0", "1", "2", "3", "4", "5", "6", "7"}
	require.Equal(t, rows, around(events, rows, 8))
	require.Equal(t, []string{"  … 5 more rows cut", "5", "6", "7"}, around(events, rows, 4))
	events[1].Missing = true
	require.Equal(t, []string{"0", "1", "2", "  … 5 more rows cut"}, around(events, rows, 4))
}

func trimmed(rows []string) []string {
	for i, r := range rows {
		for len(r) > 0 && r[len(r)-1] == ' ' {
			r = r[:len(r)-1]
		}
		rows[i] = r
	}
	return rows
}
