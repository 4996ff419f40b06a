// Package leak runs the tests of a program, and sees that nothing they started is left.
package leak

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"testing"
	"time"
)

// Run runs the tests and returns the exit status: that of the tests, or 1 if goroutines are left behind for longer than patience.
func Run(m *testing.M, patience time.Duration) int {
	_, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	stop() // so that the runtime's own goroutine for signals, which fuzzing needs, is among those that were there before
	before := runtime.NumGoroutine()
	status := m.Run()
	if status == 0 && !Settles(before, patience) {
		stacks := make([]byte, 1<<20)
		fmt.Printf("FAIL: goroutines left behind\n%s", stacks[:runtime.Stack(stacks, true)])
		status = 1
	}
	return status
}

// Settles reports whether no more than n goroutines are left. The kernel may take a moment to close what was closed.
func Settles(n int, patience time.Duration) bool {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > n; <-tick.C {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
