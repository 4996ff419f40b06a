package main

import (
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

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

// serveMetrics serves metrics and profiles until stop is called.
func (c *chat) serveMetrics(listener net.Listener) (stop func()) {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(c.registry(), promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: c.handshakeWait, ErrorLog: c.errors}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.Serve(listener)
	}()
	return func() { server.Close(); <-ended }
}

// registry returns the metrics. They are read when somebody asks, and cost nothing otherwise.
func (c *chat) registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	count := func(opts prometheus.CounterOpts, value *atomic.Uint64) {
		r.MustRegister(prometheus.NewCounterFunc(opts, func() float64 { return float64(value.Load()) }))
	}
	for _, m := range []struct {
		name, help string
		value      *atomic.Uint64
	}{
		{"chat_clients_joined_total", "Clients that joined.", &c.stats.joined},
		{"chat_messages_total", "Messages said.", &c.stats.messages},
		{"chat_messages_missed_total", "Messages that slow clients missed, each once for each client.", &c.stats.missed},
		{"chat_writes_total", "Writes to clients. One takes all messages that a client has coming.", &c.stats.writes},
		{"chat_sent_bytes_total", "Bytes written to clients.", &c.stats.bytes},
	} {
		count(prometheus.CounterOpts{Name: m.name, Help: m.help}, m.value)
	}
	for reason, value := range map[string]*atomic.Uint64{
		"full":      &c.stats.full,      // answered 503
		"handshake": &c.stats.handshake, // answered what else is no upgrade
		"protocol":  &c.stats.protocol,  // it broke the rules
		"slow":      &c.stats.slow,      // it did not read what it had coming
		"silent":    &c.stats.silent,    // it gave no sign of life, or no end of a message
		"panic":     &c.stats.panics,    // the server made a mistake
	} {
		count(prometheus.CounterOpts{
			Name:        "chat_clients_dropped_total",
			Help:        "Clients that were not let in or let go, each once.",
			ConstLabels: prometheus.Labels{"reason": reason},
		}, value)
	}
	for name, gauge := range map[string]struct {
		help  string
		value func() float64
	}{
		"chat_clients":        {"Clients in the chat.", func() float64 { return float64(len(c.present())) }},
		"chat_clients_behind": {"Clients that have messages coming.", func() float64 { behind, _ := c.lag(); return float64(behind) }},
		"chat_lag_messages":   {"Messages that the slowest client has coming.", func() float64 { _, most := c.lag(); return float64(most) }},
	} {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: gauge.help}, gauge.value))
	}
	return r
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
