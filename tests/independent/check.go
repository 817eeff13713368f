// Checks what a ledger proves with Go's own transparency log code (golang.org/x/mod/sumdb), and nothing of ours.
//
// Reads one JSON object from standard input; says "good" and ends with 0, or says what is wrong and ends with 1.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type given struct {
	Key         string   `json:"key"`
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
	newer, older := open(in.Key, in.Checkpoint), open(in.Key, in.Older)
	leaf := tlog.RecordHash([]byte(in.Line))
	check(tlog.CheckRecord(tlog.RecordProof(hashes(in.Hashes)), newer.N, newer.Hash, in.Index, leaf))
	check(tlog.CheckTree(tlog.TreeProof(hashes(in.Consistency)), newer.N, newer.Hash, older.N, older.Hash))
	fmt.Println("good")
}

// open checks the signature of a checkpoint, and takes the size and root from its second and third line.
func open(key, checkpoint string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	check(err)
	opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: tlog.Hash(*(*[32]byte)(root))}
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
