package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestStarts(t *testing.T) {
	script := "# server, in words\n[!fixed] server -addr $HERE\npeer client\nserverless x\n"
	require.True(t, Starts(script, "server"))
	require.False(t, Starts(script, "client"))
}

func TestAlone(t *testing.T) {
	for _, tt := range []struct{ script, server, client string }{
		{"server\nclient ann\nclient ben\n", "server \npeer -addr $ADDR kit\njoins kit\n", "host -addr $ADDR kit\nclient ann\nsay ann $TEXT1\nhears kit $TEXT1\nsay kit $TEXT2\nhears ann $TEXT2\n"},
		{"server -bare\nclient -bare ann\n", "server -bare\npeer -addr 127.0.0.1:8080 kit\njoins kit\n", "host -addr 127.0.0.1:8080 kit\nclient -bare ann\nsay ann $TEXT1\nhears kit $TEXT1\nsay kit $TEXT2\nhears ann $TEXT2\n"},
		{"server -addr $HERE\nclient -url ws://$HERE ann\n", "server -addr $HERE\npeer -addr $HERE kit\njoins kit\n", "host -addr $HERE kit\nclient -url ws://$HERE ann\nsay ann $TEXT1\nhears kit $TEXT1\nsay kit $TEXT2\nhears ann $TEXT2\n"},
	} {
		for program, want := range map[string]string{"server": tt.server, "client": tt.client} {
			got, ok := Alone(tt.script, program)
			require.True(t, ok)
			require.Equal(t, want, got)
			line, err := Lint(labs.Check{Script: got})
			require.NoError(t, err, "line %d", line)
		}
	}
	_, ok := Alone("server -addr $HERE\nclient -url ws://$THERE ann\n", "client")
	require.False(t, ok, "the two are not to meet")
}
