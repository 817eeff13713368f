"""The faults of a rulebook in words, one line each."""

from __future__ import annotations

from pathlib import Path

from domain.rules.rulebook_checks import RulebookFault


def faults_words(file: Path, found: tuple[RulebookFault, ...]) -> str:
    """One line for each fault, as compilers write them."""
    return "\n".join(f"{file}:{line}: {reason}." for line, reason in found)
