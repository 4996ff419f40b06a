package conformance

import (
	"fmt"
	"slices"
	"strings"
)

// closes is section 7: a Close is answered by a Close, once, and nothing follows.
func closes() []Case {
	b := book{section: "7"}
	normal := closing(1000, "")
	b.ends([]Frame{text("text"), normal}, 1, []int{1000}, "a message, then Close")
	b.ends([]Frame{normal, normal}, 0, []int{1000}, "Close twice")
	b.ends([]Frame{normal, ping("ping")}, 0, []int{1000}, "Close, then a ping")
	b.ends([]Frame{normal, text("text")}, 0, []int{1000}, "Close, then a message")
	b.ends([]Frame{part(Text, "first", false), normal, part(Continuation, "last", true)}, 1, []int{1000}, "Close amid a message")
	b.ends([]Frame{text(strings.Repeat("*", 256<<10)), normal, ping("ping")}, 1, []int{1000}, "256 KiB, then Close and a ping")
	// However much was said before the Close, all of it is heard before the answer.
	for _, n := range []int{10, 1000} {
		b.ends(append(numbered(n, ""), normal), n, []int{1000}, "%d messages, then Close", n)
	}
	long := numbered(20, strings.Repeat("*", 64<<10))
	b.ends(append(long, normal), len(long), []int{1000}, "20 messages of 64 KiB, then Close")
	mixed := slices.Concat(split(Text, "in fragments", 5), []Frame{ping("ping")}, numbered(3, ""), []Frame{pong("pong"), ping("again"), text("last")})
	b.ends(slices.Concat(mixed, []Frame{normal}), len(mixed), []int{1000}, "fragments, pings and messages, then Close")
	b.ends(slices.Concat(mixed, []Frame{closing(1002, "")}), len(mixed), []int{1002, 1000}, "the same, then Close with an error")

	empty := Frame{Fin: true, Opcode: Close}
	b.ends([]Frame{empty}, 0, []int{NoCode, 1000}, "no code")
	// One byte is no code. The RFC does not say what becomes of it: to object is right, and so is to read no code.
	b.ends([]Frame{{Fin: true, Opcode: Close, Payload: "\x03"}}, 0, []int{protocolError, NoCode}, "half a code")
	b.ends([]Frame{closing(1000, "Hello World!")}, 0, []int{1000}, "a reason")
	b.ends([]Frame{closing(1000, strings.Repeat("*", 123))}, 0, []int{1000}, "a reason of 123 bytes")
	b.ends([]Frame{closing(1000, strings.Repeat("*", 124))}, 0, failed, "a reason of 124 bytes")
	b.ends([]Frame{closing(1000, strings.Repeat("*", 1000))}, 0, failed, "a reason of 1000 bytes")
	for _, s := range []string{"\xff", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited", "\xc0\x80"} {
		b.ends([]Frame{closing(1000, s)}, 0, []int{protocolError, notUTF8}, "a reason that is not UTF-8: %q", s)
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999} {
		b.ends([]Frame{closing(code, "")}, 0, []int{code, 1000}, "code %d", code)
		b.ends([]Frame{closing(code, "reason")}, 0, []int{code, 1000}, "code %d with a reason", code)
	}
	for _, code := range []int{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		b.ends([]Frame{closing(code, "")}, 0, failed, "code %d, which is not for the wire", code)
		b.ends([]Frame{closing(code, "reason")}, 0, failed, "code %d with a reason", code)
	}
	return b.cases
}

// numbered returns n messages, no two the same.
func numbered(n int, rest string) (frames []Frame) {
	for i := range n {
		frames = append(frames, text(fmt.Sprintf("number %d%s", i, rest)))
	}
	return frames
}

// ends adds a case where the first n frames are as any others, and the next ends the connection.
func (b *book) ends(send []Frame, n int, codes []int, name string, args ...any) {
	b.fail(send, n, 0, codes, name, args...)
	b.fail(send, n, octetsIfShort(send), codes, name+", in octets", args...)
}

// octetsIfShort spares long conversations being sent in octets.
func octetsIfShort(frames []Frame) int {
	for _, f := range frames {
		if len(f.Payload) > 1<<10 {
			return 1 << 10
		}
	}
	return octets
}
