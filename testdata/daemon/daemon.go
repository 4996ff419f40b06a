// Package daemon leaves a process behind, for the hostile programs that try to outlive their judge.
package daemon

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// Leave starts this program again as a daemon: the child of a child that has ended, deaf to all signals but KILL, with this
// program's output open. It returns at once in the program itself, and not at all in the other two.
func Leave() {
	const generation = "HOSTILE_GENERATION"
	switch os.Getenv(generation) {
	case "":
		again(generation + "=child").Run()
	case "child":
		again(generation + "=grandchild").Start()
		os.Exit(0)
	case "grandchild":
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
		<-time.After(5 * time.Minute)
		os.Exit(0)
	}
}

func again(env string) *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), env)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = detached()
	return cmd
}
