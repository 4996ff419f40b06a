package main

import (
	"strings"
	"testing"
	"time"

	"broadcastlab/testdata/conformance"
	"broadcastlab/testdata/race"

	"github.com/stretchr/testify/require"
)

// The server speaks RFC 6455 to the letter: with one client at a time and no tag it gives back each message.
func TestConformance(t *testing.T) {
	t.Parallel()
	p := start(t, "-quiet", "-ping", "0", "-welcome=", "-tag=false", "-binary", "-max-message", "33554432", "-keep", "67108864")
	var tally conformance.Tally
	for _, c := range conformance.Cases() {
		if race.Enabled && strings.HasPrefix(c.ID, "9.") {
			continue // long messages show it nothing new, and take it a minute
		}
		passed := t.Run(c.ID+" "+c.Name, func(t *testing.T) {
			conn, err := conformance.Dial(p.addr)
			require.NoError(t, err)
			require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
			want := c.Want()
			require.NoError(t, c.Check(conn.Play(c, len(want)), want))
		})
		tally.Add(c, passed)
	}
	t.Log(&tally)
}
