package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBounds(t *testing.T) {
	c := &Capture{changed: make(chan struct{})}
	for c.kept < MaxTotal {
		require.Equal(t, MaxPayload, c.room())
		c.add(Event{Kind: WSFrame, Frame: &Frame{Payload: make([]byte, MaxPayload)}})
	}
	require.Zero(t, c.room())
	for range MaxEvents - len(c.Events()) {
		c.add(Event{Kind: SYN})
	}
	require.False(t, c.Full())
	for range 3 {
		c.add(Event{Kind: RST})
	}
	require.True(t, c.Full())
	require.Equal(t, 3, c.Missed())
	require.Len(t, c.Events(), MaxEvents)
	require.Equal(t, SYN, c.Events()[MaxEvents-1].Kind, "the oldest are kept")
}
