"""What can be recorded about a child who is missing, and what follows from it."""
