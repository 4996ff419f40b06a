package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"time"

	"broadcastlab/server/broadcast"

	"github.com/gorilla/websocket"
)

// An outbox is what one client has coming: the handshake's answer and control frames, and what the chat has behind the
// client's cursor.
//
// There are two ways to the network. The direct one: whoever has something for the client calls flush, which writes as
// much as the kernel takes at once. If that was not all, the pump takes over: a goroutine that waits for the client, and
// ends when nothing is left. So nobody ever waits for a client but its own pump. Where there is no write that takes what
// it can and returns (TLS, Windows), the pump does it all.
//
// Every piece goes out whole before the next one begins: no control frame falls inside a span.
type outbox struct {
	client *conn
	direct func(piece []byte) (int, error) // writes without waiting; called with mu held until it is over; nil: there is only the pump

	mu      sync.Mutex // guards what follows; nobody waits while holding it
	state   outboxState
	last    bool // nothing follows control
	control []byte
	cursor  broadcast.Reader
	goodbye []byte        // the Close that follows when the cursor is at its end; nil if there is no reason yet
	ended   chan struct{} // closed when state becomes over; nil if nobody waits for that
}

type outboxState byte

const (
	collecting outboxState = iota // nothing is sent yet: the client is not in
	idle                          // all is sent
	pumping                       // the pump is at it, and will see what is added
	over                          // nothing is sent any more
)

// maxControl is how much an outbox holds of what a client can cause without reading: pongs.
const maxControl = 64 << 10

var errNotReading = errors.New("the client does not read the answers to its pings")

// start lets out what was collected.
func (o *outbox) start() {
	o.mu.Lock()
	o.state = idle
	o.mu.Unlock()
	o.flush(o.client.chat.said.Count())
}

// add sends what does not come from the chat. It goes out before the next span.
func (o *outbox) add(frames []byte) error {
	o.mu.Lock()
	full := len(o.control) > maxControl
	if !full && !o.last {
		o.control = append(o.control, frames...)
	}
	o.mu.Unlock()
	if full {
		o.client.drop(&o.client.chat.stats.slow)
		return errNotReading
	}
	o.flush(0)
	return nil
}

// close sends what was said so far, and then Close. Nothing follows (RFC 6455 5.5.1).
func (o *outbox) close(frame []byte) {
	o.mu.Lock()
	if o.goodbye == nil {
		o.goodbye = bytes.Clone(frame)
		o.cursor.Finish()
	}
	o.mu.Unlock()
	o.flush(all)
}

// finish lets nothing more in, and returns when what is there has been sent, or cannot be. To a client that gets no Close
// there is nothing more to say: it has gone.
func (o *outbox) finish() {
	o.mu.Lock()
	if o.state == over {
		o.mu.Unlock()
		return
	}
	o.last = o.last || o.goodbye == nil
	o.ended = make(chan struct{})
	o.mu.Unlock()
	o.flush(all)
	<-o.ended
}

// all is no limit to flush, only for an outbox that has an end.
const all = math.MaxUint64

// flush sends what there is as far as that takes no waiting, and leaves the rest to the pump. It has done enough when the
// first upTo messages of the chat are sent: for those that come meanwhile, others will call it. Without that limit they could
// keep it at one client for as long as they talk.
func (o *outbox) flush(upTo uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.state == idle {
		piece := o.next(upTo)
		if piece == nil && !o.last {
			return
		}
		rest := piece
		if o.direct != nil {
			sent, err := o.direct(piece)
			o.client.chat.stats.wrote(sent)
			if rest = piece[sent:]; err != nil || len(piece) == 0 {
				o.hangUp()
				o.end()
				return
			}
		}
		if len(rest) > 0 || o.direct == nil {
			o.state = pumping
			o.client.chat.gone.Go(func() { o.pump(rest) })
		}
	}
}

// pump sends piece, and then what there is until nothing is left.
func (o *outbox) pump(piece []byte) {
	defer o.client.chat.rescue(o.client, o.abort)
	for more := true; more; piece, more = o.refill() {
		if len(piece) == 0 || !o.send(piece) {
			o.abort()
			return
		}
	}
}

// refill returns what the pump sends next: nothing, and true, if it is to hang up.
func (o *outbox) refill() (piece []byte, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state == over { // the connection was closed
		return nil, false
	}
	if piece = o.next(all); piece == nil && !o.last {
		o.state = idle
		return nil, false
	}
	return piece, true
}

// send writes piece, and waits for the client as long as a client may take.
func (o *outbox) send(piece []byte) bool {
	o.client.Conn.SetWriteDeadline(time.Now().Add(o.client.chat.writeWait))
	n, err := o.client.Conn.Write(piece)
	o.client.chat.stats.wrote(n)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		o.client.drop(&o.client.chat.stats.slow)
	}
	return err == nil
}

// next returns what goes out next, nil if there is nothing up to that message. The caller holds mu.
func (o *outbox) next(upTo uint64) []byte {
	if piece := o.control; len(piece) > 0 {
		o.control = nil
		return piece
	}
	if o.last || o.cursor.Passed(upTo) {
		return nil
	}
	span, err := o.cursor.Take()
	if err != nil {
		return o.gap(err)
	}
	return span
}

// gap returns what a client is sent where the chat has nothing for it: its end or the chat's has come, or the client was
// too slow. The caller holds mu.
func (o *outbox) gap(err error) []byte {
	var lagged *broadcast.LaggedError
	if !errors.As(err, &lagged) {
		o.last = true
		if o.goodbye != nil {
			return o.goodbye
		}
		return closeFrame(websocket.CloseGoingAway, "the chat has ended")
	}
	o.client.chat.stats.missed.Add(lagged.Missed)
	text := fmt.Sprintf("%d messages missed", lagged.Missed)
	if o.client.chat.slow == "tell" {
		return textFrame("(" + text + ")")
	}
	o.client.drop(&o.client.chat.stats.slow)
	o.last = true
	return closeFrame(websocket.ClosePolicyViolation, text)
}

// abort ends the outbox, whatever becomes of the connection: what is left is not sent.
func (o *outbox) abort() {
	defer o.stop()
	o.hangUp()
}

// stop ends the outbox before its socket is closed, or whatever has become of that.
func (o *outbox) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.end()
}

// end notes that nothing is sent any more. The caller holds mu, and has hung up or will close the connection.
func (o *outbox) end() {
	if o.state != over && o.ended != nil {
		close(o.ended)
	}
	o.state = over
}

// hangUp ends the server's half of the connection, and gives the client's half linger to end.
func (o *outbox) hangUp() {
	if half, ok := o.client.Conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	o.client.SetReadDeadline(time.Now().Add(linger))
}
