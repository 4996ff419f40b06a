package report

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// A browser is one tab of a headless Chromium, driven over the DevTools protocol.
type browser struct {
	t       *testing.T
	conn    *websocket.Conn
	session string
	last    int // id of the last command
	events  []devtools
}

type devtools struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`
}

var endpoint = regexp.MustCompile(`DevTools listening on (ws://\S+)`)

// openBrowser starts Chromium, which ends with the test. Where there is none the test is skipped, but never in CI.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium()
	if path == "" && os.Getenv("CI") != "" {
		t.Fatal("no chromium, chromium-browser or google-chrome in PATH, and in CI nothing is skipped")
	}
	if path == "" {
		t.Skip("no chromium, chromium-browser or google-chrome in PATH: the page is not opened")
	}
	profile, err := os.MkdirTemp("", "lab-chromium-")
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+profile, "--remote-debugging-port=0")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		os.RemoveAll(profile) // a last child may still write there: then it stays
	})
	said := bufio.NewReader(stderr)
	var url string
	for url == "" {
		line, err := said.ReadString('\n')
		require.NoError(t, err, "chromium ended before it listened")
		if m := endpoint.FindStringSubmatch(line); m != nil {
			url = m[1]
		}
	}
	drained := make(chan struct{})
	go func() { defer close(drained); io.Copy(io.Discard, said) }()
	t.Cleanup(func() { cmd.Process.Kill(); <-drained })
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	return &browser{t: t, conn: conn}
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// do sends one command, waits for its answer, and keeps the events that come before it.
func (b *browser) do(method string, params map[string]any, result any) {
	b.t.Helper()
	b.last++
	command := map[string]any{"id": b.last, "method": method, "params": params}
	if b.session != "" {
		command["sessionId"] = b.session
	}
	require.NoError(b.t, b.conn.WriteJSON(command))
	for {
		m := b.next()
		if m.ID != b.last {
			continue
		}
		require.Empty(b.t, string(m.Error), method)
		if result != nil {
			require.NoError(b.t, json.Unmarshal(m.Result, result))
		}
		return
	}
}

func (b *browser) next() devtools {
	b.t.Helper()
	var m devtools
	require.NoError(b.t, b.conn.ReadJSON(&m))
	if m.Method != "" {
		b.events = append(b.events, m)
	}
	return m
}

// open loads a page in a new tab of that width and waits until it is there.
func (b *browser) open(url string, width int) {
	b.t.Helper()
	var target struct{ TargetID, SessionID string }
	b.do("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Network", "Runtime", "Log"} {
		b.do(domain+".enable", nil, nil)
	}
	b.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": true}, nil)
	b.events = nil
	b.do("Page.navigate", map[string]any{"url": url}, nil)
	for len(b.seen("Page.loadEventFired")) == 0 {
		b.next()
	}
}

// seen returns the parameters of the events of those kinds so far.
func (b *browser) seen(methods ...string) []string {
	var params []string
	for _, e := range b.events {
		for _, method := range methods {
			if e.Method == method {
				params = append(params, string(e.Params))
			}
		}
	}
	return params
}

// eval returns an expression's value, as the page has it.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value T }
		ExceptionDetails any
	}
	b.do("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &answer)
	require.Nil(b.t, answer.ExceptionDetails, expression)
	return answer.Result.Value
}

// scheme asks for a page in light or dark.
func (b *browser) scheme(name string) {
	b.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": name}}}, nil)
}
