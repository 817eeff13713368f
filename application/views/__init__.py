"""The derived views: one file per view with its table's writes and reads, all by one follower's hand.

Nothing here decides anything about a child: rows are encoded from what `domain.assessment` says, cut into
spans of `as_at`, so that a list is an index scan (assessment.md 5). No view reads another's table.
"""
