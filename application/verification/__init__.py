"""Verifying the ledger: whether everything that is stored is what its lines give, and was signed by whom."""
