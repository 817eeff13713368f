"""Submissions and entries: what is sent, what is recorded, and the aggregate that folds them."""
