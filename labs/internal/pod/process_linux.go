package pod

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// process is a line of /proc/PID/stat (proc_pid_stat(5)).
type process struct {
	pid, parent, session int
	name                 string
}

// processes lists all that run now. One that ends meanwhile is left out.
func processes() []process {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	var all []process
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		// The name stands in parentheses and may hold any character, so the last closing one ends it.
		open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
		if open < 0 || end < open {
			continue
		}
		var p process
		var state string
		var group int
		if _, err := fmt.Sscan(string(stat[end+1:]), &state, &p.parent, &group, &p.session); err != nil {
			continue
		}
		p.pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(file)))
		p.name = string(stat[open+1 : end])
		all = append(all, p)
	}
	return all
}

// children lists the processes whose parent is pid.
func children(pid int) []int {
	var found []int
	for _, p := range processes() {
		if p.parent == pid {
			found = append(found, p.pid)
		}
	}
	return found
}
