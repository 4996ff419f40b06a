// Command client talks in a broadcast chat over WebSocket: it sends what is typed, line by line, and prints what is said.
//
// Where to read first: chat.go hears and types at the same time, dial.go gets a connection, goodbye.go is how a chat ends,
// line.go is about single lines, link.go about a server that says too much or nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const usage = `client talks in a broadcast chat: each line you type is a message, and every message is printed.

Usage: client [flags]

  -url ws://HOST:PORT   the server, or wss://HOST:PORT with TLS (default ws://127.0.0.1:8080)
  -ca FILE              believe the certificates in FILE that the server is the one it says, not those of the system
  -name NAME            whose computer the printed lines speak of (default Reference)
  -attempts N           how often to try to connect at first, at least once (default 3)
  -backoff DURATION     wait after the first attempt that failed; doubles after each, up to 5s (default 350ms)
  -reconnect            when the server is lost or has closed the chat, try to connect again, for one minute
  -ping DURATION        how often to ask whether the server is there; one that is silent three times as long is lost,
                        0 never asks (default 10s)
  -max-message BYTES    a server that says more at a time is lost (default 16777216)

The end of the input (Ctrl-D, on Windows Ctrl-Z and Enter) or SIGINT ends the chat.
A server that is gone, or says what it must not, is told of at once; one that is silent, after three pings; one that takes
no message, after 5s.
Exit status: 0 the chat has ended, 1 could not reach or lost the server, 2 wrong command line.

Example: client -url ws://127.0.0.1:2000 -name Ann
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // from then on a signal does what it does by default: it ends the program
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: it chats until the input, the server or ctx ends, and returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	d := dialer{handshakeWait: 10 * time.Second, stderr: stderr}
	c := chat{stdout: stdout}
	reconnect, err := parse(args, &d, &c)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // of what is still read: nobody takes it
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "client: %v\nhint: client -url ws://127.0.0.1:8080 (client -h shows all flags)\n", err)
		return 2
	}
	if isTerminal(stdin) && isTerminal(stdout) {
		c.before, c.after = "\r", "> "
	}
	for {
		conn, err := d.dial(ctx)
		if ctx.Err() != nil {
			return 0
		}
		if err != nil {
			//lab:2 begin  A client that gives up in silence leaves you guessing. Say why it failed, and end with status 1.
			fmt.Fprintf(stderr, "client: %s\nhint: %s\n", visible(err.Error()), hint(err))
			return 1
			//lab:2 starter
			//	return 0
			//lab:2 end
		}
		if c.lines == nil {
			c.lines = typed(ctx, stdin)
		}
		err = c.talk(ctx, conn)
		if status := report(stderr, err); err == nil || c.lines == nil || !reconnect {
			return status
		}
		d.until = time.Now().Add(reconnectFor)
		pause(ctx, d.backoff)
	}
}

// report says how the chat has ended, if the server ended it, and returns the status.
func report(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errClosed):
		fmt.Fprintln(stderr, err)
		return 0
	default:
		fmt.Fprintln(stderr, "client: lost the server:", visible(err.Error()))
		return 1
	}
}

// parse reads the command line. Nothing is sent before all of it is known to be usable.
func parse(args []string, d *dialer, c *chat) (reconnect bool, err error) {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints errors and usage
	flags.StringVar(&d.url, "url", "ws://127.0.0.1:8080", "")
	ca := flags.String("ca", "", "")
	flags.StringVar(&c.name, "name", "Reference", "")
	flags.IntVar(&d.attempts, "attempts", 3, "")
	flags.DurationVar(&d.backoff, "backoff", 350*time.Millisecond, "")
	flags.BoolVar(&reconnect, "reconnect", false, "")
	flags.DurationVar(&c.ping, "ping", 10*time.Second, "")
	flags.Int64Var(&c.maxMessage, "max-message", 16<<20, "")
	if err := flags.Parse(args); err != nil {
		return false, err
	}
	switch {
	case flags.NArg() > 0:
		return false, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case d.attempts < 1:
		return false, fmt.Errorf("-attempts %d: it takes one at least", d.attempts)
	case d.backoff < 0 || c.ping < 0 || c.maxMessage < 1:
		return false, errors.New("times and sizes are not below zero, and a message has one byte at least")
	}
	if d.ping = c.ping; *ca != "" {
		if d.ca, err = trust(*ca); err != nil {
			return false, err
		}
	}
	return reconnect, checkURL(d.url)
}
