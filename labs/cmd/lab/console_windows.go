package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// interpret makes a console obey escape sequences, which older ones do when they are asked to.
func interpret(out *os.File) (restore func(), err error) {
	handle := windows.Handle(out.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(handle, &mode); err != nil {
		return nil, err
	}
	if err := windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING); err != nil {
		return nil, err
	}
	return func() { windows.SetConsoleMode(handle, mode) }, nil
}
