"""Queries about one person, assessed when asked."""
