"""Where an episode stands: its start, end, state, spells and overlaps."""
