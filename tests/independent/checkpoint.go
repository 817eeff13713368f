package main

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// open checks that all of the verifiers signed a checkpoint, and takes it apart: signatures of others do not matter.
func open(checkpoint string, verifiers ...note.Verifier) (origin string, tree tlog.Tree, err error) {
	opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifiers...))
	if err != nil {
		return "", tree, err
	}
	if len(opened.Sigs) != len(verifiers) {
		return "", tree, fmt.Errorf("%d of %d signatures", len(opened.Sigs), len(verifiers))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return "", tree, fmt.Errorf("not a checkpoint")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return "", tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return "", tree, fmt.Errorf("not a root")
	}
	tree.Hash = tlog.Hash(*(*[32]byte)(root))
	return lines[0], tree, nil
}
