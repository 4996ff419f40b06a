package trace

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/pod"
)

// look is how often the kernel is asked whether the server listens: it tells nobody by itself.
const look = 10 * time.Millisecond

// playCommand runs the command until it ends or ctx is cancelled, as its own person started it: with its whole environment.
func (t *tracer) playCommand(ctx context.Context, argv []string, input *os.File) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = os.Environ()
	cmd.Stdin = input
	p, err := t.start(filepath.Base(argv[0]), cmd, argv, false)
	if err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-ctx.Done():
		p.retire()
	}
	return nil
}

// playSubmission runs the server and the clients ann and ben. What the person types is ann's; ben only listens. It ends when
// ann has ended, or when ctx is cancelled.
func (t *tracer) playSubmission(ctx context.Context, job Job, input io.Reader) error {
	addr := meeting(job)
	server, err := t.startProgram("server", job.Submission.Server, addr, job.Home, false)
	if err != nil {
		return err
	}
	defer server.retire()
	t.awaitServer(ctx, server)
	ann, err := t.startClient(ctx, "ann", job, addr)
	if err != nil {
		return err
	}
	defer ann.retire()
	if !ann.hasEnded() && ctx.Err() == nil {
		ben, err := t.startClient(ctx, "ben", job, addr)
		if err != nil {
			return err
		}
		defer ben.retire()
	}
	// Nothing ends its read: it lives until the input ends, or this process.
	go t.typeAt(ann, input)
	select {
	case <-ann.ended:
	case <-ctx.Done():
	}
	return nil
}

// meeting is where server and clients are told to meet; empty when they are told nothing.
func meeting(job Job) string {
	if job.Bare {
		return ""
	}
	return cmp.Or(job.Submission.Server.Fixed, job.Submission.Client.Fixed, harness.DefaultAddr)
}

func (t *tracer) startProgram(name string, program harness.Program, addr, home string, connects bool) (*player, error) {
	argv, shown := program.Command(addr)
	if len(argv) == 0 {
		return nil, fmt.Errorf("start %s: it has no way to be started with no address given", name)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = program.Dir
	cmd.Env = pod.Environ(home, home)
	return t.start(name, cmd, shown, connects)
}

// startClient starts a client and waits until it is in the chat, so that the next connection is known to be the next client's.
func (t *tracer) startClient(ctx context.Context, name string, job Job, addr string) (*player, error) {
	p, err := t.startProgram(name, job.Submission.Client, addr, job.Home, true)
	if err != nil {
		return nil, err
	}
	patience := time.NewTimer(harness.StartPatience)
	defer patience.Stop()
	select {
	case <-p.answered:
	case <-p.ended:
	case <-patience.C:
		t.say(name, "has no answer to its handshake yet")
	case <-ctx.Done():
	}
	return p, nil
}

// awaitServer waits until somebody listens in the pod: nobody else is there.
func (t *tracer) awaitServer(ctx context.Context, server *player) {
	clock := time.NewTicker(look)
	defer clock.Stop()
	ctx, cancel := context.WithTimeout(ctx, harness.StartPatience)
	defer cancel()
	for {
		if ports, _ := pod.Listening(); len(ports) > 0 {
			return
		}
		select {
		case <-clock.C:
		case <-server.ended:
			return
		case <-ctx.Done():
			t.say("server", "listens on no port yet")
			return
		}
	}
}

// typeAt types the person's lines at a client, until they end.
func (t *tracer) typeAt(p *player, input io.Reader) {
	lines := bufio.NewReader(input)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			t.say(p.name, "types     "+strings.TrimSuffix(line, "\n"))
			io.WriteString(p.input, line) // a client that is gone reads nothing
		}
		if err != nil {
			p.input.Close()
			return
		}
	}
}
