package trace

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"broadcastlab/labs/internal/pod"
)

const (
	grace   = time.Second // for a program to end by itself, before it is told to, and before it is ended
	maxLine = 8 << 10     // bytes of a line that a program prints; a longer one is cut into several
)

// A player is a program that runs in the trace. Whoever starts it calls retire, or waits for ended.
type player struct {
	name     string
	cmd      *exec.Cmd
	input    io.WriteCloser // of one that connects; nil for others
	ended    chan struct{}  // closed when it is gone and all it printed is told
	answered chan struct{}  // closed when the server has answered its handshake
	once     sync.Once      // for answered

	link netip.AddrPort // its end of its connection while it has one; guarded by the tracer's lock
}

// start starts a program and tells what it prints. A new connection may get the name of one that connects.
func (t *tracer) start(name string, cmd *exec.Cmd, shown []string, connects bool) (*player, error) {
	p := &player{name: name, cmd: cmd, ended: make(chan struct{}), answered: make(chan struct{})}
	if connects {
		input, err := cmd.StdinPipe()
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", name, err)
		}
		p.input = input
	}
	output := &printer{t: t, name: name}
	cmd.Stdout, cmd.Stderr = output, output // one pipe, so that their order stays
	t.say(name, "starts    "+strings.Join(shown, " "))
	if connects {
		t.mu.Lock()
		t.clients = append(t.clients, p)
		t.mu.Unlock()
	}
	if err := pod.Start(cmd); err != nil {
		return nil, err
	}
	go t.reap(p, output)
	return p, nil
}

// reap waits for the program's end and tells it.
func (t *tracer) reap(p *player, output *printer) {
	p.cmd.Wait()
	output.end()
	t.say(p.name, "ends      "+p.cmd.ProcessState.String())
	close(p.ended)
}

func (p *player) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

func (p *player) answer() { p.once.Do(func() { close(p.answered) }) }

// retire ends the program the gentle way first: its input ends, it is interrupted, it is ended. What it says on the way
// is part of the trace.
func (p *player) retire() {
	if p.input != nil {
		p.input.Close()
		p.endsWithin(grace)
	}
	if !p.hasEnded() {
		pod.Signal(p.cmd, os.Interrupt)
	}
	if !p.endsWithin(grace) {
		pod.Kill(p.cmd)
	}
	<-p.ended
}

func (p *player) endsWithin(limit time.Duration) bool {
	patience := time.NewTimer(limit)
	defer patience.Stop()
	select {
	case <-p.ended:
		return true
	case <-patience.C:
		return false
	}
}

// A printer takes what a program prints, on both of its streams, and tells it line by line.
type printer struct {
	t    *tracer
	name string
	rest []byte // the line so far
}

// Write tells all that was printed at once after one wait for the wire.
func (w *printer) Write(b []byte) (int, error) {
	at, n := time.Now(), len(b)
	w.rest = append(w.rest, b...)
	var lines []string
	for {
		line, rest, found := bytes.Cut(w.rest, []byte("\n"))
		if !found && len(w.rest) <= maxLine {
			break
		}
		if len(line) > maxLine {
			line, rest = w.rest[:maxLine], w.rest[maxLine:]
		}
		lines = append(lines, string(line))
		w.rest = rest
	}
	w.tell(at, lines)
	return n, nil
}

// end tells a last line that was not ended.
func (w *printer) end() {
	if len(w.rest) > 0 {
		w.tell(time.Now(), []string{string(w.rest)})
	}
}

func (w *printer) tell(at time.Time, lines []string) {
	if len(lines) == 0 {
		return
	}
	w.t.sync()
	w.t.mu.Lock()
	defer w.t.mu.Unlock()
	w.t.drain()
	for _, line := range lines {
		w.t.scribe.note(at, w.name, "prints    "+strings.TrimSuffix(line, "\r"))
	}
}
