package main

import (
	"context"
	"time"

	"github.com/gorilla/websocket"
)

const (
	ticksPerPing = 4                // how finely silence is measured
	silentTicks  = 3 * ticksPerPing // ticks until a client that gives no sign of life is let go
)

// keepAlive pings clients that are silent, and lets go those that stay so, until ctx is done. One clock is enough for all:
// to read from a client costs no timer, it only notes the tick.
func (c *chat) keepAlive(ctx context.Context) {
	clock := time.NewTicker(max(c.ping/ticksPerPing, 1))
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		}
		now := c.ticks.Add(1)
		for _, m := range c.present() {
			m.tick(now)
		}
	}
}

// tick lets c go if it has been silent, or amid one message, for too long: neither pings nor empty fragments make a
// message endless. If it has been silent for an interval, it is pinged (RFC 6455 5.5.2).
func (c *conn) tick(now int64) {
	defer c.chat.rescue(c, c.cut)
	silent, began := now-c.heard.Load(), c.began.Load()
	switch {
	case silent >= silentTicks:
		c.chat.note(c, "No sign of life: %s", c.addr)
		c.drop(&c.chat.stats.silent)
		c.cut()
	case began > 0 && now-began >= silentTicks:
		c.chat.note(c, "No end of a message: %s", c.addr)
		c.drop(&c.chat.stats.silent)
		c.cut()
	case silent > 0 && silent%ticksPerPing == 0:
		c.out.add(frame(websocket.PingMessage, ""))
	}
}
