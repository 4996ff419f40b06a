package main

import (
	"cmp"
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/trace"
)

func newShell() *cobra.Command {
	return &cobra.Command{
		Use:   "shell",
		Short: "a shell in a network of its own",
		Long: "Starts your shell in a private network: ports 2000 and 8080 are free in there whatever runs outside, nothing reaches the internet,\n" +
			"and every program that you have started ends with the shell. " + command() + " trace & shows the wire meanwhile.\n" +
			"The status is the shell's own; 4 where there are no private networks.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runShell(cmd.Context(), cmd.ErrOrStderr()) },
	}
}

// runShell hands the process's own terminal on: it is not to be had through a writer.
func runShell(ctx context.Context, stderr io.Writer) error {
	world := pod.Probe(ctx, false)
	if !world.Isolated {
		return refuse(stderr, "open a shell", world.Why)
	}
	job, err := judge.Job(shellKind, []string{cmp.Or(os.Getenv("SHELL"), "sh")})
	if err != nil {
		return err
	}
	fmt.Fprintln(stderr, "lab shell: ports 2000 and 8080 are yours alone in here. Type exit to leave.")
	defer pod.KeepTerminal(os.Stdin)()
	status, err := world.Attach(ctx, job, os.Stdout, os.Stderr, os.Stdin, os.Stdout)
	if err == nil && status != report.StatusPass {
		err = exitStatus(status)
	}
	return err
}

// shellKind is the kind of job that a pod with a shell in it is handed: the shell's command line.
const shellKind = "shell"

// shellWork runs the shell, in the pod's first process.
func shellWork(ctx context.Context, job *gob.Decoder, _ io.Writer) (int, error) {
	var argv []string
	if err := job.Decode(&argv); err != nil {
		return report.StatusUnjudged, fmt.Errorf("read the job: %w", err)
	}
	status, err := pod.Shell(ctx, argv, pod.File(0), pod.File(1), os.Stderr)
	if err != nil {
		return report.StatusUnjudged, fmt.Errorf("lab: %w", err)
	}
	return status, nil
}

// kinds is the work that this program does in pods, besides judging.
func kinds() []judge.Kind {
	return []judge.Kind{trace.Kind(), {Name: shellKind, Work: shellWork}}
}
