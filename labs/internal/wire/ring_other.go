//go:build !linux

package wire

import (
	"errors"
	"runtime"
	"time"
)

type ring struct{}

func openRing() (*ring, error) { return nil, errors.New("packet sockets are not of " + runtime.GOOS) }

func (*ring) read() ([]byte, time.Time, error) { return nil, time.Time{}, errors.ErrUnsupported }
func (*ring) lost() int                        { return 0 }
func (*ring) close()                           {}
