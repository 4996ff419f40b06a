package trace

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"broadcastlab/labs/internal/wire"
)

// syncLimit bounds the wait for the wire before a program's line is told: a machine so busy gets them out of order.
const syncLimit = 2 * time.Second

// A tracer brings what crosses the wire and what the programs say into one order.
type tracer struct {
	capture *wire.Capture

	mu      sync.Mutex // guards what follows
	scribe  *scribe
	clients []*player
}

// follow tells events as they come, until the capture ends; the error says why it did.
func (t *tracer) follow() error {
	for {
		err := t.capture.Wait(context.Background(), func(events []wire.Event) bool { return len(events) > 0 })
		if err != nil {
			return err
		}
		t.mu.Lock()
		t.drain()
		t.mu.Unlock()
	}
}

// drain tells the events that are there. The lock is held.
func (t *tracer) drain() {
	for _, e := range t.capture.Take() {
		t.meet(e)
		t.scribe.event(e)
	}
}

// say tells something of a program, after all that has crossed before it.
func (t *tracer) say(who, what string) {
	at := time.Now()
	t.sync()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drain()
	t.scribe.note(at, who, what)
}

// sync waits for the wire. Once the capture is broken there is nothing to wait for, and follow tells why.
func (t *tracer) sync() {
	ctx, cancel := context.WithTimeout(context.Background(), syncLimit)
	defer cancel()
	t.capture.Sync(ctx)
}

// meet follows who is connected, and gives a new connection a name: that of the one client that runs and has none.
func (t *tracer) meet(e wire.Event) {
	switch {
	case e.Kind == wire.SYN && t.scribe.names[e.Client] == "":
		var free []*player
		for _, p := range t.clients {
			if !p.hasEnded() && !p.link.IsValid() {
				free = append(free, p)
			}
		}
		if len(free) == 1 {
			free[0].link = e.Client
			t.scribe.names[e.Client] = free[0].name
		}
	case e.Kind == wire.RST || e.Kind == wire.FIN:
		t.linked(e.Client, func(p *player) { p.link = netip.AddrPort{} })
	case e.Kind == wire.HTTPResponse:
		t.linked(e.Client, func(p *player) { p.answer() })
	}
}

// linked calls do for the client that has that connection, if any has.
func (t *tracer) linked(link netip.AddrPort, do func(*player)) {
	for _, p := range t.clients {
		if p.link == link {
			do(p)
		}
	}
}

// close tells what is left, ends the capture and waits for follow.
func (t *tracer) close(following <-chan error) error {
	t.sync()
	t.capture.Close()
	err := <-following
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drain()
	for what, n := range map[string]int{"packets": t.capture.Lost(), "events": t.capture.Missed()} {
		if n > 0 {
			t.scribe.note(time.Now(), "lab", fmt.Sprintf("%d %s were lost: this machine is too busy to tell all", n, what))
		}
	}
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return fmt.Errorf("the trace has ended: %w", err)
}
