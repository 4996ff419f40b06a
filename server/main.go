// Command server is a broadcast chat over WebSocket: what one client says, every client hears, the sender included.
//
// Where to read first: chat.go says who is connected and what becomes of a message; broadcast how one message reaches
// them all; conn.go how one client is listened to, outbox.go and pass.go how it gets what the others say.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(30) // the chat makes little garbage, and memory for each of many clients counts
	}
	//lab:10 begin  Ctrl-C ends the chat in good order. Whoever else stops a program sends SIGTERM, and that still ends it at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	//lab:10 starter
	//	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	//lab:10 end
	context.AfterFunc(ctx, stop) // from then on a signal does what it does by default: it ends the program
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program: it serves until ctx is done, and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cfg, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "server: %v (-h shows how to call it)\n", err)
		return 2
	}
	listener, err := listen(cfg)
	if err != nil {
		explain(stderr, err, "-addr", cfg.addr)
		return 1
	}
	defer listener.Close()
	var metrics net.Listener
	if cfg.metrics != "" {
		if metrics, err = net.Listen("tcp", cfg.metrics); err != nil {
			explain(stderr, err, "-metrics", cfg.metrics)
			return 1
		}
	}
	c := newChat(cfg, stdout, stderr)
	c.log.note("listening on " + listener.Addr().String())
	if metrics != nil {
		c.log.note("metrics on http://" + metrics.Addr().String() + "/metrics")
		defer c.serveMetrics(metrics)()
	}
	if c.serve(ctx, listener) != nil {
		return 1
	}
	return 0
}

// explain says why the server cannot listen where a flag says.
func explain(stderr io.Writer, err error, flag, addr string) {
	fmt.Fprintln(stderr, err)
	if portTaken(err) {
		_, port, _ := net.SplitHostPort(addr)
		fmt.Fprintf(stderr, "hint: who holds it?  lsof -nP -iTCP:%s -sTCP:LISTEN   (Windows: netstat -ano)\n", port)
		fmt.Fprintf(stderr, "hint: or take any free port:  %s 127.0.0.1:0\n", flag)
	}
}

// listen opens the address, for TLS if there is a certificate.
func listen(cfg config) (net.Listener, error) {
	if cfg.tlsCert == "" {
		return net.Listen("tcp", cfg.addr)
	}
	certificate, err := tls.LoadX509KeyPair(cfg.tlsCert, cfg.tlsKey)
	if err != nil {
		return nil, fmt.Errorf("server: load certificate: %w", err)
	}
	return tls.Listen("tcp", cfg.addr, &tls.Config{Certificates: []tls.Certificate{certificate}})
}

// portTaken reports whether err says that somebody else listens there already.
func portTaken(err error) bool {
	const windows = syscall.Errno(10048) // WSAEADDRINUSE, which Windows' syscall.EADDRINUSE is not
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windows)
}
