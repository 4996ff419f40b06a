//go:build !unix

package main

import "syscall"

// detached has no sessions to start here.
func detached() *syscall.SysProcAttr { return nil }
