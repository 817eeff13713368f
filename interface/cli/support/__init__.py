"""Parts that commands share: options, exit status, progress and the target ledger."""
