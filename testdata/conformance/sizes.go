package conformance

import (
	"slices"
	"strings"
)

const kib, mib = 1 << 10, 1 << 20

// MaxSize is how long the longest message is.
const MaxSize = 16 * mib

// sizes is sections 9 and 10: long messages, whole, in fragments and chopped, and many in a row.
func sizes() []Case {
	b := book{section: "9"}
	payload := strings.Repeat("BAsd7&jh23", MaxSize/10+1)
	for _, opcode := range []byte{Text, Binary} {
		for _, n := range []int{64 * kib, 256 * kib, mib, 4 * mib, 8 * mib, MaxSize} {
			b.echo(split(opcode, payload[:n], n), 0, "opcode %d, %d bytes", opcode, n)
		}
		for _, size := range []int{64, 256, kib, 4 * kib, 16 * kib, 64 * kib, 256 * kib, mib} {
			b.echo(split(opcode, payload[:4*mib], size), 0, "opcode %d, 4 MiB in fragments of %d bytes", opcode, size)
		}
		b.echo(split(opcode, payload[:MaxSize], 4*kib), 0, "opcode %d, 16 MiB in fragments of 4 KiB", opcode)
		for _, chop := range []int{64, 128, 256, 512, kib, 2 * kib} {
			b.echo(split(opcode, payload[:mib], mib), chop, "opcode %d, 1 MiB, %d bytes at a time", opcode, chop)
		}
		for _, n := range []int{0, 16, 64, 256, kib, 4 * kib} {
			many := slices.Repeat(split(opcode, payload[:n], max(n, 1)), 1000)
			b.echo(many, 0, "opcode %d, a thousand messages of %d bytes", opcode, n)
		}
	}
	ten := book{section: "10"}
	ten.echo(split(Text, payload[:64*kib], 1300), 0, "64 KiB in fragments of 1300 bytes")
	ten.echo(split(Text, payload[:64*kib], 1300), 1300, "64 KiB in fragments of 1300 bytes, as much at a time")
	return slices.Concat(b.cases, ten.cases)
}
