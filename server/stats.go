package main

import "sync/atomic"

// Stats counts what happens, each from the start on.
type stats struct {
	joined           atomic.Uint64 // clients
	messages, missed atomic.Uint64 // missed: by slow clients, each message once for each
	writes, bytes    atomic.Uint64 // to clients; one write takes all that a client has coming

	// Clients that were dropped, each once, by the reason.
	full, handshake, protocol, slow, silent, panics atomic.Uint64
}

func (s *stats) wrote(bytes int) {
	if bytes > 0 {
		s.writes.Add(1)
		s.bytes.Add(uint64(bytes))
	}
}

// drop notes why the server lets c go. The first reason counts, others may follow from it.
func (c *conn) drop(reason *atomic.Uint64) {
	if c.dropped.CompareAndSwap(false, true) {
		reason.Add(1)
	}
}

// lag returns how many members have messages coming, and how many the slowest has.
func (c *chat) lag() (behind int, most uint64) {
	for _, m := range c.present() {
		m.out.mu.Lock()
		lag := m.out.cursor.Lag()
		m.out.mu.Unlock()
		if lag > 0 {
			behind++
		}
		most = max(most, lag)
	}
	return behind, most
}
