"""The Merkle tree of RFC 9162 and its tiles."""
