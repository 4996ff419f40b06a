package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestCloseCode(t *testing.T) {
	for name, c := range map[string]struct {
		script   string
		headline string // empty: it passes
	}{
		"going away":             {"host hub\npeer ann\nsay hub $TEXT1\nhangup -code 1001 hub\nclosecode ann 1001", ""},
		"one of several":         {"host hub\npeer ann\nsay hub $TEXT1\nhangup -code 1013 hub\nclosecode ann 1008,1013", ""},
		"an answer":              {"host hub\npeer ann\nsay hub $TEXT1\nhangup ann\nclosecode ann 1000\nclosecode ann any", ""},
		"another one":            {"host hub\npeer ann\nsay hub $TEXT1\nhangup -code 1001 hub\nclosecode ann 1008", "The server said Close 1001 (going away) to ann; due was Close 1008 (policy violation)."},
		"none":                   {"host hub\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1\nclosecode -within 50ms ann any", "The server has not said Close to ann within 50ms, and holds the connection."},
		"without a word":         {"host hub\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1\nhangup -fin ann\n! closecode ann any", ""},
		"one too many":           {"host hub\npeer ann\nsay hub $TEXT1\nhangup ann\n! closecode ann any", "The server said Close 1000 (normal) to ann, or has not ended the connection."},
		"visitors come and go":   {"host hub\nvisits 6\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1", ""},
		"nobody to be visited":   {"visits 2", "visitor 1 could not connect to"},
		"a Close from the judge": {"host hub\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1\ncut ann\nclosecode ann any", "The server said no Close to ann"},
	} {
		t.Run(name, func(t *testing.T) {
			v := judged(t, Submission{}, c.script)
			if c.headline == "" {
				require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)
				return
			}
			require.Equal(t, labs.Fail, v.Outcome, "%s\n%s", v.Why, v.Log)
			require.Contains(t, v.Failure.Headline, c.headline)
		})
	}
}

func TestRuns(t *testing.T) {
	v := judged(t, fake("deaf"), "client ann\nhears ann ready\nruns ann\nruns -for 50ms ann")
	require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)
	v = judged(t, fake("crash"), "client ann\nexits ann\nruns ann")
	require.Equal(t, labs.Fail, v.Outcome, v.Why)
	require.Equal(t, "The client (ann) ended with status 1.", v.Failure.Headline)
}
