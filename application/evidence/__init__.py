"""Evidence: what an inspector takes home, and checks without the ledger (design.md 6)."""
