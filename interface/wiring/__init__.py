"""From settings to working parts: open a ledger, sealers, publishers and child processes."""
