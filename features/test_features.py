"""Every scenario of every .feature beside this file."""

from __future__ import annotations

from pytest_bdd import scenarios

pytest_plugins = [
    "features.steps.reporting",
    "features.steps.corrections",
    "features.steps.delivery",
    "features.steps.episodes",
    "features.steps.duties",
    "features.steps.patterns",
    "features.steps.history",
    "features.steps.measures",
    "features.steps.rulebooks",
    "features.steps.quality",
    "features.steps.access_log",
    "features.steps.evidence",
    "features.steps.witnesses",
]

scenarios(".")
