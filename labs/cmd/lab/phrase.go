package main

import "broadcastlab/labs"

// phrase puts what lab itself says around lessons and hints into a language. What is not in the table stays English.
func phrase(lang labs.Language, english string) string {
	if translated, ok := inIndonesian[english]; ok && lang == labs.Indonesian {
		return translated
	}
	return english
}

// inIndonesian has the same verbs in each phrase, in the same order.
var inIndonesian = map[string]string{
	// the list of labs
	"▸ start here":                "▸ mulai di sini",
	"not checked yet":             "belum diperiksa",
	"! does not build":            "! gagal di-build",
	"? could not be judged":       "? tidak bisa dinilai",
	"All labs pass. Judge again:": "Semua lab lolos. Periksa lagi:",
	"Stuck?":                      "Buntu?",
	"asks a question that helps.": "mengajukan pertanyaan yang membantu.",
	"Read it:":                    "Baca:",
	"Check it:":                   "Periksa:",
	"On every save:":              "Setiap kali menyimpan:",

	// hints
	"Hint %d of %d.": "Petunjuk %d dari %d.",
	"Nothing has failed so far. Judge your programs:  %s check":                                         "Belum ada yang gagal. Periksa program Anda:  %s check",
	"Lab %d passes: there is nothing to give a hint on.":                                                "Lab %d lolos: tidak ada yang perlu diberi petunjuk.",
	"You have had all %d hints on this. Start over:  %s hint %d --restart      The lesson:  %s show %d": "Anda sudah mendapat semua petunjuk, %d buah. Mulai dari awal:  %s hint %d --restart      Materinya:  %s show %d",
	"Your programs do not build: %s":                                                                    "Program Anda gagal di-build: %s",
	"All that the compiler says:  %s check %d":                                                          "Semua pesan compiler:  %s check %d",
	"That was the last one. Start over:  %s hint %d --restart":                                          "Itu petunjuk terakhir. Mulai dari awal:  %s hint %d --restart",
	"The next one:  %s hint %d":                                                                         "Petunjuk berikutnya:  %s hint %d",
	"Look at %s:%d: `%s`.":                                                                              "Lihat %s:%d: `%s`.",
	"No hint was given so far.":                                                                         "Belum ada petunjuk yang diberikan.",

	// a new workspace
	"A workspace with the starter in server/ and client/. Nothing passes yet: that is where you begin.": "Workspace dengan starter di server/ dan client/. Belum ada yang lolos: dari situlah Anda mulai.",
	"It is no git repository: %v.\n": "Ini bukan repository git: %v.\n",
	"what to do next":                "apa yang berikutnya",
	"whether the first lab is done":  "apakah lab pertama sudah selesai",
}
