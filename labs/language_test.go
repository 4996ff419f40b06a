package labs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

const goodbye = `# required: Who leaves takes nobody along.

# Ann and Ben chat.
server
peer ann

# Ben goes.
hangup ann
`

func TestCheckReadsInBothLanguages(t *testing.T) {
	c, err := labs.ParseCheck("1-goodbye.txtar", goodbye+"-- id.md --\nYang pergi tidak membawa siapa pun.\n\n1. Ann dan Ben\n   mengobrol.\n2. Ben pergi.\n")
	require.NoError(t, err)
	require.Equal(t, goodbye, c.Script, "the section is no part of what runs")
	require.Equal(t, c, c.In(labs.English))
	id := c.In(labs.Indonesian)
	require.Equal(t, "Yang pergi tidak membawa siapa pun.", id.Title)
	require.Equal(t, "# required: Yang pergi tidak membawa siapa pun.\n\n# Ann dan Ben mengobrol.\nserver\npeer ann\n\n# Ben pergi.\nhangup ann\n", id.Script)
	require.Equal(t, id, id.In(labs.Indonesian))
}

func TestEnglishStandsWhereATextIsMissing(t *testing.T) {
	c, err := labs.ParseCheck("1-goodbye.txtar", goodbye)
	require.NoError(t, err)
	require.Equal(t, c, c.In(labs.Indonesian))
	m, err := labs.ParseMistake("m.txtar", "# mistake: Your server is late.\nserver\n"+hints)
	require.NoError(t, err)
	require.Equal(t, m, m.In(labs.Indonesian))
	lab := labs.Lab{Title: "Goodbye", Lesson: "# Lab 1: Goodbye\n", Hints: []string{"Who?", "When?", "How?"}}
	require.Equal(t, lab, lab.In(labs.Indonesian))
}

func TestParseCheckSaysWhatIsWrong(t *testing.T) {
	for wrong, section := range map[string]string{
		`m.txtar: section "notes.md": want id.md`:                                         "-- notes.md --\n",
		"m.txtar: id.md numbers 1 sentences, below the first one the script has 2":        "-- id.md --\nYang pergi.\n\n1. Ann.\n",
		"m.txtar: id.md numbers 3 sentences, below the first one the script has 2":        "-- id.md --\nYang pergi.\n\n1. Ann.\n2. Ben.\n3. Cat.\n",
		"m.txtar: id.md has no sentence: its first line is what must hold, in Indonesian": "-- id.md --\n",
	} {
		_, err := labs.ParseCheck("m.txtar", goodbye+section)
		require.EqualError(t, err, wrong)
	}
}
