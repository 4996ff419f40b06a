package judge

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// tomlName is the file that says how the programs of a submission are built and started that are not Go packages.
const tomlName = "lab.toml"

// A Source is a submission as it stands in its folder, not yet built.
type Source struct {
	Dir    string // absolute
	server recipe
	client recipe
	isGo   bool // main packages in server/ and client/
}

// A recipe is one table of lab.toml.
type recipe struct {
	Build []string `toml:"build"` // may be left out
	Run   []string `toml:"run"`   // $ADDR and $URL are filled in
	Bare  []string `toml:"bare"`  // how it runs with no address given; may be left out
	Addr  string   `toml:"addr"`  // the one address of a program that takes none
}

// ErrNoSubmission is returned by Load for a folder that holds no submission, or a lab.toml that says nothing usable.
var ErrNoSubmission = errors.New("no submission")

// Load looks at a folder and says what is in it. Nothing is run.
func Load(dir string) (Source, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Source{}, err
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Source{}, fmt.Errorf("%w: there is no folder %q", ErrNoSubmission, dir)
	case err != nil:
		return Source{}, fmt.Errorf("%w: %v", ErrNoSubmission, err)
	case !info.IsDir():
		return Source{}, fmt.Errorf("%w: %q is a file, want the folder with server/ and client/", ErrNoSubmission, dir)
	}
	s := Source{Dir: abs}
	file := filepath.Join(abs, tomlName)
	if _, err := os.Stat(file); err == nil {
		return s, s.readTOML(file, filepath.Join(dir, tomlName))
	}
	var missing []string
	for _, role := range []string{"server", "client"} {
		if info, err := os.Stat(filepath.Join(abs, role)); err != nil || !info.IsDir() {
			missing = append(missing, role+"/")
		}
	}
	if missing != nil {
		return Source{}, fmt.Errorf("%w: %q has no %s and no %s", ErrNoSubmission, dir, strings.Join(missing, " and no "), tomlName)
	}
	s.isGo = true
	return s, nil
}

// readTOML reads lab.toml; shown is its name in messages.
func (s *Source) readTOML(file, shown string) error {
	var tables struct {
		Server recipe `toml:"server"`
		Client recipe `toml:"client"`
	}
	meta, err := toml.DecodeFile(file, &tables)
	var syntax toml.ParseError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: %s:%d: %s", ErrNoSubmission, shown, syntax.Position.Line, syntax.Message)
	case err != nil:
		return fmt.Errorf("%w: %s: %v", ErrNoSubmission, shown, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("%w: %s: unknown key %q; there are build, run, bare and addr in [server] and [client]", ErrNoSubmission, shown, unknown[0].String())
	}
	for _, table := range []struct {
		name string
		recipe
	}{{"server", tables.Server}, {"client", tables.Client}} {
		if err := table.check(); err != nil {
			return fmt.Errorf("%w: %s: [%s] %v", ErrNoSubmission, shown, table.name, err)
		}
	}
	s.server, s.client = tables.Server, tables.Client
	return nil
}

func (r recipe) check() error {
	takes := slices.ContainsFunc(r.Run, func(arg string) bool { return strings.Contains(arg, "$ADDR") || strings.Contains(arg, "$URL") })
	switch {
	case len(r.Run) == 0 || r.Run[0] == "":
		return errors.New(`run is missing: how is the program started, as in run = ["node", "server.js", "$ADDR"]`)
	case r.Build != nil && (len(r.Build) == 0 || r.Build[0] == ""):
		return errors.New("build is empty: leave it out if there is nothing to build")
	case r.Bare != nil && (len(r.Bare) == 0 || r.Bare[0] == ""):
		return errors.New("bare is empty: leave it out if the program cannot be started with no address")
	case !takes && r.Addr == "":
		return errors.New(`run has neither $ADDR nor $URL: a program that takes no address says which it has, as in addr = "127.0.0.1:8080"`)
	case takes && r.Addr != "":
		return errors.New("addr is for a program that takes no address, and run has $ADDR or $URL")
	}
	if r.Addr != "" {
		if a, err := netip.ParseAddrPort(r.Addr); err != nil || !a.Addr().IsLoopback() || a.Port() == 0 {
			return fmt.Errorf("addr %q: want an address like 127.0.0.1:8080", r.Addr)
		}
	}
	return nil
}
