package wire

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"math"
	"net/http"
	"time"
)

const (
	maxHead   = 16 << 10 // bytes of an HTTP head; a longer one is left alone
	maxUnread = 64 << 10 // bytes that a client may send before its request is answered
)

// A dialogue is what one direction of a connection says: an HTTP head, and frames if the connection is upgraded.
//
// Its code reads as if from a connection, while the bytes are pushed into it as packets come. So it runs as a
// coroutine, which waits in Read when there is nothing left to read and goes on within hear.
// Whoever makes one calls end.
type dialogue struct {
	unread []byte
	at     time.Time               // when the last of the bytes came
	resume func() (struct{}, bool) // runs it until it waits again; false once it has ended
	stop   func()                  // ends it: its wait returns false
	wait   func() bool             // for the coroutine alone: returns when there is news
	ended  bool
}

// newDialogue starts nothing: read runs from the first call of hear.
func newDialogue(read func(d *dialogue)) *dialogue {
	d := &dialogue{}
	d.resume, d.stop = iter.Pull(func(yield func(struct{}) bool) {
		d.wait = func() bool { return yield(struct{}{}) }
		read(d)
	})
	return d
}

// hear takes the next bytes in order, and returns when all of them have been read that can be. It keeps no hold on data.
func (d *dialogue) hear(at time.Time, data []byte) {
	if d.ended {
		return
	}
	d.at = at
	if len(d.unread) > 0 {
		data = append(d.unread, data...)
	}
	d.unread = data
	d.goOn()
	d.unread = bytes.Clone(d.unread)
}

// goOn lets the coroutine look again at what it waits for.
func (d *dialogue) goOn() {
	if d.ended {
		return
	}
	if _, more := d.resume(); !more || len(d.unread) > maxUnread {
		d.end()
	}
}

func (d *dialogue) end() {
	d.ended, d.unread = true, nil
	d.stop()
}

// Read is called by the coroutine alone.
func (d *dialogue) Read(p []byte) (int, error) {
	for len(d.unread) == 0 {
		if !d.wait() {
			return 0, io.EOF
		}
	}
	n := copy(p, d.unread)
	d.unread = d.unread[n:]
	return n, nil
}

// readClient reads what the client of c says. Frames before the server's 101 wait for it.
func (c *conn) readClient(d *dialogue) {
	head := &io.LimitedReader{R: d, N: maxHead}
	r := bufio.NewReader(head)
	req, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	if req.Host != "" {
		req.Header.Set("Host", req.Host) // net/http keeps it apart
	}
	c.tell(Event{At: d.at, FromClient: true, Kind: HTTPRequest, Request: &Request{
		Method: req.Method,
		Target: req.RequestURI,
		Proto:  req.Proto,
		Header: req.Header,
	}})
	for c.answer == 0 {
		if !d.wait() {
			return
		}
	}
	if c.answer == http.StatusSwitchingProtocols {
		head.N = math.MaxInt64
		c.readFrames(d, r, true)
	}
}

// readServer reads what the server of c says.
func (c *conn) readServer(d *dialogue) {
	head := &io.LimitedReader{R: d, N: maxHead}
	r := bufio.NewReader(head)
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return
	}
	c.tell(Event{At: d.at, Kind: HTTPResponse, Response: &Response{
		StatusCode: resp.StatusCode,
		Status:     resp.Status,
		Proto:      resp.Proto,
		Header:     resp.Header,
	}})
	c.answer = resp.StatusCode
	if c.answer == http.StatusSwitchingProtocols {
		head.N = math.MaxInt64
		c.readFrames(d, r, false)
	}
}

func (c *conn) readFrames(d *dialogue, r io.Reader, fromClient bool) {
	for {
		f, err := ReadFrame(r, c.room())
		if err != nil {
			return
		}
		c.tell(Event{At: d.at, FromClient: fromClient, Kind: WSFrame, Frame: &f})
	}
}
