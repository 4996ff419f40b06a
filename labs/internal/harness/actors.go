package harness

import (
	"flag"
	"net"
	"slices"
	"strings"
	"time"
)

// This file runs the commands that bring somebody in.

func runServer(c *check, _ bool, args []string) error {
	addr, bare, nowait, race := c.addr, false, false, false
	args, more := besides(args)
	rest, err := options(args, func(f *flag.FlagSet) {
		f.StringVar(&addr, "addr", addr, "")
		f.BoolVar(&bare, "bare", false, "")
		f.BoolVar(&nowait, "nowait", false, "")
		f.BoolVar(&race, "race", false, "")
	}, 0, 1)
	if err != nil {
		return err
	}
	name := "server"
	if len(rest) == 1 {
		name = rest[0]
	}
	if err := c.newName(name); err != nil {
		return err
	}
	s := c.job.Submission.Server
	if bare {
		addr = DefaultAddr
	} else if s.Fixed != "" {
		addr = s.Fixed
	}
	argv, shown, err := c.serverArgv(addr, bare, race)
	if err != nil {
		return err
	}
	argv, shown = slices.Concat(argv, more), slices.Concat(shown, more)
	p, err := c.start(name, "server", s.Dir, argv, shown, addr)
	if err != nil || nowait {
		return err
	}
	p.more = more
	c.addr = addr
	return c.ready(p)
}

// serverArgv is how the judged server is started, and how a person would type that.
func (c *check) serverArgv(addr string, bare, race bool) (argv, shown []string, err error) {
	s := c.job.Submission.Server
	switch {
	case race:
		return c.withRace(addr)
	case !bare:
		argv, shown = s.argv(addr, "ws://"+addr)
	case s.Bare == nil:
		err = usageError("the server cannot be started with no address given: guard the line with [bare]")
	default:
		argv, shown = s.Bare, s.ShownBare
	}
	return argv, shown, err
}

// besides splits a command's own arguments from those that stand behind -- and are for the program.
func besides(args []string) (own, more []string) {
	if i := slices.Index(args, "--"); i >= 0 {
		return args[:i], args[i+1:]
	}
	return args, nil
}

func runClient(c *check, _ bool, args []string) error {
	url, bare := "ws://"+c.addr, false
	rest, err := options(args, func(f *flag.FlagSet) {
		f.StringVar(&url, "url", url, "")
		f.BoolVar(&bare, "bare", false, "")
	}, 1, 1)
	if err != nil {
		return err
	}
	if err := c.newName(rest[0]); err != nil {
		return err
	}
	s := c.job.Submission.Client
	addr := strings.TrimPrefix(url, "ws://")
	argv, shown := s.argv(addr, url)
	if bare {
		addr, argv, shown = DefaultAddr, s.Bare, s.ShownBare
	} else if s.Fixed != "" {
		addr = s.Fixed
	}
	if argv == nil {
		return usageError("the client cannot be started with no address given: guard the line with [bare]")
	}
	_, err = c.start(rest[0], "client", s.Dir, argv, shown, addr)
	return err
}

// place reads the one name and the address of a command that connects or listens.
func (c *check) place(args []string) (name, addr string, err error) {
	addr = c.addr
	rest, err := options(args, func(f *flag.FlagSet) { f.StringVar(&addr, "addr", addr, "") }, 1, 1)
	if err != nil {
		return "", "", err
	}
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return "", "", usageError("-addr %q: want HOST:PORT", addr)
	}
	return rest[0], addr, c.newName(rest[0])
}

func runPeer(c *check, neg bool, args []string) error {
	name, addr, err := c.place(args)
	switch {
	case err == nil && neg:
		err = c.keptOut(name, addr)
	case err == nil:
		_, err = c.connect(name, addr)
	}
	return err
}

func runHost(c *check, _ bool, args []string) error {
	if fixed := c.job.Submission.Client.Fixed; fixed != "" {
		c.addr = fixed // it will come to no other
	}
	addr, after := c.addr, time.Duration(0)
	rest, err := options(args, func(f *flag.FlagSet) {
		f.StringVar(&addr, "addr", addr, "")
		f.DurationVar(&after, "after", 0, "")
	}, 1, 1)
	if err != nil {
		return err
	}
	if err := c.newName(rest[0]); err != nil {
		return err
	}
	if after > 0 { // a server that takes its time to start: by the clock that the client goes by as well, however busy the machine is
		select {
		case <-time.After(after):
		case <-c.ctx.Done():
			return c.gaveUp(c.ctx.Err())
		}
	}
	c.addr = addr
	_, err = c.open(rest[0], addr)
	return err
}

func runRaw(c *check, _ bool, args []string) error {
	name, addr, err := c.place(args)
	if err != nil {
		return err
	}
	r, err := c.plug(name, addr)
	if err == nil {
		r.listen()
	}
	return err
}

func runUpgrade(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 1, 2)
	if err != nil {
		return err
	}
	key := newKey()
	if len(rest) == 2 {
		key = rest[1]
	}
	if err := c.newName(rest[0]); err != nil {
		return err
	}
	return c.upgrade(rest[0], c.addr, key)
}
