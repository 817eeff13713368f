"""Pages for people, in a browser: views of what the interface for programs answers (decision 56)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from interface.pages.routes import front_door, me, sign_in, static_files, story, tonight

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    front_door.blueprint,
    static_files.blueprint,
    *(each.blueprint for each in (sign_in, me, tonight, story)),
)
