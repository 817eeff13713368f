"""Rules and rulebooks: reading them from TOML, checking them, and working days."""
