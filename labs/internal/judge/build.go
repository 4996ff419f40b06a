package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"broadcastlab/labs/internal/harness"
)

const (
	buildLimit  = 5 * time.Minute // for one build command; the first one of a machine compiles its dependencies too
	buildOutput = 64 << 10        // bytes of a build's output that are kept
)

// A BuildError says that a submission does not build, in the words of what built it.
type BuildError struct {
	Command string
	Output  string
}

func (e *BuildError) Error() string { return e.Command + ": " + e.Output }

// Build builds both programs, once, and returns how they are started. Go programs go into bin, a folder of the caller's, where
// only what has changed is linked if they were built there before; others stay where their build puts them. A program that does
// not build is a *BuildError.
func (s Source) Build(ctx context.Context, bin string) (harness.Submission, error) {
	if s.isGo {
		return s.buildGo(ctx, bin)
	}
	if s.server.Build != nil {
		if err := s.command(ctx, s.server.Build...); err != nil {
			return harness.Submission{}, err
		}
	}
	if s.client.Build != nil && !slices.Equal(s.client.Build, s.server.Build) {
		if err := s.command(ctx, s.client.Build...); err != nil {
			return harness.Submission{}, err
		}
	}
	server, err := s.program(s.server, "server")
	if err != nil {
		return harness.Submission{}, err
	}
	client, err := s.program(s.client, "client")
	return harness.Submission{Server: server, Client: client}, err
}

// buildGo builds server/ and client/ with one command. No revision is stamped in: asking git for one would run what the
// submission's .git/config says. Nor is there anything for a debugger, since that takes a third of the time.
func (s Source) buildGo(ctx context.Context, bin string) (harness.Submission, error) {
	build := func() error {
		return s.command(ctx, "go", "build", "-buildvcs=false", "-ldflags=-w", "-o", bin+string(filepath.Separator), "./server", "./client")
	}
	exe := ""
	if runtime.GOOS == "windows" {
		exe = ".exe"
	}
	serverFile, clientFile := filepath.Join(bin, "server"+exe), filepath.Join(bin, "client"+exe)
	age(serverFile, clientFile)
	if err := build(); err != nil {
		return harness.Submission{}, err
	}
	switch removed, err := removeAged(serverFile, clientFile); {
	case err != nil:
		return harness.Submission{}, err
	case removed:
		if err := build(); err != nil {
			return harness.Submission{}, err
		}
	}
	program := func(name, file, flag, value string) (harness.Program, error) {
		if _, err := os.Stat(file); err != nil {
			return harness.Program{}, &BuildError{"go build ./" + name, "./" + name + " is no main package: want package main with func main"}
		}
		return harness.Program{
			Dir: s.Dir, Run: []string{file, flag, value}, Bare: []string{file},
			Shown: []string{"go", "run", "./" + name, flag, value}, ShownBare: []string{"go", "run", "./" + name},
		}, nil
	}
	server, err := program("server", serverFile, "-addr", "$ADDR")
	if err != nil {
		return harness.Submission{}, err
	}
	server.Race = raceOf(server)
	client, err := program("client", clientFile, "-url", "$URL")
	return harness.Submission{Server: server, Client: client}, err
}

// aged is the time of programs of an earlier build. The go command makes those that it leaves as they are new again, so one that is
// still aged is of a package that is no main package any more, or of a go command that does otherwise: a build without it tells.
var aged = time.Unix(1, 0)

func age(files ...string) {
	for _, file := range files {
		os.Chtimes(file, aged, aged) // fails where there is none
	}
}

// removeAged removes those that are still aged, and reports whether any was.
func removeAged(files ...string) (removed bool, err error) {
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || !info.ModTime().Equal(aged) {
			continue
		}
		if err := os.Remove(file); err != nil {
			return removed, fmt.Errorf("build: %w", err)
		}
		removed = true
	}
	return removed, nil
}

// program turns a recipe into a program, and sees that what it names is there.
func (s Source) program(r recipe, name string) (harness.Program, error) {
	p := harness.Program{Dir: s.Dir, Fixed: r.Addr, Shown: r.Run, ShownBare: r.Bare}
	for _, argv := range []struct {
		from []string
		to   *[]string
	}{{r.Run, &p.Run}, {r.Bare, &p.Bare}} {
		if argv.from == nil {
			continue
		}
		file, err := s.lookUp(argv.from[0])
		if err != nil {
			return p, &BuildError{Command: fmt.Sprintf("%s: [%s] %q", tomlName, name, argv.from[0]), Output: err.Error()}
		}
		*argv.to = append([]string{file}, argv.from[1:]...)
	}
	return p, nil
}

// lookUp finds a command as a shell in the submission's folder would.
func (s Source) lookUp(command string) (string, error) {
	if strings.ContainsAny(command, `/\`) && !filepath.IsAbs(command) {
		command = filepath.Join(s.Dir, command)
	}
	file, err := exec.LookPath(command)
	var what *exec.Error
	if errors.As(err, &what) {
		err = what.Err
	}
	return file, err
}

// command runs one build command in the submission's folder.
func (s Source) command(ctx context.Context, argv ...string) error {
	ctx, cancel := context.WithTimeout(ctx, buildLimit)
	defer cancel()
	shown := strings.Join(argv, " ")
	if s.isGo {
		shown = "go build ./server ./client"
	}
	file, err := s.lookUp(argv[0])
	if err != nil {
		return &BuildError{shown, fmt.Sprintf("%s cannot be run: %v", argv[0], err)}
	}
	cmd := exec.CommandContext(ctx, file, argv[1:]...)
	cmd.Dir = s.Dir
	out := &head{limit: buildOutput}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = time.Second
	sweep := inGroup(cmd)
	err = cmd.Run()
	if ctx.Err() != nil && cmd.Process != nil {
		sweep()
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &BuildError{shown, fmt.Sprintf("the build took longer than %v and was ended", buildLimit)}
	case ctx.Err() != nil:
		return ctx.Err()
	}
	text := strings.TrimSpace(out.String())
	if text == "" {
		text = err.Error()
	}
	if strings.Contains(text, "go.mod file not found") || strings.Contains(text, "cannot find main module") {
		text += "\nhint: a Go submission is a module: go mod init chat, then go mod tidy, in " + s.Dir
	}
	return &BuildError{shown, text}
}

// head keeps the beginning of what is written: the first error is the one to read.
type head struct {
	kept  bytes.Buffer // not embedded: io.Copy would find its ReadFrom, which knows no limit
	limit int
	lost  int
}

func (h *head) Write(p []byte) (int, error) {
	room := min(len(p), h.limit-h.kept.Len())
	h.kept.Write(p[:room])
	h.lost += len(p) - room
	return len(p), nil
}

func (h *head) String() string {
	if h.lost > 0 {
		return fmt.Sprintf("%s\n… %d more bytes cut", h.kept.String(), h.lost)
	}
	return h.kept.String()
}
