package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/trace"
)

// A tracing is one call of lab trace.
type tracing struct {
	dir  string // as given; empty: looked for
	pcap string
	bare bool
}

func newTrace(dir *string) *cobra.Command {
	var t tracing
	cmd := &cobra.Command{
		Use:   "trace [flags] [-- COMMAND [ARG…]]",
		Short: "see what crosses the wire, frame by frame",
		Long: "Starts the server and two clients, ann and ben, in a network of their own, and prints all that crosses it as it happens: packets that open,\n" +
			"refuse and end a connection, the handshake, every frame. Lines that you type are ann's; ben only listens. The end of your input\n" +
			"(Ctrl-D) or Ctrl-C ends the trace.\n\n" +
			"After -- comes a command that is run and traced instead. Inside lab shell, with no command, the shell's own network is traced: start\n" +
			"it in the background and try what you like.\n\n" +
			"Status: 0 traced, 2 wrong usage, 3 the submission does not build, 4 nothing can be captured here.",
		Example: "  " + command() + " trace\n" +
			"  " + command() + " trace --bare                 no address given: where do they meet by themselves?\n" +
			"  " + command() + " trace -- go run ./server\n" +
			"  " + command() + " trace --pcap chat.pcap       and then: wireshark chat.pcap",
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.ArgsLenAtDash() != 0 && len(args) > 0 {
				return hinted{fmt.Errorf("%q is no flag", args[0]), "a command to trace comes after --, as in " + command() + " trace -- go run ./server"}
			}
			t.dir = *dir
			return t.run(cmd.Context(), args, cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&t.pcap, "pcap", "", "write the packets to `FILE` as well, for Wireshark")
	cmd.Flags().BoolVar(&t.bare, "bare", false, "give server and clients no address: they meet where they do by themselves, or not")
	return cmd
}

func (t tracing) run(ctx context.Context, argv []string, stdin io.Reader, stdout, stderr io.Writer) (err error) {
	var pcap *os.File
	if t.pcap != "" {
		if pcap, err = os.Create(t.pcap); err != nil {
			return fmt.Errorf("--pcap: %w", err)
		}
		defer func() { err = errors.Join(err, pcap.Close()) }()
	}
	if pod.InShell() && len(argv) == 0 {
		return t.watch(ctx, stdout, stderr, pcap)
	}
	world := pod.Probe(ctx, false)
	if !world.Isolated {
		return refuse(stderr, "trace", world.Why)
	}
	job := trace.Job{Command: argv, Bare: t.bare}
	if len(argv) == 0 {
		source, err := find(t.dir)
		if err != nil {
			return err
		}
		bin, done, err := openPrograms(source.Dir, t.dir == "")
		if err != nil {
			return err
		}
		defer done()
		if job.Home, err = os.MkdirTemp("", "lab-trace-"); err != nil {
			return err
		}
		defer os.RemoveAll(job.Home)
		if err := t.build(ctx, &job, source, bin, stdout, stderr); err != nil {
			return err
		}
	}
	status, err := trace.Run(ctx, world, job, stdin, stdout, stderr, pcap)
	if err == nil && status != report.StatusPass {
		err = exitStatus(status)
	}
	return err
}

// build builds the submission into bin.
func (t tracing) build(ctx context.Context, job *trace.Job, source judge.Source, bin string, stdout, stderr io.Writer) (err error) {
	fmt.Fprintln(stdout, "building server, client …")
	job.Submission, err = source.Build(ctx, bin)
	var broken *judge.BuildError
	if errors.As(err, &broken) {
		fmt.Fprintf(stderr, "lab: the submission does not build: %s\n%s\n", report.Visible(broken.Command), report.Visible(broken.Output))
		return exitStatus(report.StatusBuild)
	}
	if err == nil && t.bare && (job.Submission.Server.Bare == nil || job.Submission.Client.Bare == nil) {
		return errors.New("--bare: the submission has no way to be started with no address given")
	}
	if err == nil {
		fmt.Fprintln(stdout, "What you type is ann's. Ctrl-D or Ctrl-C ends the trace.")
	}
	return err
}

// watch traces the network that this process is in: that of a lab shell.
func (t tracing) watch(ctx context.Context, stdout, stderr io.Writer, pcap *os.File) error {
	var packets io.Writer // a nil file would be a writer that is there
	if pcap != nil {
		packets = pcap
	}
	fmt.Fprintln(stdout, "This shell's network is traced. Ctrl-C ends it; in the background: kill %1")
	if err := trace.Watch(ctx, stdout, packets); err != nil {
		return refuse(stderr, "trace", err.Error())
	}
	return nil
}

// refuse says why there is no network to look into here, and what would help.
func refuse(stderr io.Writer, what, why string) error {
	fmt.Fprintf(stderr, "lab: cannot %s here: %s\nhint: %s\n", what, report.Visible(why), remedy(why))
	return exitStatus(report.StatusUnjudged)
}

// remedy is what lets a system give private networks, by what it says of itself.
func remedy(why string) string {
	for sign, help := range map[string]string{
		"apparmor_restrict_unprivileged_userns": "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 allows it until the next start",
		"unprivileged_userns_clone":             "sudo sysctl -w kernel.unprivileged_userns_clone=1 allows it until the next start",
		"max_user_namespaces":                   "sudo sysctl -w user.max_user_namespaces=10000 allows it until the next start",
		"Linux only":                            "run it on Linux: a virtual machine, a container with --privileged, or WSL 2 on Windows",
	} {
		if strings.Contains(why, sign) {
			return help
		}
	}
	return "in a container, start that with --privileged; " + command() + " check judges without a private network as well"
}
