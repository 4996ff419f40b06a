package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gorilla/websocket"
)

const connectWait = 5 * time.Second // for one attempt at TCP

// A dialer gets a connection to a server that may not be there yet.
type dialer struct {
	url           string
	attempts      int
	backoff       time.Duration // after the first failure; doubles after each
	handshakeWait time.Duration
	stderr        io.Writer // is told each failed attempt
}

// dial opens a TCP connection and asks for WebSocket on it. Only TCP is tried again: a server that answers, but not with
// an upgrade, will not change its mind.
func (d *dialer) dial(ctx context.Context) (*websocket.Conn, error) {
	ws := websocket.Dialer{NetDialContext: d.connect}
	conn, answer, err := ws.DialContext(ctx, d.url, nil)
	switch {
	case err == nil:
		return conn, nil
	case errors.Is(err, websocket.ErrBadHandshake):
		err = fmt.Errorf("the server answered %q: no valid upgrade to WebSocket", answer.Status)
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = fmt.Errorf("no answer within %v", d.handshakeWait)
	}
	return nil, fmt.Errorf("connect to %s: %w", d.url, err)
}

func (d *dialer) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	tcp := net.Dialer{Timeout: connectWait}
	//lab:2 begin  Stretch: the server may start a moment later. Try d.attempts times, and say each time why it failed.
	wait := d.backoff
	for n := 1; ; n++ {
		conn, err := tcp.DialContext(ctx, network, addr)
		if err == nil {
			return conn, conn.SetDeadline(time.Now().Add(d.handshakeWait)) // gorilla takes it off afterwards
		}
		fmt.Fprintf(d.stderr, "attempt %d of %d: %v\n", n, d.attempts, err)
		if n == d.attempts {
			return nil, fmt.Errorf("gave up after attempt %d", n)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		wait *= 2
	}
	//lab:2 starter
	//	conn, err := tcp.DialContext(ctx, network, addr)
	//	if err != nil {
	//		return nil, err
	//	}
	//	return conn, conn.SetDeadline(time.Now().Add(d.handshakeWait)) // gorilla takes it off afterwards
	//lab:2 end
}

// checkURL says what is wrong with a URL that cannot work.
func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case strings.ContainsFunc(s, unicode.IsSpace):
		return fmt.Errorf("-url %q: there is a blank in it", s)
	case err != nil:
		return fmt.Errorf("-url %q: %w", s, errors.Unwrap(err)) // without the URL once more
	case u.Scheme != "ws":
		return fmt.Errorf("-url %q: it does not start with ws://", s)
	case u.Hostname() == "" || u.User != nil:
		return fmt.Errorf("-url %q: ws:// is followed by HOST:PORT", s)
	case u.Port() == "" && !strings.HasSuffix(u.Host, ":"):
		return nil // port 80 (RFC 6455, section 3)
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err != nil || port == 0 {
		return fmt.Errorf("-url %q: a port is a number from 1 to 65535", s)
	}
	return nil
}
