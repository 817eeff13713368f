"""The duties of an episode: clock, candidates, verdict and explanation."""
