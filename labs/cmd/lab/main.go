// Command lab checks a submission of the chat exercise against the labs, and says what happened.
//
//	go tool lab             the labs, their state, and what to do next
//	go tool lab check       judge server/ and client/ in all labs
//	go tool lab watch       judge the current lab whenever a file is saved
//	go tool lab show 1      read the first lab
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/report"
)

func main() {
	judge.Main(kinds()...)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// statusUsage is for a command line, or a submission's folder, that cannot be used. report has the statuses of a run.
const statusUsage = 2

// An exitStatus is an error that carries the exit status of a run that was reported already.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("status %d", int(s)) }

// A hinted error says what went wrong in its first line, and what to try in the second.
type hinted struct {
	error
	hint string
}

// run is the whole command; main only gives it the process's own streams.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var status exitStatus
	var help hinted
	switch {
	case err == nil:
		return report.StatusPass
	case errors.As(err, &status):
		return int(status)
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "lab: interrupted")
		return report.StatusUnjudged
	}
	fmt.Fprintln(stderr, "lab: "+firstLine(report.Visible(err.Error())))
	if errors.As(err, &help) {
		fmt.Fprintln(stderr, "hint: "+help.hint)
	}
	return statusUsage
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "lab",
		Short: "Labs for network programming on a broadcast chat",
		Long:  "lab checks the chat in server/ and client/ against the labs, and says what happened.\nWith no command it lists the labs and what to do next.",
		Example: "  " + command() + " check            all labs\n" +
			"  " + command() + " check 1 2.3      lab 1, and the third check of lab 2\n" +
			"  " + command() + " check -C ../ann  another submission",
		Args:              cobra.NoArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	dir := root.PersistentFlags().StringP("dir", "C", "", "judge the submission in `DIR`: Go main packages in server/ and client/, or lab.toml")
	asked := root.PersistentFlags().String("lang", "", "show lessons, hints and diagnoses in `LANG`, en or id; without it in that of LAB_LANG or of the locale")
	lang := &language{}
	root.PersistentPreRunE = func(*cobra.Command, []string) (err error) {
		*lang, err = chooseLanguage(*asked, os.Getenv)
		return err
	}
	root.RunE = func(cmd *cobra.Command, _ []string) error { return list(cmd.OutOrStdout(), *dir, *lang) }
	root.AddCommand(newCheck(dir, lang), newShow(lang), newHint(dir, lang))
	root.AddCommand(newInit(lang))
	root.AddCommand(newTrace(dir), newShell())
	root.AddCommand(newWatch(dir, lang))
	root.SetHelpCommand(newHelp(root))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hinted{err, cmd.CommandPath() + " --help shows all flags"}
	})
	return root
}

// command is how a person calls this program: the go command keeps its tools in a cache.
func command() string {
	exe, err := os.Executable()
	if err != nil || strings.Contains(exe, "go-build") || strings.Contains(exe, ".test") {
		return "go tool lab"
	}
	return "lab"
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
