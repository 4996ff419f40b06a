package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gorilla/websocket"
)

const (
	connectWait  = 5 * time.Second // for one attempt at TCP
	maxBackoff   = 5 * time.Second
	reconnectFor = time.Minute
)

// A dialer gets a connection to a server that may not be there yet.
type dialer struct {
	url           string
	attempts      int           // at the first connection
	until         time.Time     // when to give up another one; zero: it is the first
	backoff       time.Duration // after the first failure; doubles after each
	handshakeWait time.Duration
	ping          time.Duration  // how often the server will be asked whether it is there; zero: never
	ca            *x509.CertPool // whom to believe that the server is the one it says; nil: whom the system believes
	stderr        io.Writer      // is told each failed attempt
}

// dial opens a TCP connection and asks for WebSocket on it. Only TCP is tried again: a server that answers, but not with
// an upgrade, will not change its mind.
func (d *dialer) dial(ctx context.Context) (*websocket.Conn, error) {
	var l link
	ws := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: d.ca}}
	ws.NetDialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		tcp, err := d.connect(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		l.Conn = tcp
		l.stop = context.AfterFunc(ctx, func() { tcp.Close() })
		return &l, nil
	}
	conn, answer, err := ws.DialContext(ctx, d.url, nil)
	switch {
	case err == nil && (answer.Header.Get("Sec-WebSocket-Extensions") != "" || conn.Subprotocol() != ""):
		conn.Close() // RFC 6455 4.1 wants it so, and gorilla would even inflate what comes, without a limit
		err = errors.New("the server answered with an extension or a protocol that nobody asked for")
	case err == nil:
		l.stop()
		l.open, l.silence = true, pingsUnheard*d.ping
		return conn, nil
	case errors.Is(err, websocket.ErrBadHandshake):
		err = fmt.Errorf("the server answered %q: %w", answer.Status, refusal(answer))
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
		if ctx.Err() != nil {
			return nil, err
		}
		if d.until.IsZero() {
			fmt.Fprintf(d.stderr, "attempt %d of %d: %v\n", n, d.attempts, err)
			if n == d.attempts {
				return nil, fmt.Errorf("gave up after attempt %d", n)
			}
		} else {
			fmt.Fprintf(d.stderr, "attempt %d: %v\n", n, err)
			if time.Now().Add(wait).After(d.until) {
				return nil, fmt.Errorf("gave up after %v", reconnectFor)
			}
		}
		if pause(ctx, wait); ctx.Err() != nil {
			return nil, ctx.Err()
		}
		wait = min(2*wait, maxBackoff)
	}
	//lab:2 starter
	//	conn, err := tcp.DialContext(ctx, network, addr)
	//	if err != nil {
	//		return nil, err
	//	}
	//	return conn, conn.SetDeadline(time.Now().Add(d.handshakeWait)) // gorilla takes it off afterwards
	//lab:2 end
}

var (
	errFull      = errors.New("it is full")
	errWantsTLS  = errors.New("it wants TLS")
	errNoUpgrade = errors.New("no valid upgrade to WebSocket")
)

// refusal says what a server means that has answered, but not with an upgrade.
func refusal(answer *http.Response) error {
	said, _ := io.ReadAll(answer.Body) // gorilla leaves 1 KiB of it at most
	switch {
	case answer.StatusCode == http.StatusServiceUnavailable:
		return errFull
	case answer.StatusCode == http.StatusBadRequest && bytes.Contains(said, []byte("HTTPS")): // as Go's say it, and nginx
		return errWantsTLS
	}
	return errNoUpgrade
}

// hint says what to look at when dial has failed.
func hint(err error) string {
	switch {
	case errors.Is(err, errFull):
		return "try again later, or start the server with a larger -max-clients"
	case errors.Is(err, errWantsTLS):
		return "try wss:// instead of ws://"
	case errors.As(err, new(tls.RecordHeaderError)):
		return "the server speaks no TLS: try ws:// instead of wss://"
	case errors.As(err, new(*tls.CertificateVerificationError)):
		return "-ca FILE says whose certificates to believe"
	}
	return "is the server running, and on that port?"
}

func pause(ctx context.Context, wait time.Duration) {
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
}

// trust reads the certificates of those who may vouch for the server, or the server's own.
func trust(file string) (*x509.CertPool, error) {
	certificates, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("-ca %q: %w", file, errors.Unwrap(err)) // without the name once more
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(certificates) {
		return nil, fmt.Errorf("-ca %q: there is no certificate in it", file)
	}
	return pool, nil
}

// checkURL says what is wrong with a URL that cannot work.
func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case strings.ContainsFunc(s, unicode.IsSpace):
		return fmt.Errorf("-url %q: there is a blank in it", s)
	case err != nil:
		return fmt.Errorf("-url %q: %w", s, errors.Unwrap(err)) // without the URL once more
	case u.Scheme != "ws" && u.Scheme != "wss":
		return fmt.Errorf("-url %q: it does not start with ws:// or wss://", s)
	case u.Hostname() == "" || u.User != nil:
		return fmt.Errorf("-url %q: %s:// is followed by HOST:PORT", s, u.Scheme)
	case u.Fragment != "":
		return fmt.Errorf("-url %q: it has a fragment, %q", s, "#"+u.Fragment) // RFC 6455, section 3
	case u.Port() == "" && !strings.HasSuffix(u.Host, ":"):
		return nil // port 80, for wss 443 (RFC 6455, section 3)
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err != nil || port == 0 {
		return fmt.Errorf("-url %q: a port is a number from 1 to 65535", s)
	}
	return nil
}
