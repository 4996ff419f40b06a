package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"broadcastlab/testdata/conformance"

	"github.com/stretchr/testify/require"
)

// A writerFunc is called with what is written.
type writerFunc func(text string)

func (f writerFunc) Write(p []byte) (int, error) {
	f(string(p))
	return len(p), nil
}

// nobody returns an address where nobody listens.
func nobody(t *testing.T) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, ln.Close())
	return ln.Addr().String()
}

func TestNoServer(t *testing.T) {
	addr := nobody(t)
	p := start(t, "-url", "ws://"+addr, "-attempts", "2", "-backoff", "1ms")
	for n := 1; n <= 2; n++ {
		require.Regexp(t, fmt.Sprintf("^attempt %d of 2: dial tcp %s: .*refused", n, addr), receive(t, p.stderr))
	}
	p.complains("client: connect to ws://" + addr + ": gave up after attempt 2")
	p.complains("hint: is the server running, and on that port?")
	p.ends(1)
	require.Empty(t, receive(t, p.stdout))
}

func TestServerThatStartsAfterTheFirstAttempt(t *testing.T) {
	addr := nobody(t)
	var server httptest.Server
	d := dialer{url: "ws://" + addr, attempts: 2, backoff: time.Millisecond, handshakeWait: patience}
	d.stderr = writerFunc(func(text string) {
		require.Contains(t, text, "attempt 1 of 2")
		ln, err := net.Listen("tcp", addr)
		require.NoError(t, err)
		server.Listener = ln
		server.Config = &http.Server{Handler: http.NotFoundHandler()}
		server.Start()
		t.Cleanup(server.Close)
	})
	_, err := d.dial(t.Context())
	require.EqualError(t, err, fmt.Sprintf("connect to ws://%s: the server answered \"404 Not Found\": no valid upgrade to WebSocket", addr))
}

func TestBackoffDoubles(t *testing.T) {
	d := dialer{attempts: 3, backoff: 20 * time.Millisecond, stderr: io.Discard}
	begin := time.Now()
	_, err := d.connect(t.Context(), "tcp", nobody(t))
	require.Error(t, err)
	require.GreaterOrEqual(t, time.Since(begin), 60*time.Millisecond)
}

// A lost server is tried for as long as there is time, however often that is.
func TestLostServerIsTriedForATime(t *testing.T) {
	listener, url := listening(t)
	p := start(t, "-reconnect", "-attempts", "1", "-backoff", "1ms", "-url", url)
	conn, err := conformance.Accept(listener)
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	require.NoError(t, conn.Close())
	require.Regexp(t, "^client: lost the server: ", receive(t, p.stderr))
	for n := 1; n <= 3; n++ {
		require.Regexp(t, fmt.Sprintf("^attempt %d: dial tcp .*refused", n), receive(t, p.stderr))
	}
	p.interrupt()
	p.ends(0)
}

func TestLostServerIsGivenUpInTheEnd(t *testing.T) {
	d := dialer{url: "ws://" + nobody(t), attempts: 3, backoff: time.Hour, until: time.Now().Add(time.Minute), stderr: io.Discard}
	_, err := d.dial(t.Context())
	require.EqualError(t, err, "connect to "+d.url+": gave up after 1m0s")
}

func TestInterruptEndsTheWaitBetweenAttempts(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	stderr := writerFunc(func(string) { interrupt() })
	args := []string{"-url", "ws://" + nobody(t), "-backoff", "1h"}
	require.Equal(t, 0, run(ctx, args, strings.NewReader(""), io.Discard, stderr))
}

func TestAnswerThatIsNoUpgradeIsToldAtOnce(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	url := "ws" + strings.TrimPrefix(server.URL, "http")
	p := start(t, "-url", url)
	p.complains(fmt.Sprintf("client: connect to %s: the server answered \"404 Not Found\": no valid upgrade to WebSocket", url))
	p.complains("hint: is the server running, and on that port?")
	p.ends(1)
}

// answer accepts one connection, says text, and keeps the connection until the test ends.
func answer(t *testing.T, text string) (url string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var serving sync.WaitGroup
	serving.Go(func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		io.WriteString(conn, text)
		io.Copy(io.Discard, conn) // until the client goes
	})
	t.Cleanup(func() {
		ln.Close()
		serving.Wait()
	})
	return "ws://" + ln.Addr().String()
}

func TestServerThatIsNoWebServer(t *testing.T) {
	p := start(t, "-url", answer(t, "220 mail ready\r\n"))
	require.Regexp(t, `^client: connect to ws://.*: malformed HTTP`, receive(t, p.stderr))
	p.ends(1)
}

