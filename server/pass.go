package main

import "runtime"

// yieldEvery is how many clients a pass serves between two yields: with a system call each, that is about a millisecond. Who
// keeps a processor for ten is taken for stuck by Go's scheduler, which then looks into every system call and hands the
// processor to another thread. On one processor, that took half as much time again as a pass through 5,000 clients.
const yieldEvery = 128

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

// pass goes through the members once and sends each what it has coming. What is said meanwhile, those that are served later get
// at once.
func (c *chat) pass() {
	runtime.Gosched() // clients that have something to say by now get it into this pass
	asked := c.asked.Load()
	said := c.said.Count()
	for i, m := range c.present() {
		if i%yieldEvery == yieldEvery-1 {
			runtime.Gosched()
		}
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
