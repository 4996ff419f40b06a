package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// largest is a failure in which every part is as long as can be.
func largest() labs.Verdict {
	v := senderSkipped()
	long := strings.Repeat("a long sentence about ports ", 40)
	v.Check.Title, v.Phase = long, "phase "+long
	f := v.Failure
	f.Headline, f.Expected, f.Heard, f.Next = long, long, "other "+long, long
	f.Cause, f.CauseID = long, "long-cause"
	f.Facts = []string{long, long, long}
	f.ByHand = []string{long, "2", "3", "4", "5"}
	f.Excerpt = nil
	for i := range 8 {
		f.Excerpt = append(f.Excerpt, labs.Event{At: time.Duration(i) * time.Second, Who: "ann", Kind: labs.Sent, To: "server", Text: fmt.Sprint("row", i, " ", long)})
	}
	f.Excerpt[6].Missing = true
	return v
}

func TestFailureFitsOnAScreen(t *testing.T) {
	for name, v := range map[string]labs.Verdict{"largest": largest(), "usual": senderSkipped(), "diagnosed": diagnosed(), "hostile": hostileRun().Labs[0].Verdicts[0]} {
		for _, width := range []int{40, 80, 100} {
			t.Run(fmt.Sprint(name, width), func(t *testing.T) {
				rows := failure(v, runOf(), Style{}, width-cells(margin))
				require.LessOrEqual(t, len(rows), 25, strings.Join(rows, "\n"))
			})
		}
	}
}

func TestFailureKeepsWhatMatters(t *testing.T) {
	told := strings.Join(failure(largest(), runOf(), Style{}, 90), "\n")
	require.Contains(t, told, `missing: "row6`)
	require.Contains(t, told, "more rows cut")
	require.Contains(t, told, "facts ")
	require.Contains(t, told, "… 3 more lines cut", "commands by hand")
	require.Contains(t, told, "go tool lab check ")
	require.Contains(t, told, "--seed 71c3")
}

// TestFourCommandsByHand: a server, one who is silent, the clients, and what to type: all are needed, and mostly there is room.
func TestFourCommandsByHand(t *testing.T) {
	v := senderSkipped()
	v.Failure.ByHand = []string{"one", "two", "three", "four"}
	told := strings.Join(failure(v, runOf(), Style{}, 90), "\n")
	require.Contains(t, told, "four")
	require.NotContains(t, told, "more lines cut")
}

func TestFailureWithoutAStory(t *testing.T) {
	v := labs.Verdict{Check: labs.Check{Name: "mine", File: "mine.txtar", Title: "It holds."}, Outcome: labs.Fail, Phase: "ann hears it"}
	require.Equal(t, []string{
		"✗ mine  It holds.",
		"        ann hears it",
		"",
		"ann hears it",
		"",
		"again     lab check mine.txtar",
	}, failure(v, Run{}, Style{}, 90))
}

func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	for _, r := range []Run{allPass(), manyFail(), notBuilt(), unjudged(), hostileRun(), runOf(broadcast(largest()))} {
		for _, width := range []int{80, 100, 300} {
			for _, verbose := range []bool{false, true} {
				for line := range strings.Lines(write(t, r, Style{Width: width, Verbose: verbose})) {
					require.LessOrEqual(t, cells(strings.TrimSuffix(line, "\n")), min(width, 100), line)
				}
			}
		}
	}
}

func TestPairShowsTheDifference(t *testing.T) {
	same := strings.Repeat("x", 500)
	rows := pair(same+"1 tail", same+"2 tail", Style{}, 60, 1)
	require.Equal(t, []string{
		"expected  …[490 cut]…xxxxxxxxxx1 tail",
		"heard     …[490 cut]…xxxxxxxxxx2 tail",
	}, rows)
}

func TestShortenCountsWhatIsCut(t *testing.T) {
	require.Equal(t, "plum", shorten("plum", 4))
	for _, s := range []string{strings.Repeat("abc", 100), strings.Repeat("李雷", 100)} {
		short := shorten(s, 40)
		require.LessOrEqual(t, cells(short), 40)
		head, rest, _ := strings.Cut(short, "…[")
		count, tail, _ := strings.Cut(rest, " cut]…")
		require.True(t, strings.HasPrefix(s, head) && strings.HasSuffix(s, tail))
		require.Equal(t, fmt.Sprint(len([]rune(s))-len([]rune(head+tail))), count)
	}
}

func TestFoldKeepsEveryCharacter(t *testing.T) {
	s := "two  blanks, " + strings.Repeat("李", 50) + " end"
	rows := fold(s, 21)
	require.Equal(t, strings.ReplaceAll(s, " ", ""), strings.ReplaceAll(strings.Join(rows, ""), " ", ""))
	require.Equal(t, "two  blanks,", rows[0])
}
