"""The trial installation and its demonstration year."""
