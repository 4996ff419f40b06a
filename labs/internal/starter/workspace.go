package starter

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed workspace.md workspace.*.md
var readmes embed.FS

// readme is the README for students in a language, as in "id". Where there is none it is the English one.
func readme(lang string) (string, error) {
	text, err := readmes.ReadFile("workspace." + lang + ".md")
	if errors.Is(err, fs.ErrNotExist) {
		text, err = readmes.ReadFile("workspace.md")
	}
	return string(text), err
}

// Workspace returns the files of a workspace in which the labs up to solved are done, by name.
func (k Kit) Workspace(solved int) (map[string]string, error) {
	readme, err := readme(k.Lang)
	if err != nil {
		return nil, err
	}
	files := map[string]string{"README.md": strings.ReplaceAll(readme, "\r\n", "\n")}
	marked := false
	for _, name := range k.files {
		text, err := k.read(name)
		if errors.Is(err, fs.ErrNotExist) && !strings.HasSuffix(name, ".go") {
			continue // a kit without a licence or a .gitignore is a kit
		}
		if err != nil {
			return nil, err
		}
		if isProgram(name) {
			marked = marked || strings.Contains(text, mark)
			if text, err = Render(text, solved); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		files[name] = text
	}
	if !marked {
		return nil, fmt.Errorf("%w: server/ and client/ in %q are not the reference, but somebody's own", ErrNoKit, k.Dir)
	}
	return files, nil
}

// read reads a file of the kit. No link is followed: it may lead anywhere.
func (k Kit) read(name string) (string, error) {
	file := filepath.Join(k.Dir, filepath.FromSlash(name))
	info, err := os.Lstat(file)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no regular file: a workspace is made of nothing else", name)
	}
	text, err := os.ReadFile(file)
	return strings.ReplaceAll(string(text), "\r\n", "\n"), err
}

// isProgram reports whether a file is part of what students write.
func isProgram(name string) bool {
	return strings.HasSuffix(name, ".go") && (strings.HasPrefix(name, "server/") || strings.HasPrefix(name, "client/"))
}

// Write writes the starter's workspace into dir, a new or an empty folder outside the kit.
func (k Kit) Write(dir string) error {
	files, err := k.Workspace(0)
	if err != nil {
		return err
	}
	if err := k.admits(dir); err != nil {
		return err
	}
	return write(dir, files)
}

// admits says what is wrong with a folder that cannot become a workspace. Inside the kit the go command would take the
// workspace for a part of the kit, and git too.
func (k Kit) admits(dir string) error {
	within, err := inside(dir, k.Dir)
	if err != nil {
		return err
	}
	if within {
		return fmt.Errorf("%q is inside the kit, in %q: a workspace has a place of its own", dir, k.Dir)
	}
	entries, err := os.ReadDir(dir)
	switch info, statErr := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case statErr == nil && !info.IsDir():
		return fmt.Errorf("%q is a file: want a new folder, or an empty one", dir)
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("%q is not empty: want a new folder, or an empty one", dir)
	}
	return nil
}

// inside reports whether dir, which need not be there yet, is parent or below it, whatever links lead there.
func inside(dir, parent string) (bool, error) {
	kit, err := os.Stat(parent)
	if err != nil {
		return false, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return false, err
	}
	for ; ; dir = filepath.Dir(dir) {
		real, err := filepath.EvalSymlinks(dir)
		if err == nil {
			dir = real
			if here, err := os.Stat(dir); err == nil && os.SameFile(here, kit) {
				return true, nil
			}
		}
		if dir == filepath.Dir(dir) {
			return false, nil
		}
	}
}

func write(dir string, files map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(files[name]), 0o644); err != nil {
			return err
		}
	}
	return nil
}
