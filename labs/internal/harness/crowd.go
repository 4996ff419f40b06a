package harness

import (
	"bufio"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// A crowd is many peers at once, each with a goroutine of its own. They join, talk and leave as the seed has it; some stay.
type crowd struct {
	c       *check
	nonce   string
	said    *regexp.Regexp // a message of the crowd, whatever stands around it
	members []*member
}

// A member is one of a crowd.
type member struct {
	crowd *crowd
	name  string
	says  int  // so many messages, each when it has heard the one before
	leave int  // how it leaves: 0 stays, 1 says Close, 2 is reset, 3 just ends
	hasty bool // leaves without waiting to hear its last message

	tcp     net.Conn
	reading sync.WaitGroup

	// guarded by the transcript's lock
	heard []string // messages of the crowd
	own   int      // of them its own
	ended bool
	wrong error
}

func runCrowd(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 1, 1)
	if err != nil {
		return err
	}
	n, err := atoi("N", rest[0])
	if err != nil {
		return err
	}
	if n < 2 {
		return usageError("%d is no crowd", n)
	}
	g := &crowd{c: c, nonce: "Crowd" + c.texts.nonce()}
	g.said = regexp.MustCompile(g.nonce + ` (member \d+) says \w+`)
	for i := range n {
		m := &member{crowd: g, name: fmt.Sprintf("member %d", i+1), says: 1 + c.texts.rnd.IntN(4), hasty: c.texts.rnd.IntN(2) == 0}
		if i >= 2 { // two stay at least, to compare what they have heard
			m.leave = max(0, c.texts.rnd.IntN(6)-2)
		}
		g.members = append(g.members, m)
	}
	err = g.run()
	c.t.note(labs.Event{Who: "check", Kind: labs.Note, Text: fmt.Sprintf("%d have joined and talked, some have left", n)})
	for _, p := range c.programs { // a race explains whatever else has gone wrong
		if race := c.raced(p); race != nil && err != nil {
			return race
		}
	}
	return err
}

// run lets all loose at once, and compares what those have heard who stayed.
func (g *crowd) run() error {
	var running sync.WaitGroup
	for _, m := range g.members {
		running.Go(m.live)
	}
	running.Wait()
	defer func() {
		for _, m := range g.members {
			if m.tcp != nil {
				m.tcp.Close()
			}
			m.reading.Wait()
		}
	}()
	for _, m := range g.members {
		if m.wrong != nil {
			return m.wrong
		}
	}
	stayed := slices.DeleteFunc(slices.Clone(g.members), func(m *member) bool { return m.leave != 0 })
	last := stayed[0]
	last.say("last")
	for _, m := range stayed {
		if err := m.await("the last message of all", func() bool { return slices.ContainsFunc(m.heard, isLast) }); err != nil {
			return err
		}
	}
	return g.sameOrder(stayed)
}

func isLast(text string) bool { return strings.HasSuffix(text, " last") }

// live is one member's life: it joins, talks, and leaves or stays.
func (m *member) live() {
	if m.wrong = m.join(); m.wrong != nil {
		return
	}
	for i := range m.says {
		m.say(fmt.Sprint(i))
		if m.leave != 0 && m.hasty && i == m.says-1 {
			break
		}
		if m.wrong = m.await("its own message", func() bool { return m.own > i }); m.wrong != nil {
			return
		}
	}
	switch m.leave {
	case 1:
		m.tcp.Write(goodbye(1000))
	case 2:
		reset(m.tcp)
	case 3:
		m.tcp.Close()
	}
}

func (m *member) join() error {
	c := m.crowd.c
	tcp, r, err := c.enter(m.name+" of the crowd", c.addr, "Many ask at the same time. Does the server go back to accept after each of them?")
	if err != nil {
		return err
	}
	m.tcp = tcp
	m.reading.Go(func() { m.listen(r) })
	return nil
}

func (m *member) say(what string) {
	text := fmt.Sprintf("%s %s says %s", m.crowd.nonce, m.name, what)
	m.tcp.Write(wire.AppendFrame(nil, wire.Frame{Fin: true, Opcode: wire.Text, Masked: true, Payload: []byte(text)}))
}

// listen keeps the crowd's messages until the connection ends.
func (m *member) listen(r *bufio.Reader) {
	t := m.crowd.c.t
	for {
		f, err := wire.ReadFrame(r, maxEventText)
		t.mu.Lock()
		if said := m.crowd.said.FindStringSubmatch(string(f.Payload)); f.Opcode == wire.Text && said != nil {
			m.heard = append(m.heard, said[0])
			if said[1] == m.name {
				m.own++
			}
			t.wake()
		}
		if err != nil || f.Opcode == wire.Close || len(m.heard) > maxHeard {
			m.ended = true
			t.wake()
			t.mu.Unlock()
			return
		}
		t.mu.Unlock()
		if f.Opcode == wire.Ping {
			m.tcp.Write(wire.AppendFrame(nil, wire.Frame{Fin: true, Opcode: wire.Pong, Masked: true, Payload: f.Payload}))
		}
	}
}

// await waits until a member has heard what it should.
func (m *member) await(what string, done func() bool) error {
	c := m.crowd.c
	ok := false
	err := c.t.await(c.ctx, c.usual(), func() bool { ok = done(); return ok || m.ended })
	switch {
	case ok:
		return nil
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	heard := "nothing more, though the connection is open"
	if m.ended {
		heard = "the end of the connection"
	}
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("Among %d who join, talk and leave at the same time, %s did not hear %s.", len(m.crowd.members), m.name, what),
		Expected: what, Heard: heard,
		Next: "Does everybody wait for somebody? Look for a lock that is held while something else is waited for: a channel, a write, a second lock.",
	}, "")
}

// sameOrder compares what those have heard who stayed: who has come later has heard less at the beginning, and then the same.
func (g *crowd) sameOrder(stayed []*member) error {
	g.c.t.mu.Lock()
	defer g.c.t.mu.Unlock()
	upToLast := func(m *member) []string { return m.heard[:slices.IndexFunc(m.heard, isLast)+1] }
	first := slices.MaxFunc(stayed, func(a, b *member) int { return len(upToLast(a)) - len(upToLast(b)) })
	all := upToLast(first)
	for _, m := range stayed {
		some := upToLast(m)
		rest := all[len(all)-len(some):]
		for i := len(some) - 1; i >= 0; i-- {
			if some[i] == rest[i] {
				continue
			}
			return g.c.failAt(-1, labs.Failure{
				Headline: fmt.Sprintf("Of those who stayed to the end, %s and %s have not heard the same: one of them has missed something, or heard it in another order.", first.name, m.name),
				Expected: fmt.Sprintf("%s: %q, then %q", first.name, rest[i], rest[i+1]), Heard: fmt.Sprintf("%s: %q, then %q", m.name, some[i], some[i+1]),
				Next: "One place must decide the order, and who joins must not fall between two messages.",
			}, "")
		}
	}
	return nil
}
