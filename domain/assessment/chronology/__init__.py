"""The chronology of a person: order, corrections, links, and who is entitled to what."""
