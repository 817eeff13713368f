"""Answers as JSON and in words, and which records an answer discloses. No database."""
