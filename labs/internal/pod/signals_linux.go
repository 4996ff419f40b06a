package pod

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// deadly are the signals that would else end or stop a Go program (the table in runtime/sigtab_linux_generic.go). To be notified of
// all 64 would take as long as half of what a pod does besides.
var deadly = []os.Signal{
	unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGILL, unix.SIGTRAP, unix.SIGABRT, unix.SIGBUS, unix.SIGFPE, unix.SIGSEGV, unix.SIGTERM,
	unix.SIGSTKFLT, unix.SIGPIPE, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU, unix.SIGSYS,
}

// The Go runtime has no handler for these signals, which belong to C libraries, and Notify gives it none.
const (
	sigCancel   = 32
	sigSyncCall = 34
)

// A first process keeps the main goroutine on the main thread: see spareMainThread.
func init() {
	if os.Getenv(marker) != "" {
		runtime.LockOSThread()
	}
}

// spareMainThread has the other threads handle what signals come. It is called on the main thread, which must do nothing afterwards
// but wait. The kernel spares the first process of a namespace a signal that it has no handler for, but only as long as its main
// thread does not block it (sig_ignored and complete_signal in Linux' kernel/signal.c); and that blocks them all while it
// handles another one, or starts a thread or a process. To ignore signals instead would be inherited by judged programs.
func spareMainThread() error {
	var blocked unix.Sigset_t
	for i := range blocked.Val {
		blocked.Val[i] = ^blocked.Val[i]
	}
	bits := 1024 / len(blocked.Val) // of 1024 signals, as sigset_t has them
	for _, number := range []int{sigCancel, sigSyncCall} {
		blocked.Val[(number-1)/bits] &^= 1 << ((number - 1) % bits)
	}
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &blocked, nil); err != nil {
		return fmt.Errorf("block signals: %w", err)
	}
	return nil
}
