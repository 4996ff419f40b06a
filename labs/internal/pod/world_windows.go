package pod

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// firstAttributes puts the first process out of reach of the console's Ctrl-C.
func firstAttributes(string) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// programAttributes puts a judged program into a group of its own, which Signal needs.
func programAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// keepToItself has nothing to do: a program inherits what it is handed, no more.
func keepToItself() error { return nil }

// enter puts the first process into a job object that ends all its processes when the last handle to it is
// closed. This process alone holds one, for as long as it lives.
func enter(string) error {
	job, err := newJob("", windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{
			LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
		},
	})
	if err != nil {
		return err
	}
	return os.NewSyscallError("AssignProcessToJobObject", windows.AssignProcessToJobObject(job, windows.CurrentProcess()))
}

// endAll has nothing to do: the job object ends all when this process does.
func endAll() {}

// limit puts a judged program into a job object of its own, inside the first process's, which bounds the memory
// of each process in it. Kill finds it by its name; the handle stays open until this process ends.
func limit(pid int) error {
	job, err := newJob(jobName(pid), windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{
			LimitFlags: windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY,
		},
		ProcessMemoryLimit: MemoryLimit,
	})
	if err != nil {
		return err
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return nil // ended already
	}
	defer windows.CloseHandle(process)
	return os.NewSyscallError("AssignProcessToJobObject", windows.AssignProcessToJobObject(job, process))
}

func newJob(name string, limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION) (windows.Handle, error) {
	job, err := openJob(name)
	if err != nil {
		return 0, os.NewSyscallError("CreateJobObject", err)
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	return job, os.NewSyscallError("SetInformationJobObject", err)
}

// openJob opens the job object of that name, or makes it. With no name it always makes one.
func openJob(name string) (windows.Handle, error) {
	if name == "" {
		return windows.CreateJobObject(nil, nil)
	}
	text, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	return windows.CreateJobObject(nil, text)
}

func jobName(pid int) string {
	return `Local\broadcastlab-` + strconv.Itoa(os.Getpid()) + "-" + strconv.Itoa(pid)
}

// Signal sends Ctrl-Break for os.Interrupt, the one signal that a group of processes can be sent here, and ends the
// program for os.Kill. os.ErrProcessDone says that it has ended.
func Signal(cmd *exec.Cmd, sig os.Signal) error {
	if cmd.ProcessState != nil {
		return os.ErrProcessDone
	}
	switch sig {
	case os.Interrupt:
		err := windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(cmd.Process.Pid))
		return os.NewSyscallError("GenerateConsoleCtrlEvent", err)
	case os.Kill:
		Kill(cmd)
		return nil
	}
	return fmt.Errorf("signal %q: not a signal of this system", sig)
}

// Kill ends the program and those that it started at once. Whoever called Start still has to Wait.
func Kill(cmd *exec.Cmd) {
	if job, err := openJob(jobName(cmd.Process.Pid)); err == nil {
		windows.TerminateJobObject(job, 1)
		windows.CloseHandle(job)
	}
	cmd.Process.Kill()
}
