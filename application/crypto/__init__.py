"""Keys, signed notes, checkpoints, cosignatures, time stamps and encrypted values. No database."""
