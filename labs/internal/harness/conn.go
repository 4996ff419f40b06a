package harness

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

const (
	maxMessage  = 4 << 20  // bytes of one message that a peer keeps
	maxReceived = 64 << 20 // bytes that a peer takes before it cuts the connection
	maxHead     = 1 << 20  // bytes of an opening handshake: a head without end must not fill the memory
	writeWait   = 30 * time.Second
)

// A conn is one WebSocket connection of the kit's own, at either end. It forgives what some other check is there to
// judge (a missing mask, a wrong accept key), so that each mistake is told once, where it belongs.
// One goroutine reads it and belongs to whoever called listen.
type conn struct {
	c      *check
	ear    *ear
	net    net.Conn
	r      *bufio.Reader
	name   string // ours
	other  string // theirs, in the transcript
	from   string // the other end's address; with a host only
	client bool   // we are the client: we mask
	write  sync.Mutex

	// guarded by the transcript's lock
	frames   []wire.Frame // heads of the frames received, without payload
	pongs    []string     // payloads of the pongs received
	pings    int          // received
	pinged   int          // of them the script has waited for
	mute     bool         // nothing is answered any more
	received int
	taken    int    // frames received
	coming   uint64 // bytes that the frame announces which has begun; 0 between two
	left     string // how it ended, in words
	code     int    // of the Close that the other end has said; 0: none
	shaken   bool   // the handshake is done; with a host only
	closing  bool   // we began the end
	gone     bool   // nothing more will be received
	stalled  chan struct{}
}

// listen reads frames until the connection ends.
func (k *conn) listen() {
	var message []byte
	var binary, started bool
	for {
		k.waitWhileStalled()
		k.announce()
		f, err := wire.ReadFrame(k.r, maxMessage)
		if err != nil {
			k.end(k.inWords(err))
			return
		}
		if most := k.count(f); most != "" {
			k.end("was cut off by the kit: it had sent more than " + most)
			return
		}
		if !allowed(f, started) {
			k.end(fmt.Sprintf("sent a frame that RFC 6455 does not allow here: %s", f))
			return
		}
		switch f.Opcode {
		case wire.Ping:
			k.answer(f)
			continue
		case wire.Pong:
			k.pong(f)
			continue
		case wire.Close:
			k.end(k.closed(f))
			return
		case wire.Text, wire.Binary:
			message, binary, started = f.Payload, f.Opcode == wire.Binary, true
		case wire.Continuation:
			message = append(message, f.Payload...)
		}
		if f.Fin {
			k.message(string(message), binary)
			message, started = nil, false
		}
		if len(message) > maxMessage {
			k.end(fmt.Sprintf("was cut off by the kit: it had sent more than %d MiB in one message", maxMessage>>20))
			return
		}
	}
}

// allowed reports whether a frame can be taken: a known opcode, in turn, and a length that takes no more bytes than it needs
// (RFC 6455, sections 5.2 and 5.4). Browsers end the connection on any other, too.
func allowed(f wire.Frame, started bool) bool {
	switch f.Opcode {
	case wire.Continuation:
		return started && !f.Overlong
	case wire.Text, wire.Binary, wire.Close, wire.Ping, wire.Pong:
		return !f.Overlong
	}
	return false
}

func (k *conn) waitWhileStalled() {
	k.c.t.mu.Lock()
	stalled := k.stalled
	k.c.t.mu.Unlock()
	if stalled != nil {
		<-stalled
	}
}

// answer answers a ping, unless the network has gone.
func (k *conn) answer(ping wire.Frame) {
	k.c.t.mu.Lock()
	k.pings++
	mute := k.mute
	k.c.t.add(labs.Event{Who: k.name, Kind: labs.Received, To: k.other, Text: ping.String()})
	k.c.t.mu.Unlock()
	if !mute {
		k.send(wire.Frame{Fin: true, Opcode: wire.Pong, Payload: ping.Payload})
	}
}

func (k *conn) pong(f wire.Frame) {
	k.c.t.mu.Lock()
	defer k.c.t.mu.Unlock()
	k.pongs = append(k.pongs, string(f.Payload))
	k.c.t.add(labs.Event{Who: k.name, Kind: labs.Received, To: k.other, Text: f.String()})
}

func (k *conn) message(text string, binary bool) {
	k.c.t.mu.Lock()
	defer k.c.t.mu.Unlock()
	if !binary && k.c.t.pour != nil && k.c.t.pour.take(k, text) {
		return
	}
	shown := text
	if binary {
		shown = "(binary) " + text
	} else if !utf8.ValidString(text) {
		shown = "(not UTF-8) " + text
	}
	event := k.c.t.add(labs.Event{Who: k.name, Kind: labs.Received, To: k.other, Text: shown})
	k.ear.heard = append(k.ear.heard, line{text: text, event: event, binary: binary, from: k.from})
}

