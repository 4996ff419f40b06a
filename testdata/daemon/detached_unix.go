//go:build unix

package daemon

import "syscall"

// detached starts a session, and with it a process group (setsid(2)).
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
