package harness

import (
	"fmt"

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
	tcp, _, err := c.enter(name, c.addr, "Those before have left again. Does the server still accept, and has it files left to do so?")
	if err != nil {
		return err
	}
	defer tcp.Close()
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
