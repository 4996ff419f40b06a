package main

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"broadcastlab/testdata/conformance"
	"broadcastlab/testdata/race"

	"github.com/stretchr/testify/require"
)

// The client speaks RFC 6455 to the letter: it prints each message, answers each ping, objects to whatever is wrong, and
// ends with the right status.
func TestConformance(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	var tally conformance.Tally
	for _, c := range conformance.Cases() {
		if race.Enabled && strings.HasPrefix(c.ID, "9.") {
			continue // long messages show it nothing new, and take it a minute
		}
		passed := t.Run(c.ID+" "+c.Name, func(t *testing.T) { play(t, listener, c.WithoutBinary()) })
		tally.Add(c, passed)
	}
	t.Log(&tally)
}

// play is a server that sends what c has.
func play(t *testing.T, listener net.Listener, c conformance.Case) {
	p := start(t, "-url", "ws://"+listener.Addr().String(), "-name", "x", "-ping", "0") // nothing that the case does not ask for, however long it takes
	conn, err := conformance.Accept(listener)
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))

	var want []conformance.Message
	for _, m := range c.Want() {
		if m.Opcode == conformance.Text {
			m.Payload = visible(m.Payload)
		}
		want = append(want, m)
	}
	isText := func(m conformance.Message) bool { return m.Opcode == conformance.Text }
	heard := conn.Play(c, len(slices.DeleteFunc(slices.Clone(want), isText))) // the pongs
	for line := range p.stdout {
		text, ok := strings.CutPrefix(line, "x's Computer - From server: ")
		require.True(t, ok, "%.40q", line)
		heard.All = append(heard.All, conformance.Message{Opcode: conformance.Text, Payload: text})
	}
	require.NoError(t, c.Check(heard, want))

	if said := receive(t, p.stderr); said == "the server closed the chat" {
		require.Contains(t, []int{1000, 1001, conformance.NoCode}, heard.Code)
		p.ends(0)
	} else {
		require.Regexp(t, "^client: lost the server: .", said)
		require.NotContains(t, []int{1000, 1001}, heard.Code)
		p.ends(1)
	}
	require.Empty(t, receive(t, p.stderr), "one line")
}
