package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestChooseLanguage(t *testing.T) {
	t.Parallel()
	type env = map[string]string
	for _, c := range []struct {
		why  string
		flag string
		env  env
		want language
	}{
		{"nothing is said", "", env{}, language{labs.English, false}},
		{"the flag before all else", "en", env{"LAB_LANG": "id", "LC_ALL": "id_ID.UTF-8"}, language{labs.English, true}},
		{"the flag", "id", env{}, language{labs.Indonesian, true}},
		{"LAB_LANG before the locale", "", env{"LAB_LANG": "en", "LANG": "id_ID.UTF-8"}, language{labs.English, false}},
		{"LAB_LANG", "", env{"LAB_LANG": "id", "LC_ALL": "C"}, language{labs.Indonesian, false}},
		{"the locale of a computer in Depok", "", env{"LANG": "id_ID.UTF-8"}, language{labs.Indonesian, false}},
		{"LC_MESSAGES before LANG", "", env{"LC_MESSAGES": "id_ID", "LANG": "en_US.UTF-8"}, language{labs.Indonesian, false}},
		{"LC_ALL before both", "", env{"LC_ALL": "C.UTF-8", "LC_MESSAGES": "id_ID", "LANG": "id"}, language{labs.English, false}},
		{"the language alone", "", env{"LC_ALL": "id"}, language{labs.Indonesian, false}},
		{"another language that begins alike", "", env{"LANG": "idn"}, language{labs.English, false}},
		{"a locale that is none of ours", "", env{"LANG": "jv_ID.UTF-8"}, language{labs.English, false}},
	} {
		got, err := chooseLanguage(c.flag, func(name string) string { return c.env[name] })
		require.NoError(t, err, c.why)
		require.Equal(t, c.want, got, c.why)
	}
}
