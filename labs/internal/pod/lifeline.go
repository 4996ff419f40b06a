package pod

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// The lifeline is the pipe from whoever starts a pod to its first process. It carries the job, with its length
// before it, and then stays open and silent. It ends when its writer closes it or dies, and the pod with it.

// send writes the job to the lifeline.
func send(lifeline io.Writer, job []byte) error {
	frame := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(job)), uint64(len(job)))
	if _, err := lifeline.Write(append(frame, job...)); err != nil {
		return fmt.Errorf("send job: %w", err)
	}
	return nil
}

// receive reads the job from the lifeline.
func receive(lifeline io.Reader) (io.Reader, error) {
	var size uint64
	if err := binary.Read(lifeline, binary.BigEndian, &size); err != nil {
		return nil, fmt.Errorf("receive job: %w", err)
	}
	var job bytes.Buffer
	if _, err := io.CopyN(&job, lifeline, int64(size)); err != nil {
		return nil, fmt.Errorf("receive job: %w", err)
	}
	return &job, nil
}
