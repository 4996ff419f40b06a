package main

import (
	"context"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/watch"
)

// A watching is one call of lab watch.
type watching struct {
	dir     string // as given; empty: looked for
	poll    bool
	isolate string
	lang    language
}

func newWatch(dir *string, lang *language) *cobra.Command {
	var c watching
	cmd := &cobra.Command{
		Use:   "watch [LAB]",
		Short: "judge one lab whenever a file is saved",
		Long: "Judges the first lab that does not pass, or the one that is named, and again whenever a file of the submission is saved:\n" +
			"its required checks first, and its stretch checks once those pass. It stays with that lab until a key says otherwise; ? shows\n" +
			"the keys. Where there is no terminal it writes plain lines, until it is interrupted.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.dir, c.lang = *dir, *lang
			return c.run(cmd.Context(), args, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.BoolVar(&c.poll, "poll", false, "look at the files ten times a second instead of waiting for the system's events")
	f.StringVar(&c.isolate, "isolate", "auto", "auto: each check in a network of its own where the system allows it; off: never")
	return cmd
}

func (c watching) run(ctx context.Context, names []string, stdin io.Reader, stdout io.Writer) (err error) {
	if c.isolate != "auto" && c.isolate != "off" {
		return fmt.Errorf("--isolate is %q, want auto or off", c.isolate)
	}
	source, err := find(c.dir)
	if err != nil {
		return err
	}
	lab, err := firstLab(source.Dir, names)
	if err != nil {
		return err
	}
	// A terminal that is closed says SIGHUP.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	bin, done, err := openPrograms(source.Dir, c.dir == "")
	if err != nil {
		return err
	}
	defer done()
	files, err := watch.Start(source.Dir, watch.Config{Poll: c.poll})
	if err != nil {
		return err
	}
	defer files.Close()
	s := &session{files: files, lab: lab, judging: judging{
		dir: source.Dir, bin: bin, command: c.lang.command(), lang: c.lang.Language, world: pod.Probe(ctx, c.isolate == "off"),
	}}
	if c.dir != "" {
		s.command += " -C " + shown(c.dir)
	}
	s.hint = s.giveHint
	console, ok := openConsole(stdin, stdout)
	if !ok {
		s.view = lines{stdout}
		return s.loop(ctx, nil)
	}
	defer console.restore() // deferred, so that a panic comes by here too
	s.view = &screen{console: console}
	return s.loop(ctx, console.keys)
}

// firstLab is the place in the catalogue of the lab that is named, or of the first that does not pass; where all do, of
// the last.
func firstLab(dir string, names []string) (int, error) {
	states := recall(dir)
	for i, lab := range labs.All() {
		if len(names) == 0 && states[lab.Dir].Outcome != labs.Pass {
			return i, nil
		}
	}
	if len(names) == 0 {
		return len(labs.All()) - 1, nil
	}
	wanted, err := labs.Find(names[0])
	if err != nil {
		return 0, noLab(err)
	}
	for i, lab := range labs.All() {
		if lab.Dir == wanted.Dir {
			return i, nil
		}
	}
	panic("labs.Find found a lab that labs.All does not have")
}
