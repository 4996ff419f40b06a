// Command server is right, but deaf to signals, and has a daemon beside it that would outlive it.
//
// Passes: 1.1
package main

import (
	"os/signal"
	"syscall"

	"broadcastlab/testdata/daemon"
	"broadcastlab/testdata/simple"
)

func main() {
	daemon.Leave()
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	simple.Server{}.Main()
}
