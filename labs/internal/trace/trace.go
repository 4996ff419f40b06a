// Package trace tells what crosses the loopback of a pod while programs run there, line by line as it happens.
//
// What is traced is a server and two clients of a submission, any command, or, in the network of a lab shell, whatever the person
// starts. Lines come in the order in which things happened, as far as it can be known: before a line that a program has
// printed stands everything that had crossed the wire by then. Every byte of the programs is made visible first.
//
// Not promised: that no packet is missed. A machine that is too busy loses some, and the last line says how many.
package trace

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"

	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/wire"
)

// A Job is what to run in the pod: the command, or without one the submission.
type Job struct {
	Command    []string
	Submission harness.Submission
	Bare       bool   // the submission's programs are given no address
	Home       string // the home folder of the submission's programs, theirs alone
	Pcap       bool   // the packets go to a file too: set by Run
}

// Kind is the work of this package in a pod, for judge.Main.
func Kind() judge.Kind { return judge.Kind{Name: "trace", Work: work} }

// Run runs the job in a pod of its own and tells on stdout what happens, until it has ended or ctx is cancelled. Lines of
// stdin are typed at the first client, or are the command's input. pcap, unless nil, takes the packets. The status is for lab.
func Run(ctx context.Context, world pod.World, job Job, stdin io.Reader, stdout, stderr io.Writer, pcap *os.File) (status int, err error) {
	input, typed, err := os.Pipe()
	if err != nil {
		return 0, fmt.Errorf("trace: %w", err)
	}
	defer input.Close()
	// A program in another session would go on reading the terminal when lab is in the background, so lab itself reads it.
	// Nothing ends a read of a terminal: this goroutine lives until the input ends, or the process.
	go func() {
		io.Copy(typed, stdin)
		typed.Close()
	}()
	files := []*os.File{input}
	if pcap != nil {
		job.Pcap = true
		files = append(files, pcap)
	}
	in, err := judge.Job("trace", job)
	if err != nil {
		return 0, err
	}
	return world.Attach(ctx, in, stdout, stderr, files...)
}

// work does the job, in the pod's first process.
func work(ctx context.Context, in *gob.Decoder, out io.Writer) (int, error) {
	var job Job
	if err := in.Decode(&job); err != nil {
		return report.StatusUnjudged, fmt.Errorf("read the job: %w", err)
	}
	input := pod.File(0)
	var pcap io.Writer
	if job.Pcap {
		pcap = pod.File(1)
	}
	play := func(ctx context.Context, t *tracer) error { return t.playSubmission(ctx, job, input) }
	if job.Command != nil {
		play = func(ctx context.Context, t *tracer) error { return t.playCommand(ctx, job.Command, input) }
	}
	if err := follow(ctx, out, pcap, play); err != nil {
		return report.StatusUnjudged, fmt.Errorf("lab: %w", err)
	}
	return report.StatusPass, nil
}

// Watch tells what crosses the loopback of this process's own network until ctx is cancelled. pcap may be nil.
func Watch(ctx context.Context, stdout, pcap io.Writer) error {
	return follow(ctx, stdout, pcap, func(ctx context.Context, _ *tracer) error {
		<-ctx.Done()
		return nil
	})
}

// follow tells what crosses while play runs. When the capture breaks play's context is cancelled.
func follow(ctx context.Context, out, pcap io.Writer, play func(context.Context, *tracer) error) error {
	t, err := newTracer(out, pcap)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	following := make(chan error, 1)
	go func() {
		following <- t.follow()
		cancel()
	}()
	err = play(ctx, t)
	return errors.Join(err, t.close(following))
}

// newTracer opens the capture. An empty interface that holds no file is no file.
func newTracer(out, pcap io.Writer) (*tracer, error) {
	open := wire.Open
	if pcap != nil {
		open = func() (*wire.Capture, error) { return wire.OpenTo(pcap) }
	}
	capture, err := open()
	if err != nil {
		return nil, err
	}
	return &tracer{capture: capture, scribe: newScribe(out)}, nil
}
