"""Assessment: what follows from the entries of a person."""
