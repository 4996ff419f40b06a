package harness

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
)

// A Submission is the two programs that are judged.
type Submission struct {
	Server, Client Program
}

// A Program is how one judged program is started.
type Program struct {
	Run   []string // $ADDR and $URL are filled in
	Bare  []string // with no address given; nil where there is no such way
	Fixed string   // the one address it has, where it takes none: HOST:PORT
	Dir   string   // working directory

	Race Race // with the race detector

	// Shown and ShownBare are Run and Bare as a person would type them; nil where that is the same.
	Shown, ShownBare []string
}

// Command is how the program is started that listens on, or connects to, an address: what is run, and what a person types.
// No address starts it bare; nil says that it cannot be.
func (p Program) Command(addr string) (argv, shown []string) {
	if addr != "" {
		return p.argv(addr, "ws://"+addr)
	}
	if p.ShownBare == nil {
		return p.Bare, p.Bare
	}
	return p.Bare, p.ShownBare
}

func (p Program) argv(addr, url string) (argv, shown []string) {
	fill := strings.NewReplacer("$ADDR", addr, "$URL", url)
	for _, arg := range p.Run {
		argv = append(argv, fill.Replace(arg))
	}
	for _, arg := range p.Shown {
		shown = append(shown, fill.Replace(arg))
	}
	if shown == nil {
		shown = argv
	}
	return argv, shown
}

const (
	maxMemory = 1 << 30 // bytes that one process of a program may have in use before it is ended
	weighing  = 50 * time.Millisecond
	maxOutput = 8 << 20 // bytes that a program may print before it is ended
	maxLine   = 1 << 20 // bytes of one line that are kept; the rest of it is dropped
)

// A program is a judged program that was started. Its owner is the check, which calls close; the goroutines that read
// its output belong to cmd and end with it, the one that types ends with its input.
type program struct {
	name  string
	role  string // server or client
	cmd   *exec.Cmd
	shown []string
	addr  string   // where it was told to listen or to connect
	more  []string // arguments besides the address
	t     *transcript
	ear   *ear

	feeding sync.WaitGroup
	pending []string      // lines to type, guarded by t.mu
	hungUp  bool          // no more lines will come, guarded by t.mu
	ended   chan struct{} // closed when the process is gone and all it printed is read
	printed int           // bytes, guarded by t.mu
	lines   int           // guarded by t.mu
	excess  string        // what it took too much of and was ended for, in words; guarded by t.mu
	killed  bool          // the kit ended it; guarded by t.mu

	measured *holding // at measure; nil before
	most     int64    // bytes of memory, the most that was seen since; guarded by t.mu
}

// start starts a judged program. Its standard input stays open until hangup.
func (c *check) start(name, role string, dir string, argv, shown []string, addr string) (*program, error) {
	p := &program{name: name, role: role, addr: addr, shown: shown, t: c.t, ear: c.t.ear(name),
		ended: make(chan struct{})}
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Dir = dir
	p.cmd.Env = append(pod.Environ(c.home, c.home), "GORACE=atexit_sleep_ms=0") // of the race detector: nobody waits for it at the end
	p.cmd.Stdout = &printer{p: p, kind: labs.Printed}
	p.cmd.Stderr = &printer{p: p, kind: labs.Complain, stream: 1}
	input, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, machineError("start %s: %v", name, err)
	}
	c.t.note(labs.Event{Who: name, Kind: labs.Started, Text: typedAs(shown)})
	if err := pod.Start(p.cmd); err != nil {
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) ||
			errors.Is(err, exec.ErrNotFound) || errors.Is(err, syscall.ENOEXEC) {
			return nil, &unable{outcome: labs.Build, why: fmt.Sprintf("the %s cannot be started: %v", role, err)}
		}
		return nil, machineError("start %s: %v", name, err)
	}
	p.feeding.Go(func() { p.feed(input) })
	p.feeding.Go(p.weigh)
	go p.reap()
	c.actors[name] = p
	c.programs = append(c.programs, p)
	return p, nil
}

// feed types the pending lines until the input ends or the program is gone.
func (p *program) feed(input io.WriteCloser) {
	defer input.Close()
	for {
		p.t.mu.Lock()
		lines, hungUp, changed := p.pending, p.hungUp, p.t.changed
		p.pending = nil
		p.t.mu.Unlock()
		for _, text := range lines {
			if _, err := io.WriteString(input, text+"\n"); err != nil {
				return // nobody reads any more: what is typed is lost, as at a terminal
			}
		}
		if hungUp && len(lines) == 0 {
			return
		}
		if len(lines) == 0 {
			<-changed
		}
	}
}

