// Package conformance holds what RFC 6455 asks of an endpoint once the handshake is done: frames to send, and what must
// come of them. It knows nothing of chats, only of a peer that gives back each message that it gets, or shows it.
//
// The cases follow sections 1 to 7, 9 and 10 of the catalogue of the Autobahn test suite, and bear its numbers as far as
// they are the same. Where the RFC leaves a choice, a case allows all that it leaves.
package conformance

import (
	"fmt"
	"slices"
)

// A Case is one conversation.
type Case struct {
	ID, Name string
	Send     []Frame
	Right    int   // how many of them are to be heeded: all, or those before the one that ends the connection
	Close    []int // the codes that the Close may have that the next one provokes; nil: there is no such frame
	Chop     int   // how many bytes go out at a time; zero: all at once
}

// A Message is a message, or a pong.
type Message struct {
	Opcode  byte
	Payload string
}

// NoCode stands for a Close without a code (section 7.1.5).
const NoCode = 1005

const protocolError, notUTF8 = 1002, 1007

// Cases returns all cases, in the order of the catalogue.
func Cases() []Case {
	return slices.Concat(lengths(), pings(), reservedBits(), reservedOpcodes(), fragments(), texts(), closes(), sizes())
}

// A book collects the cases of a section and numbers them.
type book struct {
	section string
	cases   []Case
}

func (b *book) add(c Case, name string, args ...any) {
	c.ID = fmt.Sprintf("%s.%d", b.section, len(b.cases)+1)
	c.Name = fmt.Sprintf(name, args...)
	b.cases = append(b.cases, c)
}

// echo adds a case that is not objected to: all messages come back, and a pong for each ping.
func (b *book) echo(send []Frame, chop int, name string, args ...any) {
	b.add(Case{Send: send, Right: len(send), Chop: chop}, name, args...)
}

// fail adds a case where the first n frames are right, and what follows ends the connection with one of codes.
func (b *book) fail(send []Frame, n, chop int, codes []int, name string, args ...any) {
	b.add(Case{Send: send, Right: n, Chop: chop, Close: codes}, name, args...)
}

// Want is what must come back: every message, and a pong for every ping, that was whole before the one that ends it all.
func (c Case) Want() (want []Message) {
	var opcode byte
	var message []byte
	for _, f := range c.Send[:c.Right] {
		switch f.Opcode {
		case Ping:
			want = append(want, Message{Pong, f.Payload})
		case Text, Binary, Continuation:
			if f.Opcode != Continuation {
				opcode, message = f.Opcode, nil
			}
			message = append(message, f.Payload...)
			if f.Fin {
				want = append(want, Message{opcode, string(message)})
			}
		}
	}
	return want
}

// Bytes is Send as a client has it on the wire, or a server.
func (c Case) Bytes(client bool) (bytes []byte) {
	for _, f := range c.Send {
		bytes = f.appendTo(bytes, client)
	}
	return bytes
}

// WithoutBinary is the case for an endpoint that takes no binary messages (section 7.4.1, code 1003).
func (c Case) WithoutBinary() Case {
	first := 0 // frame of a binary message
	for i, f := range c.Send[:c.Right] {
		switch {
		case f.Opcode == Binary:
			first = i
		case f.Opcode != Continuation:
			continue
		}
		if f.Fin && c.Send[first].Opcode == Binary {
			c.Right, c.Close = first, []int{1003}
			return c
		}
	}
	return c
}

// Check compares what was heard with what had to be. Messages and pongs have each their order, but may overtake each other.
func (c Case) Check(h Heard, want []Message) error {
	codes := c.Close
	if codes == nil {
		codes = []int{1000}
	}
	switch {
	case h.Err != nil:
		return h.Err
	case !slices.Contains(codes, h.Code):
		return fmt.Errorf("a Close with code %d, want %v", h.Code, codes)
	}
	for _, kind := range []string{"messages", "pongs"} {
		other := func(m Message) bool { return (m.Opcode == Pong) != (kind == "pongs") }
		want := slices.DeleteFunc(slices.Clone(want), other)
		got := slices.DeleteFunc(slices.Clone(h.All), other)
		if len(got) != len(want) {
			return fmt.Errorf("%d %s, want %d", len(got), kind, len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				return fmt.Errorf("number %d of the %s has %d bytes %.40q, want %d bytes %.40q",
					i+1, kind, len(got[i].Payload), got[i].Payload, len(want[i].Payload), want[i].Payload)
			}
		}
	}
	return nil
}
