package pod

import "time"

// A Queue tells how long programs have waited for a processor that somebody else had. Its zero value is ready to use; it is for
// one goroutine at a time.
//
// A process that mostly sleeps, as the kit does, is let run at once even on a busy machine, while a program that has work to do
// stands in line. So a clock of the kit's that is on time says little about the programs; the kernel knows.
type Queue struct {
	asked time.Time
	last  map[int]turns // by thread, when it was last asked
}

// turns is what one thread has had of the processors since its start.
type turns struct {
	ran, waited time.Duration
	own         bool // a thread of this process
}

// Waited is how long, since the last call, the processes below this one had work to do and no processor for it, and how long they or
// this one had. Both are 0 at the first call, and where the system does not tell.
func (q *Queue) Waited() (below, all time.Duration) { return q.wait(time.Now(), threads()) }

// wait is, for each, the time of the thread that waited longest, and no more than other programs' part of the machine: who fills it alone
// waits for nobody else.
func (q *Queue) wait(now time.Time, threads map[int]turns) (below, all time.Duration) {
	var ranBelow, ranAll time.Duration
	for id, t := range threads {
		before := q.last[id]
		ran, waited := t.ran-before.ran, t.waited-before.waited
		ranAll, all = ranAll+ran, max(all, waited)
		if !t.own {
			ranBelow, below = ranBelow+ran, max(below, waited)
		}
	}
	elapsed, first := now.Sub(q.asked), q.asked.IsZero()
	q.asked, q.last = now, threads
	if first {
		return 0, 0
	}
	return max(0, min(below, elapsed-ranBelow/processors)), max(0, min(all, elapsed-ranAll/processors))
}
