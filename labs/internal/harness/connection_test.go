package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// TestQuotes: a headline names the character that is not escaped, since raw and escaped look much the same.
func TestQuotes(t *testing.T) {
	const text = `a"\n\\b` // as a script writes it: a quote, a newline, a backslash
	for quoted, headline := range map[string]string{
		`"a\"\n\\b"`:       "",
		`"a\u0022\x0a\\b"`: "",
		`"a"\n\\b"`:        "with a quote that is not escaped",
		`"a\\"\n\\b"`:      "with a quote that is not escaped",
		"\"a\\\"\n\\\\b\"": "with a newline that is not escaped",
		"\"a\\\"\t\\\\b\"": "with a tab that is not escaped",
		`"plum"`:           "came out as another text",
		`a\"\n\\b`:         "came out as another text",
	} {
		err := runQuotes(testCheck(t), false, []string{quoted, text})
		if headline == "" {
			require.NoError(t, err, quoted)
			continue
		}
		f := failureOf(t, err)
		require.Contains(t, f.Headline, headline, quoted)
		require.Equal(t, labs.Failure{Expected: `"a\"\n\\b"`, Heard: quoted}, labs.Failure{Expected: f.Expected, Heard: f.Heard})
	}
}
