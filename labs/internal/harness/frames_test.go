package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

func TestFrameIsSentAsItStands(t *testing.T) {
	for name, script := range map[string]string{
		"text":         "host hub\npeer ann\nframe ann $TEXT1\nhears -exact hub $TEXT1",
		"fragments":    "host hub\npeer ann\nframe -nofin ann $TEXT1'\\xc5'\nframe -opcode 0 ann '\\xbe'\nhears -exact hub $TEXT1'ž'",
		"binary":       "host hub\npeer ann\nframe -opcode 2 ann $TEXT1\nhears -binary hub $TEXT1",
		"ping":         "host hub\npeer ann\nframe -opcode 9 ann $WORD1\npong ann $WORD1",
		"empty":        "host hub\npeer ann\nframe ann\nframe ann $TEXT1\nhears hub '^$'\nhears hub $TEXT1",
		"not masked":   "host hub\npeer ann\nframe -unmasked ann $TEXT1\nhears hub $TEXT1\n! masked hub",
		"reserved bit": "host hub\npeer ann\nframe -rsv 4 ann $TEXT1\nhears hub $TEXT1",
	} {
		v := judged(t, Submission{}, script)
		require.Equal(t, labs.Pass, v.Outcome, "%s: %s %v\n%s", name, v.Why, v.Failure, v.Log)
	}
	for script, why := range map[string]string{
		"host hub\nframe hub x":                      `frame: "hub" is no peer`,
		"host hub\npeer ann\nframe -opcode 16 ann x": "frame: -opcode 16",
		"host hub\npeer ann\nframe -rsv 8 ann x":     "frame: -rsv 8",
	} {
		v := judged(t, Submission{}, script+"\nhears hub x")
		require.Equal(t, labs.Error, v.Outcome, script)
		require.Contains(t, v.Why, why)
	}
}

func TestFrameInWords(t *testing.T) {
	require.Equal(t, `(text frame, reserved bits 100, not FIN, not masked, 2 bytes) "hi"`,
		frameInWords(wire.Frame{Opcode: wire.Text, RSV: 4, Payload: []byte("hi")}))
	require.Equal(t, `(ping frame, 0 bytes) ""`, frameInWords(wire.Frame{Opcode: wire.Ping, Fin: true, Masked: true}))
}
