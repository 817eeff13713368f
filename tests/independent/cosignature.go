package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// kind is the type of an Ed25519 key that makes cosignatures (C2SP tlog-cosignature).
const kind = 4

// cosigner makes and checks cosignatures as a note.Signer and a note.Verifier.
type cosigner struct {
	name    string
	public  ed25519.PublicKey
	private ed25519.PrivateKey
}

func (c cosigner) Name() string { return c.name }

func (c cosigner) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(c.name+"\n"), append([]byte{kind}, c.public...)...))
	return binary.BigEndian.Uint32(sum[:])
}

// Key is the verifier key as text.
func (c cosigner) Key() string {
	material := base64.StdEncoding.EncodeToString(append([]byte{kind}, c.public...))
	return fmt.Sprintf("%s+%08x+%s", c.name, c.KeyHash(), material)
}

func (c cosigner) Sign(text []byte) ([]byte, error) {
	now := uint64(time.Now().Unix())
	return append(binary.BigEndian.AppendUint64(nil, now), ed25519.Sign(c.private, stated(now, text))...), nil
}

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(c.public, stated(binary.BigEndian.Uint64(signature), text), signature[8:])
}

func stated(at uint64, text []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", at)), text...)
}

// readCosigner takes the text of a verifier key apart.
func readCosigner(text string) (note.Verifier, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("not a verifier key")
	}
	material, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(material) != 1+ed25519.PublicKeySize || material[0] != kind {
		return nil, fmt.Errorf("not the key of a cosigner")
	}
	found := cosigner{name: parts[0], public: material[1:]}
	if found.Key() != text {
		return nil, fmt.Errorf("not the id of the key")
	}
	return found, nil
}