// weigh ends the program when it has taken too much memory: the machine is not the judged program's alone.
func (p *program) weigh() {
	clock := time.NewTicker(weighing)
	defer clock.Stop()
	for {
		select {
		case <-p.ended:
			return
		case <-clock.C:
		}
		memory := pod.Memory(p.cmd.Process.Pid)
		p.t.mu.Lock()
		p.most = max(p.most, memory)
		p.t.mu.Unlock()
		if memory > maxMemory {
			p.t.mu.Lock()
			p.stop(fmt.Sprintf("had taken more than %d MiB of memory", maxMemory>>20))
			p.t.mu.Unlock()
			return
		}
	}
}

// stop ends a program that has taken too much of something. The transcript's lock is held.
func (p *program) stop(excess string) {
	p.excess = excess
	p.t.add(labs.Event{Who: p.name, Kind: labs.Note, Text: excess + " and is ended for it"})
	pod.Kill(p.cmd)
}

// reap waits for the program's end and tells it to the transcript. close waits for reap.
func (p *program) reap() {
	err := p.cmd.Wait()
	for _, w := range []io.Writer{p.cmd.Stdout, p.cmd.Stderr} {
		w.(*printer).end()
	}
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	status := p.status(err)
	p.ear.ended = status
	if !p.killed {
		p.t.add(labs.Event{Who: p.name, Kind: labs.Ended, Text: strings.TrimPrefix(status, "ended ")})
	}
	p.t.wake()
	close(p.ended)
}

// status says in words how the program ended. The transcript's lock is held.
func (p *program) status(err error) string {
	state := p.cmd.ProcessState
	switch {
	case p.excess != "":
		return "was ended by the kit: it " + p.excess
	case state == nil:
		return fmt.Sprintf("ended, and its status is lost: %v", err)
	case errors.Is(err, exec.ErrWaitDelay):
		return fmt.Sprintf("ended with status %d, and left a process behind that holds its output", state.ExitCode())
	case state.Exited():
		return fmt.Sprintf("ended with status %d", state.ExitCode())
	default:
		return "was ended by " + state.String()
	}
}

// say types a line. What is typed at a program that is gone is lost; the wait that follows tells its end.
func (p *program) say(text string) error {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	if p.hungUp {
		return usageError("%s has been hung up: nothing can be typed any more", p.name)
	}
	p.pending = append(p.pending, text)
	p.t.add(labs.Event{Who: p.name, Kind: labs.Typed, Text: text})
	return nil
}

// silent reports whether the program has given no sign of life so far. The transcript's lock is held.
func (p *program) silent() bool {
	return len(p.ear.heard) == 0 && p.ear.rest == [2]string{} && p.ear.ended == ""
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// hangup ends the program's input.
func (p *program) hangup() error {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.hungUp = true
	p.t.add(labs.Event{Who: p.name, Kind: labs.Note, Text: "its input ends"})
	return nil
}

// close ends the program at once and returns when it is gone.
func (p *program) close() {
	p.t.mu.Lock()
	p.killed = p.killed || p.ear.ended == ""
	p.hungUp = true
	p.t.wake()
	p.t.mu.Unlock()
	pod.Kill(p.cmd)
	<-p.ended
	p.feeding.Wait()
}

// exitCode is the program's status once it has ended; -1 if a signal ended it.
func (p *program) exitCode() int { return p.cmd.ProcessState.ExitCode() }

// lastLines returns the last n lines that the program printed; of a stack trace, the line that says why.
// The transcript's lock is held.
func (p *program) lastLines(n int) []string {
	var lines []string
	for _, l := range p.ear.heard[max(0, len(p.ear.heard)-n):] {
		lines = append(lines, l.text)
	}
	first := ""
	for _, l := range p.ear.heard {
		if strings.HasPrefix(l.text, "fatal error: ") { // of Go's runtime, which comes before the trace
			first = l.text
		}
		if stackTrace.MatchString(l.text) {
			return []string{cmp.Or(first, l.text), "and a stack trace"}
		}
	}
	return lines
}
