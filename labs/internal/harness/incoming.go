package harness

import (
	"bufio"
	"encoding/binary"
	"fmt"

	"broadcastlab/labs/internal/wire"
)

// This file keeps count of what comes in on a connection of the kit's own.

// announce notes how long the next frame says that it is, so that one whose end never comes can be told.
func (k *conn) announce() {
	n, err := announced(k.r)
	if err != nil {
		return // listen is told the same
	}
	k.c.t.mu.Lock()
	defer k.c.t.mu.Unlock()
	k.coming = n
}

// announced reads the length of the next frame's payload ahead (RFC 6455, section 5.2), and leaves it to be read.
func announced(r *bufio.Reader) (uint64, error) {
	head, err := r.Peek(2)
	if err != nil {
		return 0, err
	}
	short, more := head[1]&0x7f, 0
	switch short {
	case 126:
		more = 2
	case 127:
		more = 8
	default:
		return uint64(short), nil
	}
	if head, err = r.Peek(2 + more); err != nil {
		return 0, err
	}
	var length [8]byte
	copy(length[8-more:], head[2:])
	return binary.BigEndian.Uint64(length[:]), nil
}

// count returns what the other end has sent too much of; empty while that is nothing.
func (k *conn) count(f wire.Frame) string {
	k.c.t.mu.Lock()
	defer k.c.t.mu.Unlock()
	k.received += len(f.Payload)
	k.taken++
	k.coming = 0
	f.Payload = nil
	if len(k.frames) < maxEvents {
		k.frames = append(k.frames, f)
	}
	switch {
	case k.received > maxReceived:
		return fmt.Sprintf("%d MiB", maxReceived>>20)
	case k.taken > maxHeard:
		return fmt.Sprintf("%d frames", maxHeard)
	}
	return ""
}

// unended says that a frame has begun whose end has not come; empty where there is none. The transcript's lock is held.
func (c *check) unended(name string) string {
	var conns []*conn
	switch a := c.actors[name].(type) {
	case *peer:
		conns = append(conns, a.conn)
	case *host:
		conns = a.talking()
	}
	for _, k := range conns {
		if k.coming > 0 && !k.gone {
			return fmt.Sprintf("the beginning of a frame that says it has %d bytes; its end has not come", k.coming)
		}
	}
	return ""
}
