package simple

import "time"

// keepAlive pings a client in each interval until it has left, and gives it a time limit that each sign of life moves. Without an
// interval nobody is pinged, and no limit touched.
func (s *Server) keepAlive(c *Conn, left <-chan struct{}) {
	if s.ping == 0 {
		return
	}
	extend := func() { setLimit(c, time.Duration(s.Patience)*s.ping) }
	c.alive = func(f Frame) {
		if s.SignOfLife(f) {
			extend()
		}
	}
	extend()
	go func() {
		clock := time.NewTicker(s.ping)
		defer clock.Stop()
		for {
			select {
			case <-left:
				return
			case <-clock.C:
				s.Ping(c)
			}
		}
	}()
}
