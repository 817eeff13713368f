"""Picture of the house: the rooms of each package, the floors of its import contract, and who imports whom.

`.venv/bin/python scripts/floors.py` writes docs/pictures/floors.svg from the imports as they are; `--check` ends with
status 1 when that file is out of date. Arrows that follow from others are left out.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import grimp

from scripts.floors_svg import Storey, drawing

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "floors.svg"
PACKAGES = ("interface", "application", "domain")

Arrows = dict[str, set[str]]
"""Rooms, each with the rooms that it imports."""


def floors_of(contracts: Iterable[Mapping[str, Any]], container: str) -> list[list[str]]:
    """Return the floors that the layers contract of a container holds, or none."""
    for contract in contracts:
        if contract["type"] == "layers" and contract.get("containers") == [container]:
            return [
                [room.strip() for room in layer.replace("|", ":").split(":")] for layer in contract["layers"]
            ]
    return []


def arrows_of(graph: grimp.ImportGraph, package: str) -> Arrows:
    """Return which rooms of a package import which others."""
    arrows: Arrows = {room.removeprefix(f"{package}."): set() for room in graph.find_children(package)}
    for module in graph.modules:
        if module.startswith(f"{package}."):
            room = module.split(".")[1]
            imported = graph.find_modules_directly_imported_by(module)
            arrows[room] |= {name.split(".")[1] for name in imported if name.startswith(f"{package}.")} - {
                room
            }
    return arrows


def reached(arrows: Arrows, room: str) -> set[str]:
    """Return the rooms that a room imports, directly or by way of others."""
    below = arrows.get(room, set())
    return below.union(*(reached(arrows, other) for other in below))


def reduced(arrows: Arrows) -> Arrows:
    """Return the arrows without those that follow from others."""
    return {
        room: {other for other in below if not any(other in reached(arrows, way) for way in below - {other})}
        for room, below in arrows.items()
    }


def storey(graph: grimp.ImportGraph, contracts: Sequence[Mapping[str, Any]], package: str) -> Storey:
    """Return one package; raise ValueError when an import goes up, or a room that imports others has no floor."""
    floors, arrows = floors_of(contracts, package), arrows_of(graph, package)
    level = {room: number for number, floor in enumerate(floors) for room in floor}
    alone = arrows.keys() - level.keys()
    for room, below in arrows.items():
        for other in below:
            if room not in level or level.get(other, len(floors)) < level[room]:
                raise ValueError(f"{package}.{room} imports {other}, which is not below: see pyproject.toml")
    inside = {room: floors_of(contracts, f"{package}.{room}") for room in level}
    words = {room: " › ".join(", ".join(floor) for floor in inner) for room, inner in inside.items() if inner}
    return Storey(package, [*floors[:-1], [*floors[-1], *sorted(alone)]], words, reduced(arrows), alone)


def picture() -> str:
    """Return the picture of the imports as they are."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return drawing([storey(graph, contracts, package) for package in PACKAGES])


def main(arguments: Sequence[str]) -> int:
    """Write the picture, or with `--check` compare it; return the exit status."""
    now = picture()
    if "--check" in arguments:
        if PICTURE.exists() and PICTURE.read_text("utf-8") == now:
            return 0
        print(f"{PICTURE.relative_to(ROOT)} is out of date: run .venv/bin/python scripts/floors.py")
        return 1
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(now, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
