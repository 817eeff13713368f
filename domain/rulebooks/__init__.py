"""The rulebooks that come with the ledger, as TOML."""
