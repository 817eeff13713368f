"""Disjoint sets: things that are joined to one another, transitively (union-find)."""

from __future__ import annotations


class DisjointSet:
    """Names joined to one another; the smallest in string order stands for its group."""

    def __init__(self) -> None:
        """Start with every name apart."""
        self._parent: dict[str, str] = {}

    def of(self, name: str) -> str:
        """Return the name that stands for the group of a name."""
        root = name
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(name, name)) != root:  # the next way is short
            self._parent[name], name = root, parent
        return root

    def join(self, one: str, other: str) -> None:
        """Make two groups one."""
        low, high = sorted((self.of(one), self.of(other)))
        self._parent[high] = low
