// Package pod gives each check a private world: a loopback and a process tree of its own, and limits.
// The world is gone when its first process is.
//
// A pod is started by the lab command or a test binary, which runs itself again as the pod's first process. That
// process does the check's work and starts the judged programs as its children (Start). Where the system allows
// it the pod has namespaces of its own (user_namespaces(7)), so every check has ports 2000 and 8080 to itself and
// no program reaches the network. Elsewhere the pod shares the machine's ports, and checks take turns (LockPort).
//
// Promised in both worlds on Linux: when Run returns, or when its caller has died, whatever way, no process that
// was started in the pod is left. Windows keeps that promise by a job object, macOS for what stays in its program's
// process group. In an isolated pod a program can neither end nor trace the first process.
//
// Not promised: a guard for the kernel, for files that the user may write, or, without isolation, for the first
// process: a program that kills it can stay.
package pod

import (
	"context"
	"os"
)

// World is what separates one check from the next on this machine. The zero value is a world without isolation.
type World struct {
	Isolated bool   // each pod has namespaces of its own
	Why      string // why not isolated, one plain sentence; empty when isolated or when it was asked for
}

// Probe does everything once that a pod needs, and so tells which world there is. off asks for no isolation.
func Probe(ctx context.Context, off bool) World {
	if off {
		return World{}
	}
	if !canIsolate {
		return World{Why: "private networks for processes exist on Linux only"}
	}
	isolated := World{Isolated: true}
	_, err := isolated.run(ctx, roleProbe, nil)
	switch {
	case err == nil:
		return isolated
	case ctx.Err() != nil:
		return World{Why: "the probe was cut short (" + ctx.Err().Error() + ")"}
	}
	return World{Why: refusal(err)}
}

// inside tells whether this is the first process of an isolated pod. Its PID namespace gives it number 1.
func inside() bool { return canIsolate && os.Getpid() == 1 }
