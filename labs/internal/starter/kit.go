// Package starter makes a student's workspace: the kit with server/ and client/ as they are before the first lab.
//
// There is one source. The reference marks what each lab is about, and the starter is the reference without that. So it grows
// into the reference from lab to lab, and neither can be changed without the other.
package starter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const module = "broadcastlab"

// ErrNoKit is returned where there is no checkout of the kit to make a workspace of.
var ErrNoKit = errors.New("no kit here")

// A Kit is a checkout of the kit.
type Kit struct {
	Dir   string   // absolute
	Lang  string   // the language of a workspace's README, as in "id"; empty means English
	files []string // what a workspace has of it, relative to Dir, with slashes
}

// A pkg is what go list says of a package.
type pkg struct {
	Dir    string
	Module struct{ Dir string }

	GoFiles, CgoFiles, SFiles, EmbedFiles []string
	IgnoredGoFiles, IgnoredOtherFiles     []string // those of other systems
}

// Find finds the kit that dir is in; an empty dir is the current one. What belongs to the kit is what the go command compiles, for any
// system: no tests, none of the programs in testdata, and nothing that git ignores or that only lies around.
func Find(ctx context.Context, dir string) (Kit, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-find",
		"-json=Dir,Module,GoFiles,CgoFiles,SFiles,EmbedFiles,IgnoredGoFiles,IgnoredOtherFiles",
		module+"/server/...", module+"/client/...", module+"/labs/...")
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return Kit{}, fmt.Errorf("%w: go list: %v: %s", ErrNoKit, err, strings.TrimSpace(stderr.String()))
	}
	kit := Kit{files: []string{"go.mod", "go.sum", "LICENSE", ".gitattributes", ".gitignore", "labs/README.md"}}
	for packages := json.NewDecoder(&stdout); ; {
		var p pkg
		err := packages.Decode(&p)
		if err == io.EOF {
			break
		}
		if err != nil {
			return Kit{}, fmt.Errorf("go list: %w", err)
		}
		kit.Dir = p.Module.Dir
		if err := kit.add(p); err != nil {
			return Kit{}, err
		}
	}
	if kit.Dir == "" {
		return Kit{}, fmt.Errorf("%w: the starter is made of the kit's own sources", ErrNoKit)
	}
	return kit, nil
}

func (k *Kit) add(p pkg) error {
	dir, err := filepath.Rel(k.Dir, p.Dir)
	if err != nil {
		return err
	}
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.SFiles, p.EmbedFiles, p.IgnoredGoFiles, p.IgnoredOtherFiles) {
		if !strings.HasSuffix(name, "_test.go") {
			k.files = append(k.files, path.Join(filepath.ToSlash(dir), name))
		}
	}
	return nil
}
