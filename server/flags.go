package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
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
  -tls-cert FILE            serve wss:// with this certificate, and those that vouch for it (PEM)
  -tls-key FILE             its key (PEM)
  -origin ORIGIN,…          web pages that may connect, as https://example.com or http://localhost:3000, or * for all;
                            besides those of the host and port that they connect to, and programs that are no browsers

Limits:
  -max-clients N            whoever comes then is answered 503 (default 10000)
  -max-header BYTES         a longer request is answered 431 (default 16384)
  -max-message BYTES        a longer message ends its client's connection with 1009 (default 1048576)
  -handshake-wait DURATION  how long a new peer may take to ask for its upgrade (default 4s)
  -ping DURATION            when a silent client is pinged; one that is silent three times as long, or takes that long
                            for one message, is let go; 0 for never (default 30s)

Slow clients:
  -write-wait DURATION      how long a client may take to let one write through (default 30s)
  -keep BYTES               how far a client may fall behind, 65536 at least (default 16777216)
  -keep-for DURATION        how long a client may stay behind; 0 for ever (default 1m0s)
  -slow tell|close          a client farther behind is told how many messages it missed, or closed with 1008 (default tell)
  -writer direct|pump       who writes to a client: whoever has news, if that takes no waiting; or a goroutine of its own
                            (default direct, where the system and the connection can)

From outside:
  -quiet                    do not log connections and messages
  -log text|json            for people or for machines (default text)
  -metrics HOST:PORT        serve metrics for Prometheus at /metrics, and profiles at /debug/pprof/
  -drain DURATION           how long everyone has to take the last messages at the end (default 3s); what is logged then has
                            one second more

SIGINT and SIGTERM end the chat in good order: nobody new gets in, what was said is delivered, everyone gets Close 1001.
A second signal ends it at once. Exit status: 0 ended in good order, 1 could not listen or serve, 2 wrong command line.

Memory: -keep for all together; for each client about 6 kB, and if it is behind 64 KiB, or the one message that it is amid;
1 MiB of lines for standard output and as much for standard error, if they take them slowly: what is older is left out.

Example: server -addr 127.0.0.1:2000 -name Ann
`

// A config is the command line.
type config struct {
	addr, metrics        string
	name, welcome        string
	tlsCert, tlsKey      string
	origins              []string
	slow, writer, log    string
	quiet, tag, binary   bool
	maxClients           int
	maxHeader, keep      int
	maxMessage           int64
	handshakeWait, drain time.Duration
	writeWait            time.Duration
	ping, keepFor        time.Duration
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
	flags.StringVar(&cfg.tlsCert, "tls-cert", "", "")
	flags.StringVar(&cfg.tlsKey, "tls-key", "", "")
	origins := flags.String("origin", "", "")
	flags.IntVar(&cfg.maxClients, "max-clients", 10_000, "")
	flags.IntVar(&cfg.maxHeader, "max-header", 16<<10, "")
	flags.Int64Var(&cfg.maxMessage, "max-message", 1<<20, "")
	flags.DurationVar(&cfg.handshakeWait, "handshake-wait", 4*time.Second, "") // a request may get lost twice: it is sent again after 1 s, and after 2 s more (RFC 6298)
	flags.DurationVar(&cfg.ping, "ping", 30*time.Second, "")
	flags.DurationVar(&cfg.writeWait, "write-wait", 30*time.Second, "")
	flags.IntVar(&cfg.keep, "keep", broadcast.DefaultKeep, "")
	flags.DurationVar(&cfg.keepFor, "keep-for", time.Minute, "")
	flags.StringVar(&cfg.slow, "slow", "tell", "")
	flags.StringVar(&cfg.writer, "writer", "direct", "")
	flags.BoolVar(&cfg.quiet, "quiet", false, "")
	flags.StringVar(&cfg.log, "log", "text", "")
	flags.StringVar(&cfg.metrics, "metrics", "", "")
	flags.DurationVar(&cfg.drain, "drain", 3*time.Second, "") // and printWait: all is over in less than the 5 s that a server has for it
	if err := flags.Parse(args); err != nil {
		return cfg, err
	}
	if flags.NArg() > 0 {
		return cfg, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *origins != "" {
		for origin := range strings.SplitSeq(*origins, ",") {
			cfg.origins = append(cfg.origins, strings.ToLower(strings.TrimSpace(origin)))
		}
	}
	return cfg, cfg.check()
}

// check says what cannot be meant.
func (cfg config) check() error {
	if err := checkAddr("addr", cfg.addr); err != nil {
		return err
	}
	if err := checkAddr("metrics", cfg.metrics); err != nil && cfg.metrics != "" {
		return err
	}
	for _, origin := range cfg.origins {
		if err := checkOrigin(origin); err != nil {
			return err
		}
	}
	for _, choice := range []struct {
		name, value string
		of          []string
	}{
		{"slow", cfg.slow, []string{"tell", "close"}},
		{"writer", cfg.writer, []string{"direct", "pump"}},
		{"log", cfg.log, []string{"text", "json"}},
	} {
		if !slices.Contains(choice.of, choice.value) {
			return fmt.Errorf("invalid value %q for flag -%s: want %s", choice.value, choice.name, strings.Join(choice.of, " or "))
		}
	}
	switch {
	case strings.ContainsFunc(cfg.name, func(r rune) bool { return !unicode.IsPrint(r) }) || len(cfg.name) > 100:
		return fmt.Errorf("invalid value %q for flag -name: want up to 100 bytes that can be printed", cfg.name)
	case !utf8.ValidString(cfg.welcome):
		return fmt.Errorf("invalid value %q for flag -welcome: not UTF-8", cfg.welcome)
	case (cfg.tlsCert == "") != (cfg.tlsKey == ""):
		return errors.New("-tls-cert and -tls-key need each other")
	case min(cfg.handshakeWait, cfg.writeWait, cfg.drain) <= 0 || min(int64(cfg.keep), cfg.maxMessage, int64(cfg.maxHeader), int64(cfg.maxClients)) <= 0:
		return errors.New("times and sizes must be above zero")
	case min(cfg.ping, cfg.keepFor) < 0:
		return errors.New("times must not be below zero")
	}
	return nil
}

// checkOrigin says what no browser sends as a page's origin (RFC 6454 6.2).
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if origin == "*" || err == nil && u.Hostname() != "" && origin == u.Scheme+"://"+u.Host && !strings.Contains(u.Host, "*") {
		return nil
	}
	return fmt.Errorf("invalid value %q for flag -origin: want scheme://host or scheme://host:port, or * for all", origin)
}

func checkAddr(name, addr string) error {
	_, _, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.ResolveTCPAddr("tcp", addr)
	}
	if err != nil {
		return fmt.Errorf("invalid value %q for flag -%s: %v", addr, name, err)
	}
	return nil
}
