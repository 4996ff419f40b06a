package conformance

import "strings"

const octets = 1 // a chop

var failed = []int{protocolError}

// lengths is section 1: one frame a message, at the borders of the three encodings of a length.
func lengths() []Case {
	b := book{section: "1"}
	for _, opcode := range []byte{Text, Binary} {
		for _, n := range []int{0, 1, 125, 126, 127, 128, 65535, 65536} {
			b.echo(split(opcode, strings.Repeat("*", n), n), 0, "opcode %d, %d bytes", opcode, n)
		}
		b.echo(split(opcode, strings.Repeat("*", 65536), 65536), 997, "opcode %d, 65536 bytes, 997 at a time", opcode)
	}
	mixed := []Frame{text("one"), ping("ping"), part(Binary, "\xfftwo", true), text("three"), part(Binary, "", true), text("")}
	b.echo(mixed, 0, "text and binary in turn")
	b.echo(mixed, octets, "text and binary in turn, in octets")
	// The length must have as few bytes as it takes. What becomes of one that has more, the RFC does not say.
	for _, n := range []int{1, 125, 126, 65535} {
		for _, wide := range []int{2, 8} {
			f := text(strings.Repeat("*", n))
			f.Wide = wide
			b.fail([]Frame{f, closing(1000, "")}, 1, 0, []int{protocolError, 1000}, "%d bytes, their number in %d", n, wide)
		}
	}
	over := Frame{Fin: true, Opcode: Text, Announce: 1 << 63}
	b.fail([]Frame{over}, 0, 0, []int{protocolError, 1009}, "a length whose highest bit is set")
	return b.cases
}

// pings is section 2.
func pings() []Case {
	b := book{section: "2"}
	long := strings.Repeat("\xfe", 125)
	b.echo([]Frame{ping("")}, 0, "an empty ping")
	b.echo([]Frame{ping("Hello, world!")}, 0, "a ping with a payload")
	b.echo([]Frame{ping("\x00\xff\xfe\xfd\xfc\xfb\x00\xff")}, 0, "a ping whose payload is no text")
	b.echo([]Frame{ping(long)}, 0, "a ping of 125 bytes")
	b.fail([]Frame{ping(long + "\xfe")}, 0, 0, failed, "a ping of 126 bytes")
	b.echo([]Frame{ping(long)}, octets, "a ping of 125 bytes, in octets")
	b.echo([]Frame{pong("")}, 0, "a pong that nobody asked for")
	b.echo([]Frame{pong("unasked")}, 0, "a pong that nobody asked for, with a payload")
	b.echo([]Frame{pong("unasked"), ping("asked")}, 0, "such a pong, then a ping")
	b.fail([]Frame{pong(long + "\xfe")}, 0, 0, failed, "a pong of 126 bytes")
	ten := []Frame{}
	for _, digit := range "0123456789" {
		ten = append(ten, ping("payload "+string(digit)))
	}
	b.echo(ten, 0, "ten pings")
	b.echo(ten, octets, "ten pings, in octets")
	return b.cases
}

// reservedBits is section 3: without an extension they must be zero. Here is also the mask, which is asked of clients alone.
func reservedBits() []Case {
	b := book{section: "3"}
	const hello = "Hello, world!"
	for rsv := byte(1); rsv < 8; rsv++ {
		for _, f := range []Frame{text(hello), part(Binary, hello, true), part(Text, hello, false), ping(hello), pong(hello), closing(1000, "")} {
			f.RSV = rsv
			b.fail([]Frame{f}, 0, 0, failed, "reserved bits %03b, opcode %d, fin %t", rsv, f.Opcode, f.Fin)
		}
		bad := part(Continuation, hello, true)
		bad.RSV = rsv
		b.fail([]Frame{part(Text, hello, false), bad}, 1, 0, failed, "reserved bits %03b in a continuation", rsv)
		bad.Opcode = Text
		b.fail([]Frame{text(hello), bad, ping("")}, 1, 0, failed, "reserved bits %03b after a message", rsv)
		b.fail([]Frame{text(hello), bad, ping("")}, 1, octets, failed, "reserved bits %03b after a message, in octets", rsv)
	}
	for _, f := range []Frame{text(hello), part(Binary, "", true), ping(hello), closing(1000, "")} {
		f.WrongMask = true
		b.fail([]Frame{f}, 0, 0, failed, "masked by a server, not by a client: opcode %d", f.Opcode)
	}
	return b.cases
}

// reservedOpcodes is section 4.
func reservedOpcodes() []Case {
	b := book{section: "4"}
	const hello = "Hello, world!"
	for _, opcode := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		bad := part(opcode, "reserved", true)
		b.fail([]Frame{part(opcode, "", true)}, 0, 0, failed, "opcode %d, empty", opcode)
		b.fail([]Frame{bad}, 0, 0, failed, "opcode %d", opcode)
		b.fail([]Frame{text(hello), bad, ping("")}, 1, 0, failed, "opcode %d after a message", opcode)
		b.fail([]Frame{text(hello), bad, ping("")}, 1, octets, failed, "opcode %d after a message, in octets", opcode)
		b.fail([]Frame{part(Text, hello, false), bad, part(Continuation, "", true)}, 1, 0, failed, "opcode %d between fragments", opcode)
	}
	return b.cases
}
