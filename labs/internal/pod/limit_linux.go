package pod

import (
	"errors"

	"golang.org/x/sys/unix"
)

// limit sets a program's limits, which its children inherit (getrlimit(2)). It comes right after the start, so the
// first moments are without. Limits that are lower already stay.
func limit(pid int) error {
	limits := map[int]uint64{
		unix.RLIMIT_DATA:   MemoryLimit, // not RLIMIT_AS: Go, Java and Node reserve far more than they use
		unix.RLIMIT_NOFILE: OpenFiles,
		unix.RLIMIT_FSIZE:  FileLimit,
		unix.RLIMIT_CORE:   0,
	}
	if inside() {
		// Counted for each user in each user namespace, so here for this program alone; elsewhere it would count
		// whatever else the user runs. The kernel exempts root.
		limits[unix.RLIMIT_NPROC] = Threads
	}
	for resource, most := range limits {
		var now unix.Rlimit
		err := unix.Prlimit(pid, resource, nil, &now)
		if err == nil {
			err = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: min(now.Cur, most), Max: min(now.Max, most)}, nil)
		}
		if errors.Is(err, unix.ESRCH) {
			return nil // ended already
		}
		if err != nil {
			return err
		}
	}
	return nil
}
