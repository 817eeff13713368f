"""Every scenario of every .feature beside this file."""

from __future__ import annotations

from pytest_bdd import scenarios

pytest_plugins = [
    "features.steps.telling",
    "features.steps.records",
    "features.steps.sending",
    "features.steps.asking",
    "features.steps.duties",
    "features.steps.patterns",
    "features.steps.history",
    "features.steps.figures",
    "features.steps.rulebooks",
    "features.steps.quality",
    "features.steps.accesses",
    "features.steps.evidence",
    "features.steps.vouching",
]

scenarios(".")
