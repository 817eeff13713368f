"""Pages as values: a pure function for each, from answers to all that its template says."""
