package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"broadcastlab/labs/internal/starter"
)

func newInit(lang *language) *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "make a workspace: the kit, with the starter in server/ and client/",
		Long: "Makes a workspace for a student in DIR, a new or an empty folder: the kit, with the starter in server/ and client/, and a git\n" +
			"repository with a first commit. Run it in a clone of the kit, since the starter is made of the reference there.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return makeWorkspace(cmd.Context(), args[0], *lang, cmd.OutOrStdout())
		},
	}
}

func makeWorkspace(ctx context.Context, dir string, lang language, stdout io.Writer) error {
	kit, err := starter.Find(ctx, "")
	if err == nil {
		kit.Lang = string(lang.Language)
		err = kit.Write(dir)
	}
	if errors.Is(err, starter.ErrNoKit) {
		return hinted{err, "change to a clone of the kit, and there: go tool lab init DIR"}
	}
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	say := func(english string) string { return phrase(lang.Language, english) }
	fmt.Fprintln(stdout, say("A workspace with the starter in server/ and client/. Nothing passes yet: that is where you begin."))
	if err := starter.Commit(ctx, dir); err != nil {
		fmt.Fprintf(stdout, say("It is no git repository: %v.\n"), err)
	}
	_, err = fmt.Fprintf(stdout, `  cd %s
  go tool lab           %s
  go tool lab check 1   %s
`, shown(dir), say("what to do next"), say("whether the first lab is done"))
	return err
}
