package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"broadcastlab/server/broadcast"
)

const (
	journalKeep = 1 << 20
	printWait   = time.Second // how long the last lines may take at the end
)

// A journal is what the server prints. It is the same kind of channel as the chat, with one reader, which prints: a slow
// terminal holds up nobody, and at worst is told how many lines it missed: those that are farther behind than journalKeep.
type journal struct {
	lines   broadcast.Log
	reader  *broadcast.Reader
	printed chan struct{} // closed when all is printed
	asJSON  bool          // for machines
}

// newJournal starts to print to w. Close ends that.
func newJournal(w io.Writer, asJSON bool) *journal {
	j := &journal{lines: broadcast.Log{Keep: journalKeep}, printed: make(chan struct{}), asJSON: asJSON}
	j.reader = j.lines.Reader()
	go func() {
		defer close(j.printed)
		j.print(w)
	}()
	return j
}

func (j *journal) print(w io.Writer) {
	for {
		span, err := j.reader.Next(context.Background())
		if err == io.EOF {
			return
		}
		if err != nil { // lagged
			j.encode(w, err.Error())
			continue
		}
		w.Write(span)
	}
}

// Write adds whole lines as they are.
func (j *journal) Write(lines []byte) (int, error) {
	j.lines.Publish(lines)
	return len(lines), nil
}

// note adds a line, with its attributes if machines read it.
func (j *journal) note(line string, attributes ...any) { j.encode(j, line, attributes...) }

// encode writes a line to w in one piece, for people or for machines.
func (j *journal) encode(w io.Writer, line string, attributes ...any) {
	if j.asJSON {
		slog.New(slog.NewJSONHandler(w, nil)).Info(line, attributes...)
		return
	}
	io.WriteString(w, line+"\n")
}

// close ends the journal, and waits until all is printed or ctx is done: standard output may be stuck, and only the
// program's end frees a goroutine from that.
func (j *journal) close(ctx context.Context) {
	j.lines.Close()
	select {
	case <-j.printed:
	case <-ctx.Done():
	}
}

// A limiter lets only so many lines a second through, and then says how many it left out: a stranger who can make the
// server complain must not be able to fill a disk with that.
type limiter struct {
	journal *journal

	mu      sync.Mutex // guards what follows
	second  time.Time  // the beginning of the second that lines are counted in
	lines   int
	leftOut int
}

const maxErrorLines = 20 // a second

func (l *limiter) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Sub(l.second) >= time.Second {
		if l.leftOut > 0 {
			l.journal.note(fmt.Sprintf("(%d lines left out)", l.leftOut))
		}
		l.second, l.lines, l.leftOut = now, 0, 0
	}
	if l.lines++; l.lines > maxErrorLines {
		l.leftOut++
		return len(line), nil
	}
	return l.journal.Write(line)
}
