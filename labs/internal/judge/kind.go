package judge

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// A Kind is one kind of work that is done in pods. Work reads the job and returns the first process's exit status; an error
// goes to standard error, and is never status 0.
type Kind struct {
	Name string
	Work func(ctx context.Context, job *gob.Decoder, out io.Writer) (status int, err error)
}

// Job is what a pod is handed for work of that kind: the kind's name and the job.
func Job(kind string, job any) ([]byte, error) {
	var in bytes.Buffer
	enc := gob.NewEncoder(&in)
	if err := errors.Join(enc.Encode(kind), enc.Encode(job)); err != nil {
		return nil, fmt.Errorf("write the job: %w", err)
	}
	return in.Bytes(), nil
}

// first does the work of the pod whose first process this is.
func first(ctx context.Context, kinds []Kind, in io.Reader, out io.Writer) int {
	job := gob.NewDecoder(in)
	var name string
	if err := job.Decode(&name); err != nil {
		fmt.Fprintln(os.Stderr, "read the job:", err)
		return 1
	}
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		fmt.Fprintf(os.Stderr, "read the job: this program has no work %q\n", name)
		return 1
	}
	status, err := kinds[i].Work(ctx, job, out)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(status, 1)
	}
	return status
}
