package harness

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// runVisits has many come and go, one after the other: a third says Close, a third is reset, a third just ends.
func runVisits(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 1, 1)
	if err != nil {
		return err
	}
	n, err := atoi("N", rest[0])
	if err != nil {
		return err
	}
	for i := range n {
		if err := c.visit(fmt.Sprintf("visitor %d", i+1), i); err != nil {
			return err
		}
	}
	c.t.note(labs.Event{Who: "check", Kind: labs.Note, Text: fmt.Sprintf("%d visitors have come and gone", n)})
	return nil
}

// visit joins, says nothing, and leaves in the way that i picks. Nothing of a visit that goes well is in the transcript.
func (c *check) visit(name string, i int) error {
	tcp, err := dial(c.ctx, c.addr)
	if err != nil {
		return c.fail(labs.Failure{
			Headline: fmt.Sprintf("%s could not connect to %s: %s.", name, c.addr, cause(err)),
			Expected: "a TCP connection", Heard: cause(err),
			Next: "Those before have left again. Does the server still accept, and has it files left to do so?",
		})
	}
	defer tcp.Close()
	answer, err := c.handshake(tcp, bufio.NewReader(tcp), c.addr, newKey())
	switch {
	case err != nil:
		return c.noHandshake(name, c.addr, err)
	case answer.StatusCode != http.StatusSwitchingProtocols:
		return c.fail(labs.Failure{
			Headline: fmt.Sprintf("%s asked for a WebSocket and was refused: %s.", name, answer.Status),
			Expected: "HTTP/1.1 101 Switching Protocols", Heard: strings.TrimSpace(answer.Proto + " " + answer.Status),
		})
	}
	switch i % 3 {
	case 0:
		tcp.Write(goodbye(1000)) // a server that is gone is told by the next visit
	case 1:
		reset(tcp)
	}
	return nil
}

// goodbye is a client's Close frame.
func goodbye(code int) []byte {
	return wire.AppendFrame(nil, wire.Frame{Fin: true, Opcode: wire.Close, Masked: true, Payload: closePayload(code)})
}

func closePayload(code int) []byte { return []byte{byte(code >> 8), byte(code)} }
