package harness

import (
	"crypto/rand"
	"flag"
	"fmt"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// runFrame has a peer send one frame as the script has it, right or wrong (RFC 6455, section 5.2).
func runFrame(c *check, _ bool, args []string) error {
	opcode, reserved, noFin, unmasked := uint(wire.Text), uint(0), false, false
	rest, err := options(args, func(f *flag.FlagSet) {
		f.UintVar(&opcode, "opcode", opcode, "")
		f.UintVar(&reserved, "rsv", 0, "")
		f.BoolVar(&noFin, "nofin", false, "")
		f.BoolVar(&unmasked, "unmasked", false, "")
	}, 1, 2)
	if err != nil {
		return err
	}
	p, err := aTypeOf[*peer](c, rest[0], "peer")
	switch {
	case err != nil:
		return err
	case opcode > 15:
		return usageError("-opcode %d: there are 0 to 15", opcode)
	case reserved > 7:
		return usageError("-rsv %d: there are three bits, so 0 to 7", reserved)
	}
	f := wire.Frame{Fin: !noFin, RSV: byte(reserved), Opcode: wire.Opcode(opcode), Masked: !unmasked}
	if f.Masked {
		rand.Read(f.Key[:])
	}
	if len(rest) == 2 {
		f.Payload = []byte(unescape(rest[1]))
	}
	f.Length = uint64(len(f.Payload))
	c.t.note(labs.Event{Who: p.name, Kind: labs.Sent, To: p.other, Text: frameInWords(f)})
	p.sendAsItStands(f) // a server that is gone is told by the wait that follows
	return nil
}

// frameInWords says what is special about a frame.
func frameInWords(f wire.Frame) string {
	text := fmt.Sprintf("(%s frame", f.Opcode)
	if f.RSV != 0 {
		text += fmt.Sprintf(", reserved bits %03b", f.RSV)
	}
	if !f.Fin {
		text += ", not FIN"
	}
	if !f.Masked {
		text += ", not masked"
	}
	return fmt.Sprintf("%s, %d bytes) %q", text, len(f.Payload), shorten(string(f.Payload), 160))
}
