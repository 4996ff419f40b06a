package judge

import "os/exec"

// inGroup leaves a cancelled build to be killed; what it has started ends by itself.
func inGroup(*exec.Cmd) (sweep func()) { return func() {} }
