"""What follows from the entries: chronology, standing, obligations, findings; `assess` puts them together."""
