package watch

import "golang.org/x/sys/unix"

// remote names the file system of dir if others can write to it behind this kernel's back: no event tells of that, though
// one tells of what we write ourselves. So it is with Windows' drives in WSL, shared folders of virtual machines and
// containers, and network drives.
func remote(dir string) string {
	var fs unix.Statfs_t
	if unix.Statfs(dir, &fs) != nil {
		return ""
	}
	return map[int64]string{ // statfs(2)
		unix.V9FS_MAGIC:       "9p",
		unix.NFS_SUPER_MAGIC:  "NFS",
		unix.SMB_SUPER_MAGIC:  "SMB",
		unix.CIFS_SUPER_MAGIC: "SMB",
		unix.SMB2_SUPER_MAGIC: "SMB",
		unix.FUSE_SUPER_MAGIC: "FUSE",
		unix.CODA_SUPER_MAGIC: "Coda",
		unix.AFS_SUPER_MAGIC:  "AFS",
		unix.CEPH_SUPER_MAGIC: "Ceph",
		0x786f4256:            "a VirtualBox folder",
	}[int64(uint32(fs.Type))]
}
