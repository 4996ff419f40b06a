package pod

import "os"

// shellVariable names, in the environment of what Shell starts, the network that the shell has. A program in another one
// that was handed the variable is not in the shell.
const shellVariable = "LAB_SHELL"

// InShell tells whether this process is in a network that Shell has given to a shell: it may be captured there.
func InShell() bool {
	here := network()
	return here != "" && os.Getenv(shellVariable) == here
}
