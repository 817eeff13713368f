"""Queries: one person, lists, and the service's figures."""
