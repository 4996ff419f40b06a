package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/starter"
)

// A checking is one call of lab check.
type checking struct {
	dir      string // as given; empty: looked for
	required bool
	json     bool
	junit    string
	markdown string
	html     string
	seed     string
	isolate  string
	verbose  bool
	lang     language
}

func newCheck(dir *string, lang *language) *cobra.Command {
	var c checking
	cmd := &cobra.Command{
		Use:   "check [LAB…]",
		Short: "judge the submission",
		Long: "Judges the submission in all labs, or in those that are named: 1, 01-broadcast, 1.3 for one check, or the file of a check.\n" +
			"Status: 0 all pass, 1 some lab fails, 2 wrong usage, 3 the submission does not build, 4 could not be judged.\n" +
			"Programs stay built in your cache folder, so that only what has changed is linked again; with -C they do not.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c.dir, c.lang = *dir, *lang
			return c.run(cmd.Context(), args, cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.BoolVar(&c.required, "required", false, "required checks only")
	f.BoolVar(&c.json, "json", false, "write the whole record as JSON instead of text")
	f.StringVar(&c.junit, "junit", "", "write a JUnit report to `FILE` as well")
	f.StringVar(&c.markdown, "markdown", "", "write a summary in Markdown to `FILE` as well, with a Mermaid diagram of each lab's first failure")
	f.StringVar(&c.html, "html", "", "write a report page into the folder `DIR` as well, index.html")
	f.StringVar(&c.seed, "seed", "", "make up the same texts as the run that printed seed `N`")
	f.StringVar(&c.isolate, "isolate", "auto", "auto: each check in a network of its own where the system allows it; off: never")
	f.BoolVarP(&c.verbose, "verbose", "v", false, "every check by name, every failure in full with its transcript")
	return cmd
}

func (c checking) run(ctx context.Context, names []string, stdout io.Writer) error {
	run := report.Run{Tool: "lab", Version: version(), Command: c.lang.command(), Started: time.Now(),
		Host: report.Host{OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version()}}
	wanted, err := choose(names, c.required, c.lang.Language)
	if err != nil {
		return err
	}
	seed, err := c.readFlags()
	if err != nil {
		return err
	}
	source, err := find(c.dir)
	if err != nil {
		return err
	}
	page, err := openPage(c.html)
	if err != nil {
		return err
	}
	defer page.close()
	files, err := c.openFiles()
	if err != nil {
		return err
	}
	if c.dir != "" {
		run.Command += " -C " + shown(c.dir)
	}
	run.Seed, run.Submission = fmt.Sprintf("%04x", seed), source.Dir
	if c.json { // nothing else shows it
		run.Commit = starter.Head(ctx, source.Dir)
	}
	if err := c.judge(ctx, &run, source, wanted, seed, stdout); err != nil {
		return err
	}
	run.Finished = time.Now()
	if err := errors.Join(page.write(run), files.write(run), c.write(run, stdout)); err != nil {
		return err
	}
	if status := run.Status(); status != report.StatusPass {
		return exitStatus(status)
	}
	return nil
}

// judge builds the submission and runs the checks; the results are in run.
func (c checking) judge(ctx context.Context, run *report.Run, source judge.Source, wanted []labs.Lab, seed uint64, stdout io.Writer) error {
	bin, done, err := openPrograms(source.Dir, c.dir == "")
	if err != nil {
		return err
	}
	defer done()
	if !c.json {
		fmt.Fprint(stdout, "building server, client …")
	}
	probed := make(chan pod.World, 1)
	go func() { probed <- pod.Probe(ctx, c.isolate == "off") }() // meanwhile
	began := time.Now()
	submission, err := source.Build(ctx, bin)
	world := <-probed
	run.BuildTime = time.Since(began)
	if !c.json {
		fmt.Fprintf(stdout, " %.1f s\n", run.BuildTime.Seconds())
	}
	var checks []labs.Check
	for _, lab := range wanted {
		checks = append(checks, lab.Checks...)
	}
	var verdicts []labs.Verdict
	var broken *judge.BuildError
	switch {
	case errors.As(err, &broken):
		for _, check := range checks {
			verdicts = append(verdicts, labs.Verdict{Check: check, Outcome: labs.Build, Why: broken.Command + "\n" + broken.Output})
		}
	case err != nil:
		return err
	default:
		verdicts, err = c.runChecks(ctx, run, world, submission, checks, seed)
		if err != nil {
			return err
		}
		save(source.Dir, verdicts)
	}
	states := recall(source.Dir)
	for _, lab := range wanted {
		run.Labs = append(run.Labs, report.Lab{Lab: lab, Verdicts: verdicts[:len(lab.Checks)], HintsUsed: hintsUsed(lab, states[lab.Dir])})
		verdicts = verdicts[len(lab.Checks):]
	}
	remember(source.Dir, *run)
	return nil
}

func (c checking) runChecks(ctx context.Context, run *report.Run, world pod.World, submission harness.Submission, checks []labs.Check, seed uint64) ([]labs.Verdict, error) {
	run.Isolated, run.Why = world.Isolated, world.Why
	if !world.Isolated {
		run.Why = cmp.Or(world.Why, "asked for with --isolate=off")
	}
	j := judge.Judge{World: world, Submission: submission, Seed: seed, Lang: c.lang.Language}
	verdicts, err := j.Run(ctx, checks)
	if err != nil {
		return nil, err
	}
	if c.tellsAll() {
		j.Diagnose(ctx, verdicts)
	} else {
		j.DiagnoseFirst(ctx, verdicts)
	}
	return verdicts, ctx.Err()
}

// tellsAll reports whether more than the first failure of each lab is told in full.
func (c checking) tellsAll() bool {
	return c.verbose || c.json || c.html != "" || c.junit != "" || c.markdown != ""
}

// write tells the run on standard output, and for a person where the page is.
func (c checking) write(run report.Run, stdout io.Writer) error {
	if c.json {
		return report.JSON(stdout, run)
	}
	if err := report.Text(stdout, run, style(stdout, c.verbose)); err != nil {
		return err
	}
	if c.html == "" {
		return nil
	}
	_, err := fmt.Fprintf(stdout, "page: %s\n", filepath.Join(c.html, pageFile))
	return err
}

// shown is a folder's name as it can be typed in a shell.
func shown(dir string) string {
	if strings.ContainsAny(dir, " '\"$&;()<>|*?") {
		return "'" + strings.ReplaceAll(dir, "'", `'\''`) + "'"
	}
	return dir
}

// readFlags looks at --isolate, and reads --seed or makes one up. Four digits are enough to tell runs apart, and easy to type.
func (c checking) readFlags() (seed uint64, err error) {
	if c.isolate != "auto" && c.isolate != "off" {
		return 0, fmt.Errorf("--isolate is %q, want auto or off", c.isolate)
	}
	if c.seed == "" {
		return rand.Uint64N(1 << 16), nil
	}
	if seed, err = strconv.ParseUint(c.seed, 16, 64); err != nil {
		return 0, fmt.Errorf("--seed is %q, want the number that a run has printed, as 71c3", c.seed)
	}
	return seed, nil
}

// choose finds the labs and checks that the names mean; none means all.
func choose(names []string, requiredOnly bool, lang labs.Language) ([]labs.Lab, error) {
	wanted := labs.In(lang)
	if len(names) > 0 {
		wanted = nil
	}
	for _, name := range names {
		lab, err := labOrFile(name, lang)
		if err != nil {
			return nil, err
		}
		wanted = addLab(wanted, lab)
	}
	if !requiredOnly {
		return wanted, nil
	}
	for i, lab := range wanted {
		wanted[i].Checks = slices.DeleteFunc(slices.Clone(lab.Checks), func(c labs.Check) bool { return c.Kind != labs.Required })
	}
	wanted = slices.DeleteFunc(wanted, func(lab labs.Lab) bool { return len(lab.Checks) == 0 })
	if len(wanted) == 0 {
		return nil, errors.New("--required leaves nothing to judge: what was named are stretch checks")
	}
	return wanted, nil
}

// addLab keeps one entry for each lab, whatever its checks are called one by one.
func addLab(wanted []labs.Lab, lab labs.Lab) []labs.Lab {
	for i, w := range wanted {
		if w.Dir != lab.Dir || lab.Dir == "" {
			continue
		}
		for _, c := range lab.Checks {
			if !slices.ContainsFunc(w.Checks, func(o labs.Check) bool { return o.Number == c.Number }) {
				wanted[i].Checks = append(slices.Clone(wanted[i].Checks), c)
			}
		}
		return wanted
	}
	return append(wanted, lab)
}

// labOrFile reads a name as a lab of the catalogue, or as the file of a check that somebody is writing.
func labOrFile(name string, lang labs.Language) (labs.Lab, error) {
	if filepath.Ext(name) != ".txtar" {
		lab, err := labs.Find(name)
		if err != nil {
			return lab, noLab(err)
		}
		return lab.In(lang), nil
	}
	script, err := os.ReadFile(name)
	if err != nil {
		return labs.Lab{}, err
	}
	check, err := labs.ParseCheck(name, strings.ReplaceAll(string(script), "\r\n", "\n"))
	if err != nil {
		return labs.Lab{}, err
	}
	check = check.In(lang)
	return labs.Lab{Title: check.Title, Checks: []labs.Check{check}}, nil
}

// version is the module's version, or what the build knows of the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}
