"""Who may see and post, and who read what."""
