package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// ErrUnsupported is why Open failed where the loopback cannot be captured: no right to, or not on this system.
var ErrUnsupported = errors.New("the loopback cannot be captured here")

const (
	MaxEvents  = 20_000   // events that a capture keeps: the oldest; the others are counted
	MaxPayload = 64 << 10 // bytes that it keeps of the payload of one frame
	MaxTotal   = 64 << 20 // bytes that it keeps of all payloads
)

// A Capture watches the loopback of the network namespace that it was opened in.
// Several goroutines may use it. Its events stay readable after Close.
type Capture struct {
	ring *ring
	tee  *tee          // nil where no file is written
	self *net.UDPConn  // sends markers to itself, so that nobody else is bothered
	done chan struct{} // closed when run has returned

	mu      sync.Mutex // guards what follows
	events  []Event    // appended to, or taken whole, so that a slice of it may be read without mu
	missed  int        // events beyond MaxEvents
	kept    int        // bytes of payload in events
	marker  uint64     // the last one sent
	seen    uint64     // the last one that came by; zero while Open waits for the first
	changed chan struct{}
	closing bool
	err     error // why run ended by itself
	lost    int   // set when the ring is closed
	closed  bool
}

// Open starts the capture: what crosses the loopback from now on will be seen. The caller closes it.
// The error is ErrUnsupported where there is no way to.
func Open() (*Capture, error) { return open(nil) }

func open(t *tee) (*Capture, error) {
	r, err := openRing()
	if err != nil {
		return nil, fmt.Errorf("capture: %w: %w", ErrUnsupported, err)
	}
	self, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		r.close()
		return nil, fmt.Errorf("capture: %w", err)
	}
	c := &Capture{ring: r, tee: t, self: self, done: make(chan struct{}), changed: make(chan struct{})}
	go c.run()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.Sync(ctx); err != nil {
		c.Close()
		return nil, fmt.Errorf("capture: %w", err)
	}
	return c, nil
}

// Close ends the capture and waits for its goroutine. What has not been read yet is not in Events: Sync comes first.
func (c *Capture) Close() error {
	c.mu.Lock()
	first := !c.closing
	c.closing = true
	c.mu.Unlock()
	if first {
		c.mark(0) // wakes the reader; should that fail, it looks up soon by itself
	}
	<-c.done
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.lost, c.closed = c.ring.lost(), true
	c.ring.close()
	return c.self.Close()
}

// Sync waits until everything that had crossed the loopback before it was called is in Events.
func (c *Capture) Sync(ctx context.Context) error {
	c.mu.Lock()
	c.marker++
	number := c.marker
	c.mu.Unlock()
	const patience = 100 * time.Millisecond // the kernel may have dropped the marker, so it is sent again
	for {
		if err := c.mark(number); err != nil {
			return fmt.Errorf("sync with the wire: %w", err)
		}
		try, cancel := context.WithTimeout(ctx, patience)
		err := c.await(try, func(_ []Event, seen uint64) bool { return seen >= number })
		again := try.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			return nil
		case !again:
			return fmt.Errorf("sync with the wire: %w", err)
		}
	}
}

// Wait returns when until holds. It asks now and whenever there is news, with all events, which are there to be read only.
func (c *Capture) Wait(ctx context.Context, until func([]Event) bool) error {
	err := c.await(ctx, func(events []Event, _ uint64) bool { return until(events) })
	if err != nil {
		return fmt.Errorf("wait for the wire: %w", err)
	}
	return nil
}

func (c *Capture) await(ctx context.Context, until func(events []Event, seen uint64) bool) error {
	for {
		c.mu.Lock()
		events, seen, changed, err := c.events[:len(c.events):len(c.events)], c.seen, c.changed, c.err
		c.mu.Unlock()
		switch {
		case until(events, seen):
			return nil
		case err != nil:
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Events is a copy of what was seen, in order.
func (c *Capture) Events() []Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Event(nil), c.events...)
}

// Full reports whether there were more events than MaxEvents, and Missed how many more.
func (c *Capture) Full() bool { return c.Missed() > 0 }

// Missed is how many events came after the capture was full.
func (c *Capture) Missed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.missed
}

// Lost is how many packets the kernel dropped, because this process was too slow for them.
func (c *Capture) Lost() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.lost
	}
	return c.ring.lost()
}

// mark sends a marker, a packet that nobody else would send.
func (c *Capture) mark(number uint64) error {
	_, err := c.self.WriteTo(binary.BigEndian.AppendUint64(nil, number), c.self.LocalAddr())
	return err
}
