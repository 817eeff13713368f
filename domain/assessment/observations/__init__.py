"""Findings, data-quality issues and countable events of an episode."""
