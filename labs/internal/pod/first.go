package pod

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
)

// marker is the environment variable that tells a process which part it plays in a pod. It is taken out of the
// environment before anything else happens, so that no judged program sees it.
const marker = "BROADCASTLAB_POD"

// The roles that marker names.
const (
	roleIsolated = "isolated" // first process with namespaces of its own
	roleAttached = "attached" // the same, for work that a person takes part in
	roleShared   = "shared"   // first process in the machine's own world
	roleProbe    = "probe"    // first process that only tries what a pod needs
	roleNothing  = "nothing"  // a judged program that does nothing: what roleProbe starts
)

// garbage is how much a first process may leave uncollected, in percent of what it uses (debug.SetGCPercent), until it takes muchMemory,
// in bytes. Most live for less than a second and use a few MiB, and to look through all of a large program for pointers was an eighth
// of their time.
const (
	garbage    = 800
	muchMemory = 256 << 20
)

// Main is the first call in main, and in TestMain, of every program that starts pods. In a pod's first process it
// readies the world, calls first with the job on in, and exits with its result; everywhere else it returns at once.
// What first writes on out is what Run returns. Standard input is empty there and standard output is standard error,
// so that a stray read or print cannot touch the job or the answer.
func Main(first func(ctx context.Context, in io.Reader, out io.Writer) int) {
	role := os.Getenv(marker)
	if role == "" {
		return
	}
	os.Unsetenv(marker)
	if role == roleNothing {
		os.Exit(0)
	}
	os.Exit(firstProcess(role, first))
}

func firstProcess(role string, first func(context.Context, io.Reader, io.Writer) int) int {
	debug.SetGCPercent(garbage)
	debug.SetMemoryLimit(muchMemory)
	in, out := os.Stdin, os.Stdout
	os.Stdout = os.Stderr
	os.Stdin, _ = os.Open(os.DevNull)
	// Judged programs can signal the first process. It must not end or stop for that, and cannot ignore signals either, since
	// they would inherit that. Notify does neither, and drops what nobody reads.
	signal.Notify(make(chan os.Signal, 1), deadly...)
	if err := errors.Join(keepToItself(), enter(role), spareMainThread()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status := make(chan int)
	go func() { status <- work(role, first, in, out) }()
	return <-status
}

// work does what a first process is there for, and returns its exit status.
func work(role string, first func(context.Context, io.Reader, io.Writer) int, in io.Reader, out io.Writer) int {
	job, err := receive(in)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if role == roleProbe {
		return try()
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	// This goroutine lives as long as the process. Its read ends when whoever started the pod is gone or wants it gone.
	go func() {
		io.Copy(io.Discard, in)
		cancel()
		if role == roleAttached {
			return // the work comes to its end; who started the pod kills it if it does not, and by its own death
		}
		endAll()
		os.Exit(1)
	}()
	status := first(ctx, job, out) // orphans that die meanwhile stay zombies: to reap them could take another's Wait
	endAll()
	return status
}

// try does what the work in a pod will need: an address to listen on, and a judged program.
func try() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	l.Close()
	cmd := exec.Command(self())
	cmd.Env = []string{marker + "=" + roleNothing}
	if err := Start(cmd); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := cmd.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, "run a program:", err)
		return 1
	}
	return 0
}
