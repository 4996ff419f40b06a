package conformance

// fragments is section 5, each conversation once at once and once in octets.
func fragments() []Case {
	b := book{section: "5"}
	for _, chop := range []int{0, octets} {
		b.fragmented(chop)
		b.interrupted(chop)
		b.outOfTurn(chop)
	}
	return b.cases
}

func (b *book) fragmented(chop int) {
	for _, opcode := range []byte{Text, Binary} {
		b.echo(split(opcode, "two fragments", 7), chop, "opcode %d in two fragments", opcode)
		b.echo(split(opcode, "a fragment for each byte", 1), chop, "opcode %d in fragments of one byte", opcode)
		none := []Frame{part(opcode, "", false), part(Continuation, "", false), part(Continuation, "", true)}
		b.echo(none, chop, "opcode %d in three empty fragments", opcode)
		some := []Frame{part(opcode, "", false), part(Continuation, "middle", false), part(Continuation, "", true)}
		b.echo(some, chop, "opcode %d with an empty fragment at each end", opcode)
	}
	b.echo(append(split(Text, "one message", 4), split(Binary, "and another", 3)...), chop, "two messages in fragments")
}

// interrupted has control frames between fragments, where they may be, and in fragments, which they may not.
func (b *book) interrupted(chop int) {
	first, last := part(Text, "first", false), part(Continuation, "last", true)
	b.echo([]Frame{first, ping("ping"), last}, chop, "a ping between fragments")
	b.echo([]Frame{first, pong("pong"), last}, chop, "a pong between fragments")
	many := []Frame{first, ping("1")}
	for _, n := range "23" {
		many = append(many, part(Continuation, "more", false), part(Continuation, "", false), ping(string(n)))
	}
	b.echo(append(many, last), chop, "pings between many fragments")
	b.fail([]Frame{first, closing(1000, "")}, 1, chop, []int{1000}, "Close between fragments")
	for _, f := range []Frame{ping("ping"), pong("pong"), closing(1000, "")} {
		f.Fin = false
		b.fail([]Frame{f, part(Continuation, "", true)}, 0, chop, failed, "opcode %d in two fragments", f.Opcode)
		b.fail([]Frame{first, f, last}, 1, chop, failed, "opcode %d in fragments, between fragments", f.Opcode)
	}
}

// outOfTurn has a continuation where nothing is to be continued, and a new message where one is.
func (b *book) outOfTurn(chop int) {
	for _, fin := range []bool{true, false} {
		nothing := part(Continuation, "nothing to continue", fin)
		b.fail([]Frame{nothing, text("text")}, 0, chop, failed, "a continuation first, fin %t", fin)
		b.fail([]Frame{text("text"), nothing, text("text")}, 1, chop, failed, "a continuation after a message, fin %t", fin)
		whole := split(Text, "in fragments", 6)
		b.fail(append(whole, nothing, text("text")), len(whole), chop, failed, "a continuation after the last, fin %t", fin)
		for _, opcode := range []byte{Text, Binary} {
			early := part(opcode, "too early", fin)
			b.fail([]Frame{part(Text, "first", false), early}, 1, chop, failed, "opcode %d amid a message, fin %t", opcode, fin)
		}
	}
	twice := []Frame{part(Continuation, "a", false), part(Continuation, "b", true), text("text")}
	b.fail(twice, 0, chop, failed, "fragments without a first one")
}
