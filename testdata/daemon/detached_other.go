//go:build !unix

package daemon

import "syscall"

// detached has no sessions to start here.
func detached() *syscall.SysProcAttr { return nil }