// closed answers a Close with the same, unless it is itself the answer to ours (RFC 6455, section 5.5.1), and says it in words.
func (k *conn) closed(f wire.Frame) string {
	k.c.t.mu.Lock()
	answered := k.closing
	k.c.t.mu.Unlock()
	if !answered {
		k.send(wire.Frame{Fin: true, Opcode: wire.Close, Payload: f.Payload})
	}
	code, reason := wire.CloseStatus(f.Payload)
	k.c.t.mu.Lock()
	k.code = code
	k.c.t.mu.Unlock()
	if reason != "" {
		return fmt.Sprintf("closed the connection with %d (%s)", code, reason)
	}
	return fmt.Sprintf("closed the connection with %d", code)
}

func (k *conn) inWords(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return "ended the connection without a Close"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "ended the connection in the middle of a frame"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "was too slow"
	default:
		return "lost the connection: " + cause(err)
	}
}

// end tells how the connection ended and closes it.
func (k *conn) end(how string) {
	k.net.Close()
	k.c.t.mu.Lock()
	defer k.c.t.mu.Unlock()
	k.gone, k.left = true, how
	if k.client { // a host goes on when one of its clients has left
		k.ear.ended = "the server " + how
	}
	if !k.closing {
		k.c.t.add(labs.Event{Who: k.name, Kind: labs.Left, To: k.other, Text: k.other + " " + how})
	}
	k.c.t.wake()
}

// send sends frames, masked if we are the client (RFC 6455, section 5.3).
func (k *conn) send(frames ...wire.Frame) error {
	if k.client {
		for i := range frames {
			frames[i].Masked = true
			rand.Read(frames[i].Key[:])
		}
	}
	return k.sendAsItStands(frames...)
}

// sendAsItStands sends frames, right or wrong.
func (k *conn) sendAsItStands(frames ...wire.Frame) error {
	var out []byte
	for _, f := range frames {
		out = wire.AppendFrame(out, f)
	}
	k.write.Lock()
	defer k.write.Unlock()
	k.net.SetWriteDeadline(time.Now().Add(writeWait))
	_, err := k.net.Write(out)
	return err
}

// text sends one text message in so many fragments; with ping, a ping of that payload behind the first.
func (k *conn) text(text string, fragments int, ping string) error {
	var frames []wire.Frame
	runes := []rune(text)
	for i := range fragments {
		part := runes[i*len(runes)/fragments : (i+1)*len(runes)/fragments]
		f := wire.Frame{Fin: i == fragments-1, Opcode: wire.Continuation, Payload: []byte(string(part))}
		if i == 0 {
			f.Opcode = wire.Text
		}
		frames = append(frames, f)
		if i == 0 && ping != "" {
			frames = append(frames, wire.Frame{Fin: true, Opcode: wire.Ping, Payload: []byte(ping)})
		}
	}
	shown := text
	if fragments > 1 {
		shown = fmt.Sprintf("(in %d fragments) %s", fragments, text)
	}
	if ping != "" {
		shown = fmt.Sprintf("(in %d fragments, a ping behind the first) %s", fragments, text)
	}
	k.c.t.note(labs.Event{Who: k.name, Kind: labs.Sent, To: k.other, Text: shown})
	return k.send(frames...)
}

// bye sends a Close and lets the other end answer; listen sees the end.
func (k *conn) bye(code int) error {
	k.c.t.mu.Lock()
	k.closing = true
	k.c.t.add(labs.Event{Who: k.name, Kind: labs.Sent, To: k.other, Text: fmt.Sprintf("close %d", code)})
	k.c.t.mu.Unlock()
	return k.send(wire.Frame{Fin: true, Opcode: wire.Close, Payload: closePayload(code)})
}

// drop ends the connection (FIN) without a Close.
func (k *conn) drop() {
	k.c.t.mu.Lock()
	k.closing = true
	k.c.t.add(labs.Event{Who: k.name, Kind: labs.Note, Text: "the connection ends, without a Close"})
	k.c.t.mu.Unlock()
	k.net.Close()
}

// cut resets the connection (RST).
func (k *conn) cut() {
	k.c.t.mu.Lock()
	k.closing = true
	k.c.t.add(labs.Event{Who: k.name, Kind: labs.Note, Text: "the connection is reset"})
	k.c.t.mu.Unlock()
	reset(k.net)
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

// close ends the connection without a word; listen returns soon after.
func (k *conn) close() {
	k.c.t.mu.Lock()
	k.closing = true
	if k.stalled != nil {
		close(k.stalled)
		k.stalled = nil
	}
	k.c.t.mu.Unlock()
	k.net.Close()
}
