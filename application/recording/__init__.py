"""Recording: from submissions to outcomes."""
