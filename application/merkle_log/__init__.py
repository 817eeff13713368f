"""The log over both kinds of entries: sealing, proofs, epochs, key rotation and recovery."""
