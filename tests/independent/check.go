// Checks what a ledger proves with Go's own transparency log code (golang.org/x/mod/sumdb), and nothing of ours.
//
// Reads one JSON object from standard input; says "good" and ends with 0, or says what is wrong and ends with 1.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type given struct {
	Key         string   `json:"key"`
	Witness     string   `json:"witness"` // if it is given, the newer checkpoint must have its cosignature
	Checkpoint  string   `json:"checkpoint"`
	Older       string   `json:"older"`
	Line        string   `json:"line"`
	Index       int64    `json:"index"`
	Hashes      []string `json:"hashes"`
	Consistency []string `json:"consistency"`
}

func main() {
	var in given
	check(json.NewDecoder(os.Stdin).Decode(&in))
	log, err := note.NewVerifier(in.Key)
	check(err)
	signers := []note.Verifier{log}
	if in.Witness != "" {
		witness, err := readCosigner(in.Witness)
		check(err)
		signers = append(signers, witness)
	}
	_, newer, err := open(in.Checkpoint, signers...)
	check(err)
	_, older, err := open(in.Older, log)
	check(err)
	leaf := tlog.RecordHash([]byte(in.Line))
	check(tlog.CheckRecord(tlog.RecordProof(hashes(in.Hashes)), newer.N, newer.Hash, in.Index, leaf))
	check(tlog.CheckTree(tlog.TreeProof(hashes(in.Consistency)), newer.N, newer.Hash, older.N, older.Hash))
	fmt.Println("good")
}

func hashes(texts []string) []tlog.Hash {
	found := []tlog.Hash{}
	for _, text := range texts {
		hash, err := tlog.ParseHash(text)
		check(err)
		found = append(found, hash)
	}
	return found
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
