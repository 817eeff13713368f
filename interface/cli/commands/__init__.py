"""The subcommands of `ledger`: one file for each."""
