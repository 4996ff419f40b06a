package pod

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const canIsolate = true

// self is this very program, even when its file has been replaced or deleted meanwhile.
func self() string { return "/proc/self/exe" }

// firstAttributes makes the first process a session leader, out of reach of the terminal's Ctrl-C, and gives it
// namespaces of its own. An attached one stays in its caller's session, the only one that can have the terminal.
func firstAttributes(role string) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: role != roleAttached}
	if role == roleShared {
		return attr
	}
	attr.Cloneflags = unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWPID |
		unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
	attr.Pdeathsig = unix.SIGKILL
	if os.Geteuid() == 0 {
		// Root stays whoever it was, and reaches the files that it did.
		attr.UidMappings, attr.GidMappings = same("/proc/self/uid_map"), same("/proc/self/gid_map")
		return attr
	}
	uid, gid := 0, 0
	if role == roleAttached {
		// Whoever has a shell in there stays who it is. Only root keeps its capabilities over an exec; ambient ones
		// are kept by anybody (capabilities(7)): they are those that enter and a capture need.
		uid, gid = os.Geteuid(), os.Getegid()
		attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_NET_RAW}
	}
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Geteuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: os.Getegid(), Size: 1}}
	return attr
}

// programAttributes gives a judged program a session of its own, so that it has no terminal, and in an isolated
// pod a user namespace of its own. There it is who it would be outside, and nobody in the pod's namespaces: it
// cannot trace the first process nor touch its network (user_namespaces(7), "Interaction of user namespaces and
// other types of namespaces").
func programAttributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if inside() {
		attr.Cloneflags = unix.CLONE_NEWUSER
		attr.UidMappings, attr.GidMappings = back("/proc/self/uid_map"), back("/proc/self/gid_map")
	}
	return attr
}

// same maps every id of this user namespace to itself.
func same(file string) []syscall.SysProcIDMap {
	ids := mapping(file)
	for i := range ids {
		ids[i].HostID = ids[i].ContainerID
	}
	return ids
}

// back undoes this user namespace's own mapping.
func back(file string) []syscall.SysProcIDMap {
	ids := mapping(file)
	for i := range ids {
		ids[i].ContainerID, ids[i].HostID = ids[i].HostID, ids[i].ContainerID
	}
	return ids
}

// mapping reads a uid_map or gid_map: lines of first id here, first id outside, count. A file that cannot be read
// gives no mapping, and the clone that uses it fails.
func mapping(file string) []syscall.SysProcIDMap {
	text, _ := os.ReadFile(file)
	var ids []syscall.SysProcIDMap
	for line := range strings.Lines(string(text)) {
		var here, outside, count int64
		if _, err := fmt.Sscan(line, &here, &outside, &count); err == nil {
			count = min(count, math.MaxInt32) // what an int holds everywhere
			ids = append(ids, syscall.SysProcIDMap{ContainerID: int(here), HostID: int(outside), Size: int(count)})
		}
	}
	return ids
}

// enter readies the world of a first process.
func enter(role string) error {
	if role == roleShared {
		// Orphans of judged programs come back to this process, which ends them.
		return os.NewSyscallError("become subreaper", unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	if err := bringUp("lo"); err != nil {
		return fmt.Errorf("bring up lo: %w", err)
	}
	return nil
}

// bringUp switches a network interface on (netdevice(7)).
func bringUp(name string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFFLAGS, request); err != nil {
		return err
	}
	request.SetUint16(request.Uint16() | unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}

// refusal says in one sentence why no pod can be isolated here. Systems refuse user namespaces with many errors,
// some of them misleading, so the switches that are known to be behind it are looked up.
func refusal(err error) string {
	what, why := "restricts", strings.TrimPrefix(err.Error(), "pod: exit status 1: ")
	var number syscall.Errno
	if errors.As(err, &number) {
		what, why = "refuses", "clone: "+number.Error()
	}
	for _, known := range []struct{ name, off string }{
		{"kernel.apparmor_restrict_unprivileged_userns", "1"}, // Ubuntu
		{"kernel.unprivileged_userns_clone", "0"},             // Debian
		{"user.max_user_namespaces", "0"},
	} {
		value, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(known.name, ".", "/"))
		if err == nil && strings.TrimSpace(string(value)) == known.off {
			why += "; sysctl " + known.name + " is " + known.off
		}
	}
	return "this system " + what + " user namespaces (" + why + ")"
}
