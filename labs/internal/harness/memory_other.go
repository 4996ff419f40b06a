//go:build !unix

package harness

// memory is the most memory that the program has had, in bytes; 0: it is not known here.
func (p *program) memory() int64 { return 0 }
