// A witness (C2SP tlog-witness) by Go's own transparency log code (golang.org/x/mod/sumdb), and nothing of ours.
//
// Takes the verifier keys of the logs that it knows as arguments, makes a key for itself, and says its address and
// its verifier key, each on a line. Ends when its standard input does. What it has seen it keeps in memory alone.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type witness struct {
	sync.Mutex
	key  cosigner
	logs map[string]note.Verifier // by origin, which is the name of the key
	seen map[string]tlog.Tree
}

func main() {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	w := &witness{
		key:  cosigner{"witness.example/go", public, private},
		logs: map[string]note.Verifier{},
		seen: map[string]tlog.Tree{},
	}
	for _, text := range os.Args[1:] {
		log, err := note.NewVerifier(text)
		check(err)
		w.logs[log.Name()] = log
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	http.HandleFunc("/add-checkpoint", w.addCheckpoint)
	go http.Serve(listener, nil)
	fmt.Printf("http://%s\n%s\n", listener.Addr(), w.key.Key())
	io.Copy(io.Discard, os.Stdin)
}

func (w *witness) addCheckpoint(out http.ResponseWriter, in *http.Request) {
	body, err := io.ReadAll(io.LimitReader(in.Body, 1<<16))
	if err != nil {
		http.Error(out, "cannot read", http.StatusBadRequest)
		return
	}
	w.Lock()
	defer w.Unlock()
	status, said := w.cosign(string(body))
	if status == http.StatusConflict {
		out.Header().Set("Content-Type", "text/x.tlog.size")
	}
	out.WriteHeader(status)
	io.WriteString(out, said)
}

// cosign answers a request as the protocol says: a status, and what goes with it.
func (w *witness) cosign(body string) (int, string) {
	head, checkpoint, _ := strings.Cut(body, "\n\n")
	first, rest, _ := strings.Cut(head, "\n")
	var old int64
	if _, err := fmt.Sscanf(first, "old %d", &old); err != nil || first != fmt.Sprintf("old %d", old) {
		return http.StatusBadRequest, ""
	}
	origin, _, _ := strings.Cut(checkpoint, "\n")
	log, known := w.logs[origin]
	if !known {
		return http.StatusNotFound, ""
	}
	_, tree, err := open(checkpoint, log)
	if err != nil {
		return http.StatusForbidden, ""
	}
	seen := w.seen[origin]
	if old > tree.N {
		return http.StatusBadRequest, ""
	}
	if old != seen.N || (old == tree.N && seen.Hash != tree.Hash) {
		return http.StatusConflict, fmt.Sprintf("%d\n", seen.N)
	}
	if !grew(seen, tree, rest) {
		return http.StatusUnprocessableEntity, ""
	}
	w.seen[origin] = tree
	return w.cosigned(checkpoint)
}

// grew tells whether the hashes, one on a line, prove that what was seen is the beginning of a tree.
func grew(seen, tree tlog.Tree, lines string) bool {
	proof := tlog.TreeProof{}
	for _, line := range strings.Fields(lines) {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return false
		}
		proof = append(proof, hash)
	}
	if seen.N == 0 {
		return len(proof) == 0
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, seen.N, seen.Hash) == nil
}

// cosigned gives the line that the witness adds to a note.
func (w *witness) cosigned(checkpoint string) (int, string) {
	text, _, _ := strings.Cut(checkpoint, "\n\n")
	signed, err := note.Sign(&note.Note{Text: text + "\n"}, w.key)
	if err != nil {
		return http.StatusInternalServerError, ""
	}
	return http.StatusOK, string(signed[len(text)+2:])
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
