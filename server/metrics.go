package main

import (
	//lab:beyond begin
	//lab:beyond starter
	//	"fmt"
	//lab:beyond end
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"

	//lab:beyond begin
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	//lab:beyond end
)

// serveMetrics serves metrics and profiles until stop is called.
func (c *chat) serveMetrics(listener net.Listener) (stop func()) {
	mux := http.NewServeMux()
	//lab:beyond begin
	mux.Handle("/metrics", promhttp.HandlerFor(c.registry(), promhttp.HandlerOpts{}))
	//lab:beyond starter
	//	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
	//		for _, m := range c.metrics() { // in the form that Prometheus reads
	//			if m.reason != "" {
	//				m.name += fmt.Sprintf("{reason=%q}", m.reason)
	//			}
	//			fmt.Fprintln(w, m.name, m.value())
	//		}
	//	})
	//lab:beyond end
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

// A metric is one number for whoever watches the server from outside.
type metric struct {
	name, reason string // the reason is a label, and empty where there is none
	help         string
	gauge        bool // it goes down as well
	value        func() float64
}

// metrics are read when somebody asks, and cost nothing otherwise.
func (c *chat) metrics() []metric {
	count := func(n *atomic.Uint64) func() float64 { return func() float64 { return float64(n.Load()) } }
	dropped := func(reason string, n *atomic.Uint64) metric {
		return metric{"chat_clients_dropped_total", reason, "Clients that were not let in or let go, each once.", false, count(n)}
	}
	return []metric{
		{"chat_clients", "", "Clients in the chat.", true, func() float64 { return float64(len(c.present())) }},
		{"chat_clients_behind", "", "Clients that have messages coming.", true, func() float64 { behind, _ := c.lag(); return float64(behind) }},
		{"chat_lag_messages", "", "Messages that the slowest client has coming.", true, func() float64 { _, most := c.lag(); return float64(most) }},
		{"chat_clients_joined_total", "", "Clients that joined.", false, count(&c.stats.joined)},
		{"chat_messages_total", "", "Messages said.", false, count(&c.stats.messages)},
		{"chat_messages_missed_total", "", "Messages that slow clients missed, each once for each client.", false, count(&c.stats.missed)},
		{"chat_writes_total", "", "Writes to clients. One takes all messages that a client has coming.", false, count(&c.stats.writes)},
		{"chat_sent_bytes_total", "", "Bytes written to clients.", false, count(&c.stats.bytes)},
		dropped("full", &c.stats.full),           // answered 503
		dropped("handshake", &c.stats.handshake), // answered what else is no upgrade
		dropped("protocol", &c.stats.protocol),   // it broke the rules
		dropped("slow", &c.stats.slow),           // it did not read what it had coming
		dropped("silent", &c.stats.silent),       // it gave no sign of life, or no end of a message
		dropped("panic", &c.stats.panics),        // the server made a mistake
	}
}

//lab:beyond begin

// registry is the metrics as Prometheus' library wants them, with its own on the process.
func (c *chat) registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, m := range c.metrics() {
		labels := prometheus.Labels{}
		if m.reason != "" {
			labels["reason"] = m.reason
		}
		if m.gauge {
			r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: m.name, Help: m.help, ConstLabels: labels}, m.value))
		} else {
			r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: m.name, Help: m.help, ConstLabels: labels}, m.value))
		}
	}
	return r
}

//lab:beyond end
