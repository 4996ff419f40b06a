package main

import (
	"io"
	"os"
	"regexp"
	"strings"

	"golang.org/x/term"
)

// A console is a terminal that hands on keys as they are pressed, and takes lines as they are.
type console struct {
	*os.File           // where to write
	keys     chan byte // closed when the terminal is gone
	restore  func()    // makes the terminal what it was before
}

// openConsole is ok only if both ends are a terminal that can move its cursor.
func openConsole(stdin io.Reader, stdout io.Writer) (*console, bool) {
	in, ok := stdin.(*os.File)
	out, also := stdout.(*os.File)
	if !ok || !also || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil, false
	}
	plain, err := interpret(out)
	if err != nil {
		return nil, false
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		plain()
		return nil, false
	}
	c := &console{File: out, keys: make(chan byte), restore: func() {
		term.Restore(int(in.Fd()), before)
		plain()
	}}
	go c.read(in)
	return c, true
}

// escapes are what arrows and function keys send (ECMA-48, 5.4; xterm sends ESC O too): none of our keys, though letters are in it.
var escapes = regexp.MustCompile("\x1b(\\[[0-?]*[ -/]*[@-~]|O.|.)?")

// read hands on keys until the terminal is gone. A read from a terminal cannot be called back, so this goroutine ends
// with the process, and nobody waits for it.
func (c *console) read(in io.Reader) {
	defer close(c.keys)
	buffer := make([]byte, 64)
	for {
		n, err := in.Read(buffer)
		if err != nil {
			return
		}
		for _, key := range escapes.ReplaceAll(buffer[:n], nil) {
			c.keys <- key
		}
	}
}

// WriteString ends lines as a terminal in raw mode needs it.
func (c *console) WriteString(s string) (int, error) {
	return c.File.WriteString(strings.ReplaceAll(s, "\n", "\r\n"))
}

// height is how many lines the terminal shows.
func (c *console) height() int {
	if _, height, err := term.GetSize(int(c.Fd())); err == nil && height > 0 {
		return height
	}
	return 24
}
