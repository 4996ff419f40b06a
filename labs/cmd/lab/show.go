package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/report"
)

func newShow(lang *language) *cobra.Command {
	return &cobra.Command{
		Use:   "show LAB",
		Short: "read a lab's lesson",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lab, err := labs.Find(args[0])
			if err != nil {
				return noLab(err)
			}
			return report.Lesson(cmd.OutOrStdout(), lab.In(lang.Language).Lesson, style(cmd.OutOrStdout(), false))
		},
	}
}

// newHelp is cobra's help command with one more topic: the script vocabulary.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | script]",
		Short: "help on a command, or on the vocabulary that checks are written in",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "script" {
				return harness.Manual(cmd.OutOrStdout())
			}
			topic, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return hinted{fmt.Errorf("there is no help on %q", strings.Join(args, " ")), command() + " help lists all there is"}
			}
			return topic.Help()
		},
	}
}

// style is how text is written to w: in colour and in the width of a terminal if it is one.
func style(w io.Writer, verbose bool) report.Style {
	s := report.Style{Verbose: verbose}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return s
	}
	s.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if width, _, err := term.GetSize(int(f.Fd())); err == nil {
		s.Width = width
	}
	return s
}
