// Command server is a broadcast chat over WebSocket: what one client says, every client hears, the sender included.
//
// Where to read first: chat.go says who is connected and what becomes of a message, conn.go how one client is served,
// broadcast how one message reaches them all.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
	"unicode/utf8"

	"broadcastlab/server/broadcast"
)

//lab:3 begin  The client dials 8080. Two programs meet only where both mean the same port.
const defaultAddr = "127.0.0.1:8080"

//lab:3 starter
//	const defaultAddr = "127.0.0.1:2000"
//lab:3 end

const defaultWelcome = "Welcome to chat! Type a message"

const usage = `server is a broadcast chat over WebSocket: what one client says, every client hears.

Usage: server [flags]

  -addr HOST:PORT           where to listen; port 0 takes a free one (default ` + defaultAddr + `)
  -name NAME                whose computer the log speaks of (default Reference)
  -welcome TEXT             a new client's first message; none if empty (default "` + defaultWelcome + `")
  -tag=false                do not put the sender's address before a text, and do not quote it: say it as it came
  -binary                   let binary messages in, and say them as they came (default: Close 1003)
  -quiet                    do not log connections and messages
  -handshake-wait DURATION  how long a new peer may take to ask for its upgrade (default 5s)
  -write-wait DURATION      how long a client may take to let one write through (default 10s)
  -max-message BYTES        a longer message ends its client's connection with 1009 (default 1048576)
  -keep BYTES               how far a slow client may fall behind before it misses messages (default 16777216)
  -drain DURATION           how long everyone has to take the last messages at the end (default 5s)

SIGINT and SIGTERM end the chat in good order: nobody new gets in, what was said is delivered, everyone gets Close 1001.
A second signal ends it at once. Exit status: 0 ended in good order, 1 could not listen or serve, 2 wrong command line.

Example: server -addr 127.0.0.1:2000 -name Ann
`

// A config is the command line.
type config struct {
	addr, name, welcome             string
	quiet, tag, binary              bool
	handshakeWait, writeWait, drain time.Duration
	maxMessage                      int64
	keep                            int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
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
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		fmt.Fprintln(stderr, err)
		if portTaken(err) {
			_, port, _ := net.SplitHostPort(cfg.addr)
			fmt.Fprintf(stderr, "hint: who holds it?  lsof -nP -iTCP:%s -sTCP:LISTEN   (Windows: netstat -ano)\n", port)
			fmt.Fprintln(stderr, "hint: or take any free port:  -addr 127.0.0.1:0")
		}
		return 1
	}
	fmt.Fprintf(stdout, "listening on %s\n", listener.Addr())
	if err := newChat(cfg, stderr).serve(ctx, listener, stdout); err != nil {
		fmt.Fprintf(stderr, "server: %v\n", err)
		return 1
	}
	return 0
}

// parse reads the command line. Its errors are meant for the one who typed it.
func parse(args []string) (config, error) {
	var cfg config
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	flags.StringVar(&cfg.addr, "addr", defaultAddr, "")
	flags.StringVar(&cfg.name, "name", "Reference", "")
	flags.StringVar(&cfg.welcome, "welcome", defaultWelcome, "")
	flags.BoolVar(&cfg.tag, "tag", true, "")
	flags.BoolVar(&cfg.binary, "binary", false, "")
	flags.BoolVar(&cfg.quiet, "quiet", false, "")
	flags.DurationVar(&cfg.handshakeWait, "handshake-wait", 5*time.Second, "")
	flags.DurationVar(&cfg.writeWait, "write-wait", 10*time.Second, "")
	flags.DurationVar(&cfg.drain, "drain", 5*time.Second, "")
	flags.Int64Var(&cfg.maxMessage, "max-message", 1<<20, "")
	flags.IntVar(&cfg.keep, "keep", broadcast.DefaultKeep, "")
	if err := flags.Parse(args); err != nil {
		return cfg, err
	}
	if flags.NArg() > 0 {
		return cfg, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	_, _, err := net.SplitHostPort(cfg.addr)
	if err == nil {
		_, err = net.ResolveTCPAddr("tcp", cfg.addr)
	}
	if err != nil {
		return cfg, fmt.Errorf("invalid value %q for flag -addr: %v", cfg.addr, err)
	}
	if !utf8.ValidString(cfg.welcome) {
		return cfg, fmt.Errorf("invalid value %q for flag -welcome: not UTF-8", cfg.welcome)
	}
	if min(cfg.handshakeWait, cfg.writeWait, cfg.drain) <= 0 || cfg.maxMessage <= 0 || cfg.keep <= 0 {
		return cfg, errors.New("times and sizes must be above zero")
	}
	return cfg, nil
}

// portTaken reports whether err says that somebody else listens there already.
func portTaken(err error) bool {
	const windows = syscall.Errno(10048) // WSAEADDRINUSE, which Windows' syscall.EADDRINUSE is not
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windows)
}
