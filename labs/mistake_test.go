package labs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

const hints = "-- hints.md --\n1. Where\n   is it?\n2. There.\n3. Here.\n"

func TestParseMistake(t *testing.T) {
	m, err := labs.ParseMistake("labs/01-x/mistakes/sender-skipped.txtar",
		"# mistake: Your server skips $ann.\n# explains: 1.7 1.8\nserver\n"+hints+"-- id.md --\nServer Anda melewatkan $ann.\n\n1. Di mana?\n2. Di sana.\n3. Di sini.\n")
	require.NoError(t, err)
	require.Equal(t, labs.Mistake{
		ID: "sender-skipped", Sentence: "Your server skips $ann.", Explains: []string{"1.7", "1.8"}, File: "labs/01-x/mistakes/sender-skipped.txtar",
		Script: "# mistake: Your server skips $ann.\n# explains: 1.7 1.8\nserver\n", Hints: []string{"Where is it?", "There.", "Here."},
		Indonesian: labs.Translation{Sentence: "Server Anda melewatkan $ann.", Steps: []string{"Di mana?", "Di sana.", "Di sini."}},
	}, m)
	require.Equal(t, labs.MistakeKind, m.Check().Kind)
}

func TestParseMistakeFind(t *testing.T) {
	const head, ladder = "# mistake: It is.\n", "-- hints.md --\n1. a\n2. b $PLACE\n3. c\n"
	m, err := labs.ParseMistake("m.txtar", head+"# find: client (?i)dial\\w*\\(\n"+ladder)
	require.NoError(t, err)
	require.Equal(t, "client", m.Side)
	require.Regexp(t, m.Find, "net.Dial(x)")
	for wrong, text := range map[string]string{
		"find: error parsing regexp":                                      head + "# find: client (\n" + ladder,
		"find goes with one $PLACE in the hints of each language, have 1": head + ladder,
		"find goes with one $PLACE in the hints of each language, have 0": head + "# find: server x\n" + hints,
	} {
		_, err := labs.ParseMistake("m.txtar", text)
		require.ErrorContains(t, err, wrong)
	}
}

func TestParseMistakeSaysWhatIsWrong(t *testing.T) {
	for wrong, text := range map[string]string{
		`want "# mistake: what the student has done" as the first line, have "server"`: "server\n" + hints,
		`explains "seven"`:                "# mistake: It is.\n# explains: seven\n" + hints,
		`section "more.md"`:               "# mistake: It is.\n" + hints + "-- more.md --\n",
		"has 2 hints, want 3":             "# mistake: It is.\n-- hints.md --\n1. a\n2. b\n",
		"hint 2 repeats the sentence":     "# mistake: It is there.\n-- hints.md --\n1. a\n2. So it is there!\n3. c\n",
		"id.md has 1 hints, hints.md 3":   "# mistake: It is.\n" + hints + "-- id.md --\nItu.\n\n1. a\n",
		"m.txtar: hint 1 repeats the sen": "# mistake: It is.\n" + hints + "-- id.md --\nItu.\n\n1. itu\n2. b\n3. c\n",
	} {
		_, err := labs.ParseMistake("m.txtar", text)
		require.ErrorContains(t, err, wrong)
	}
}

func TestMayExplainIsAsNarrowAsItSays(t *testing.T) {
	check, err := labs.ParseCheck("labs/03-x/7-silent.txtar", "# required: It lets go of silent peers alone.\n\n# Ann comes.\nserver\n\n# Ben is let go.\nclosed ben\n\n# Ann stays.\nhears ann x\n")
	require.NoError(t, err)
	check.Lab = "03-x"
	for which, want := range map[string][]int{"": {4, 7, 10}, "3.7": {4, 7, 10}, "3.7:2": {7}, "3.7:3": {10}, "3.6": nil} {
		m := labs.Mistake{Lab: "03-x"}
		if which != "" { // whoever names a check may be of another lab
			m = labs.Mistake{Lab: "02-x", Explains: []string{which}}
		}
		var lines []int
		for _, line := range []int{4, 7, 10} {
			if m.MayExplain(labs.Verdict{Check: check, Line: line}) {
				lines = append(lines, line)
			}
		}
		require.Equal(t, want, lines, which)
	}
}
