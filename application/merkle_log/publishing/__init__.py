"""Publishing: checkpoints are sent to targets that the operator of the ledger does not control alone."""
