package watch

import (
	"path"
	"slices"
	"strings"
)

// ignored reports whether a file or folder is of no interest: hidden ones (.git, .lab, vim's .main.go.swp, emacs's
// .#main.go), what editors leave beside a file for a moment, and what package managers and compilers fill by the thousand.
func ignored(name string) bool {
	if name == "." {
		return false
	}
	top, _, _ := strings.Cut(name, "/")
	if slices.Contains([]string{"build", "dist", "out", "target"}, top) {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case strings.HasPrefix(part, "."), part == "node_modules", part == "__pycache__":
			return true
		}
	}
	base := path.Base(name)
	switch path.Ext(base) {
	case ".swp", ".swx", ".tmp", ".bak", ".orig":
		return true
	}
	return strings.HasSuffix(base, "~") || // most editors' backup
		strings.HasPrefix(base, "#") || // emacs saves on its own
		base == "4913" || // vim tries whether it may write here
		strings.Contains(base, "___jb_") // JetBrains' safe write
}

// sources are the extensions of what people write and programs do not, or hardly.
var sources = strings.Fields(`
	.go .mod .sum .s .c .h .cc .cpp .cxx .hpp .rs .py .js .mjs .cjs .ts .jsx .tsx .java .kt .kts .scala .clj .rb .php
	.pl .lua .ex .exs .erl .hs .ml .fs .cs .vb .swift .dart .zig .nim .cr .jl .r .sh .ps1 .toml .gradle .html .css .tmpl`)

// IsSource reports whether a file is program text by its name. A build writes other files, and so do programs while
// they are judged: a change of such a file is nobody's save.
func IsSource(name string) bool { return slices.Contains(sources, strings.ToLower(path.Ext(name))) }
