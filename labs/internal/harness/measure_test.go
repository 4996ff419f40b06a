package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
)

func TestAmount(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "3": 3, "2KiB": 2048, "64MiB": 64 << 20} {
		n, err := amount(text)
		require.NoError(t, err)
		require.Equal(t, want, n, text)
	}
	for _, text := range []string{"", "x", "-1", "1GiB", "1 MiB", "99999999999999999999", "9999999999999"} {
		_, err := amount(text)
		require.ErrorAs(t, err, new(*misuse), text)
	}
}

// TestGrows looks at a program whose holdings do not change: it holds as much as before, and no more.
func TestGrows(t *testing.T) {
	v := judged(t, fake("deaf"), "client ann\nhears ann ready\nmeasure ann\ngrows ann files 0\ngrows ann threads 20\ngrows ann memory 64MiB")
	require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)

	v = judged(t, fake("deaf"), "client ann\nhears ann ready\nmeasure ann\nsignal ann KILL\nexits ann\ngrows ann files 0")
	if pod.FilesOf(1<<30) == pod.Unknown && v.Outcome == labs.Pass {
		t.Skip("this system does not tell")
	}
	require.Equal(t, labs.Fail, v.Outcome, v.Why)
	require.Contains(t, v.Failure.Headline, "The client (ann) was ended by")

	v = judged(t, fake("deaf"), "client ann\nhears ann ready\nmeasure ann\n! grows -within 50ms ann files 5")
	require.Equal(t, labs.Fail, v.Outcome, v.Why)
	require.Equal(t, "more than 5 more", v.Failure.Expected)

	for script, why := range map[string]string{
		"client ann\ngrows ann files 1":               "grows: ann has not been measured",
		"client ann\nmeasure ann\ngrows ann wings 1":  `grows: "wings": want files, threads or memory`,
		"client ann\nmeasure ann\ngrows ann files 1G": `grows: "1G": want a number`,
		"host hub\nmeasure hub\ngrows hub files 1":    `measure: "hub" is no judged program`,
	} {
		v := judged(t, fake("deaf"), script)
		require.Equal(t, labs.Error, v.Outcome, script)
		require.Contains(t, v.Why, why)
	}
}
