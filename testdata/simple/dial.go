package simple

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"
)

// Retry dials an address, several times, and says so each time that it could not.
func (c *Client) Retry(addr string) (net.Conn, error) {
	wait := c.Backoff
	for n := 1; ; n++ {
		conn, err := net.DialTimeout("tcp", addr, handshakeWait)
		if err == nil {
			return conn, nil
		}
		fmt.Fprintf(os.Stderr, "attempt %d of %d: %v\n", n, c.Attempts, err)
		if n == c.Attempts {
			return nil, fmt.Errorf("no server at %s", addr)
		}
		<-time.After(wait)
		wait *= 2
	}
}

// checkURL says what is wrong with a URL before anything is sent.
func checkURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("url %q: %w", s, errors.Unwrap(err))
	}
	switch {
	case u.Scheme != "ws":
		return nil, fmt.Errorf("url %q: it has to start with ws://", s)
	case u.Hostname() == "":
		return nil, fmt.Errorf("url %q: the host is missing", s)
	case u.Port() == "":
		u.Host = net.JoinHostPort(u.Hostname(), "80")
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err != nil || port == 0 {
		return nil, fmt.Errorf("url %q: there is no port %s", s, u.Port())
	}
	return u, nil
}
