package main

import "runtime"

// flush brings what was said to everyone. It waits for nobody.
//
// Whoever finds no pass under way makes one; all others only leave word that there is more to bring. So at most one
// goroutine writes to the crowd, and what many say at the same time goes out together: one system call for each client,
// not one for each message.
func (c *chat) flush() {
	if c.asked.Add(1) == 1 {
		c.pass()
	}
}

// pass goes through the members once and sends each what it has coming.
func (c *chat) pass() {
	runtime.Gosched() // clients that have something to say by now get it into this pass
	asked := c.asked.Load()
	said := c.said.Count()
	for _, m := range c.present() {
		c.bring(m, said)
	}
	if !c.asked.CompareAndSwap(asked, 0) {
		c.gone.Go(c.pass) // more was said; but whoever made this pass has a client of its own to listen to
	}
}

// bring sends m all of the first messages said that it has coming. If that goes wrong, it does so for m alone. Then m is cut off from elsewhere, since
// this pass may be made in the midst of m's Read.
func (c *chat) bring(m *conn, said uint64) {
	defer c.rescue(m, func() { c.gone.Go(m.cut) })
	m.out.flush(said)
}

// present returns the members.
func (c *chat) present() []*conn {
	//lab:11 begin  While one client speaks another one joins. Whoever reads the list of members needs its lock as well.
	c.mu.Lock()
	defer c.mu.Unlock()
	//lab:11 end
	return c.members
}
