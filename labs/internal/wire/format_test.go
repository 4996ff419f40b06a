package wire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFrameString(t *testing.T) {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	for want, f := range map[string]Frame{
		`text FIN "hello" masked with 37fa213d`: {Fin: true, Opcode: Text, Masked: true, Key: key, Payload: []byte("hello")},
		`text "hel"`:                            {Opcode: Text, Payload: []byte("hel")},
		`continuation FIN "lo"`:                 {Fin: true, Payload: []byte("lo")},
		`text FIN RSV1 "x"`:                     {Fin: true, RSV: 4, Opcode: Text, Payload: []byte("x")},
		`text FIN RSV2 RSV3 "x"`:                {Fin: true, RSV: 3, Opcode: Text, Payload: []byte("x")},
		`text FIN ""`:                           {Fin: true, Opcode: Text},
		`ping FIN ""`:                           {Fin: true, Opcode: Ping},
		`text FIN "a\n\"李\""`:                   {Fin: true, Opcode: Text, Payload: []byte("a\n\"李\"")},
		`binary FIN 00 ff 10`:                   {Fin: true, Opcode: Binary, Payload: []byte{0, 0xff, 0x10}},
		`text "a"… (3 bytes)`:                   {Opcode: Text, Payload: []byte("a李")[:3]}, // the fragment ends inside a character
		`text FIN "hi" overlong length`:         {Fin: true, Opcode: Text, Overlong: true, Payload: []byte("hi")},
		`text FIN "` + strings.Repeat("李", 60) + `"… (300 bytes)`: {Fin: true, Opcode: Text, Payload: []byte(strings.Repeat("李", 100))},
		`text FIN "he"… (100 bytes)`:                              {Fin: true, Opcode: Text, Payload: []byte("he"), Length: 100, Cut: true},
		`close FIN`:                                               {Fin: true, Opcode: Close},
		`close FIN 1000`:                                          {Fin: true, Opcode: Close, Payload: []byte("\x03\xe8")},
		`close FIN 1001 "bye"`:                                    {Fin: true, Opcode: Close, Payload: []byte("\x03\xe9bye")},
		`close FIN "\x03"`:                                        {Fin: true, Opcode: Close, Payload: []byte{3}},
	} {
		if f.Length == 0 {
			f.Length = uint64(len(f.Payload))
		}
		require.Equal(t, want, f.String())
	}
}
