// Command client talks in a broadcast chat over WebSocket: it sends what is typed, line by line, and prints what is said.
//
// Where to read first: chat.go hears and types at the same time, dial.go gets a connection, line.go is about single lines.
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

  -url ws://HOST:PORT   the server (default ws://127.0.0.1:8080)
  -name NAME            whose computer the printed lines speak of (default Reference)
  -attempts N           how often to try to connect, at least once (default 3)
  -backoff DURATION     wait after the first attempt that failed; doubles after each (default 350ms)

The end of the input (Ctrl-D, on Windows Ctrl-Z and Enter) or SIGINT ends the chat.
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
	c := chat{stdin: stdin, stdout: stdout}
	switch err := parse(args, &d, &c); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "client: %v\nhint: client -url ws://127.0.0.1:8080 (client -h shows all flags)\n", err)
		return 2
	}
	conn, err := d.dial(ctx)
	if ctx.Err() != nil {
		return 0
	}
	if err != nil {
		//lab:2 begin  A client that gives up in silence leaves you guessing. Say why it failed, and end with status 1.
		fmt.Fprintf(stderr, "client: %v\nhint: is the server running, and on that port?\n", err)
		return 1
		//lab:2 starter
		//	return 0
		//lab:2 end
	}
	switch err := c.talk(ctx, conn); {
	case errors.Is(err, errClosed):
		fmt.Fprintln(stderr, err)
	case err != nil:
		fmt.Fprintln(stderr, "client: lost the server:", visible(err.Error()))
		return 1
	}
	return 0
}

// parse reads the command line. Nothing is sent before all of it is known to be usable.
func parse(args []string, d *dialer, c *chat) error {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints errors and usage
	flags.StringVar(&d.url, "url", "ws://127.0.0.1:8080", "")
	flags.StringVar(&c.name, "name", "Reference", "")
	flags.IntVar(&d.attempts, "attempts", 3, "")
	flags.DurationVar(&d.backoff, "backoff", 350*time.Millisecond, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if d.attempts < 1 {
		return fmt.Errorf("-attempts %d: it takes one at least", d.attempts)
	}
	return checkURL(d.url)
}
