"""Publishing: checkpoints are brought out of the house, to places that whoever runs the ledger does not rule alone."""
