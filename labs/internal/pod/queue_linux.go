package pod

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// maxAsked is how many threads are asked: it takes some microseconds for each, and who has started more gets no more patience for it.
const maxAsked = 256

var processors = time.Duration(runtime.NumCPU())

// threads are the threads of this process and of those below it, by their IDs.
func threads() map[int]turns {
	found, buf := map[int]turns{}, make([]byte, 4096)
	for processes := []string{"self"}; len(processes) > 0; processes = processes[1:] {
		tasks, _ := os.ReadDir("/proc/" + processes[0] + "/task") // none if it has ended
		for _, task := range tasks {
			children := readProc(buf, "/proc/%s/task/%s/children", processes[0], task.Name()) // proc_pid_task(5); not every kernel has it
			processes = append(processes, strings.Fields(string(children))...)
			// proc_pid_schedstat: nanoseconds on a processor, nanoseconds in the run queue, number of turns
			// (Documentation/scheduler/sched-stats.rst of the kernel).
			ran, rest, _ := strings.Cut(string(readProc(buf, "/proc/%s/task/%s/schedstat", processes[0], task.Name())), " ")
			waited, _, _ := strings.Cut(rest, " ")
			id, _ := strconv.Atoi(task.Name())
			found[id] = turns{nanoseconds(ran), nanoseconds(waited), processes[0] == "self"}
			if len(found) == maxAsked {
				return found
			}
		}
	}
	return found
}

// nanoseconds is 0 for what is no number: the thread has ended, or the kernel does not count.
func nanoseconds(text string) time.Duration {
	n, _ := strconv.ParseInt(text, 10, 64)
	return time.Duration(n)
}