func TestServerThatSaysNothingIsTold(t *testing.T) {
	d := dialer{url: answer(t, ""), attempts: 3, handshakeWait: 50 * time.Millisecond, stderr: io.Discard}
	_, err := d.dial(t.Context())
	require.EqualError(t, err, "connect to "+d.url+": no answer within 50ms")
}

func TestCommandLineThatCannotWork(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	addr := ln.Addr().String()
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-url", "http://" + addr}, `-url "http://` + addr + `": it does not start with ws://`},
		{[]string{"-url", addr}, `-url "` + addr + `": first path segment`},
		{[]string{"-url", "localhost:8080"}, `-url "localhost:8080": it does not start with ws://`},
		{[]string{"-url", ""}, `-url "": it does not start with ws://`},
		{[]string{"-url", "ws://"}, `-url "ws://": ws:// is followed by HOST:PORT`},
		{[]string{"-url", "ws://:8080"}, `-url "ws://:8080": ws:// is followed by HOST:PORT`},
		{[]string{"-url", "ws://ann@" + addr}, `-url "ws://ann@` + addr + `": ws:// is followed by HOST:PORT`},
		{[]string{"-url", "ws://127.0.0.1:99999"}, `-url "ws://127.0.0.1:99999": a port is a number`},
		{[]string{"-url", "ws://127.0.0.1:0"}, `-url "ws://127.0.0.1:0": a port is a number`},
		{[]string{"-url", "ws://127.0.0.1:"}, `-url "ws://127.0.0.1:": a port is a number`},
		{[]string{"-url", "ws://127.0.0.1:x"}, `-url "ws://127.0.0.1:x": invalid port ":x" after host`},
		{[]string{"-url", "ws://" + addr + " "}, `-url "ws://` + addr + ` ": there is a blank in it`},
		{[]string{"-url", "ws://my host/"}, `-url "ws://my host/": there is a blank in it`},
		{[]string{"-url", "ws://" + addr + "\n"}, `-url "ws://` + addr + `\n": there is a blank in it`},
		{[]string{"-url", "ws://" + addr, "more"}, `unexpected argument "more"`},
		{[]string{"-url", "ws://" + addr, "-attempts", "0"}, `-attempts 0: it takes one at least`},
		{[]string{"-url", "ws://" + addr, "-attempts", "x"}, `invalid value "x" for flag -attempts`},
		{[]string{"-url", "ws://" + addr, "-ping", "-1s"}, `times and sizes are not below zero`},
		{[]string{"-url", "ws://" + addr, "-max-message", "0"}, `times and sizes are not below zero`},
		{[]string{"-url", "ws://" + addr, "-ca", "/no/such/file"}, `-ca "/no/such/file": `},
		{[]string{"-url", "ws://" + addr, "-ca", "dial.go"}, `-ca "dial.go": there is no certificate in it`},
		{[]string{"-url", "ws://" + addr + "#part"}, `-url "ws://` + addr + `#part": it has a fragment, "#part"`},
		{[]string{"-url", "wss://"}, `-url "wss://": wss:// is followed by HOST:PORT`},
		{[]string{"-colour"}, `flag provided but not defined: -colour`},
	} {
		var stderr strings.Builder
		require.Equal(t, 2, run(t.Context(), test.args, strings.NewReader("plum\n"), io.Discard, &stderr), "%q", test.args)
		require.Regexp(t, "^client: "+regexp.QuoteMeta(test.want)+".*\nhint: .*\n$", stderr.String())
	}

	// No attempt on the wire: the first one to connect is the test itself.
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer conn.Close()
	first, err := ln.Accept()
	require.NoError(t, err)
	defer first.Close()
	require.Equal(t, conn.LocalAddr().String(), first.RemoteAddr().String())
}

func TestURLsThatMayWork(t *testing.T) {
	for _, url := range []string{"ws://localhost", "ws://[::1]:8080/", "ws://127.0.0.1:2000/chat?room=1", "WS://[::1]", "ws://example.org:65535", "wss://example.org"} {
		require.NoError(t, checkURL(url), url)
	}
}

func TestHelp(t *testing.T) {
	var stdout strings.Builder
	require.Equal(t, 0, run(t.Context(), []string{"-h"}, strings.NewReader(""), &stdout, io.Discard))
	for _, flag := range []string{"-url", "-name", "-attempts", "-backoff", "-ca", "-reconnect", "-ping", "-max-message", "Example: client"} {
		require.Contains(t, stdout.String(), flag)
	}
}
