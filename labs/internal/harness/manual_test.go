package harness

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

var update = flag.Bool("update", false, "rewrite the tables of labs/README.md")

const authorsManual = "../../README.md"

// TestManualHasTheVocabulary holds labs/README.md and the commands together: each table stands between its two markers.
func TestManualHasTheVocabulary(t *testing.T) {
	was := readManual(t)
	now := was
	for marker, table := range map[string]string{
		"vocabulary": Table(),
		"conditions": pairs("condition", "holds when", Conditions()),
		"variables":  pairs("variable", "is", Variables()),
	} {
		now = replaceTable(t, now, marker, table)
	}
	if *update && now != was {
		require.NoError(t, os.WriteFile(authorsManual, []byte(now), 0o644))
		return
	}
	require.Equal(t, now, was, "the tables are old: go test ./labs/internal/harness -run Manual -update")
}

// TestManualShowsASoundCheck lints the example of the manual: a reader will begin with a copy of it.
func TestManualShowsASoundCheck(t *testing.T) {
	_, example, found := strings.Cut(readManual(t), "```txtar\n")
	require.True(t, found, "labs/README.md shows no check")
	example, _, found = strings.Cut(example, "```\n")
	require.True(t, found, "the example has no end")
	check, err := labs.ParseCheck("goodbye.txtar", example)
	require.NoError(t, err)
	line, err := Lint(check)
	require.NoError(t, err, "line %d", line)
}

func readManual(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(authorsManual)
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// replaceTable puts a table in the place of what stands between a pair of markers.
func replaceTable(t *testing.T, text, marker, table string) string {
	t.Helper()
	begin, end := "<!-- "+marker+" -->\n", "<!-- /"+marker+" -->\n"
	before, rest, found := strings.Cut(text, begin)
	require.True(t, found, "labs/README.md has no line %q", begin)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found, "labs/README.md has no line %q behind %q", end, begin)
	return before + begin + table + end + after
}

// pairs is a part of the manual as a Markdown table.
func pairs(left, right string, rows [][2]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |\n|---|---|\n", left, right)
	for _, row := range rows {
		fmt.Fprintf(&b, "| `%s` | %s |\n", row[0], row[1])
	}
	return b.String()
}
