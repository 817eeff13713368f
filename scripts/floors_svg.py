"""Layered drawing of rooms on floors as SVG. The order keeps arrows short; a long arrow has a gap on each floor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

WIDTH, MARGIN, LEFT = 980, 24, 150
BOX, FLOOR, PASSAGE, GAP = 40, 84, 12, 26
APART = 16
"""Between two arrows at one box."""
SWEEPS = 6
"""How often the order on the floors is improved, down and up."""
BETWEEN = 28
"""Between two packages."""
NOTES = (
    "An arrow means: imports. Arrows that follow from others are left out.",
    "A dashed room imports no other room of its package.",
)
STYLE = """\
text { font: 14px system-ui, sans-serif; fill: #1b1f24; text-anchor: middle }
.inside { font-size: 10.5px; fill: #57606a }
.package { font-size: 19px; font-weight: 600; text-anchor: start }
.note { font-size: 12px; fill: #57606a; text-anchor: start }
.storey { fill: #f3f5f8; stroke: #d0d7de }
.room { fill: #fff; stroke: #57606a }
.alone { stroke-dasharray: 4 3 }
.arrow { fill: none; stroke: #4a7fb5; stroke-width: 1.4; marker-end: url(#head) }"""


class Storey(NamedTuple):
    """One package: its floors from top to bottom, what is inside some rooms, its arrows and the rooms on no floor."""

    name: str
    floors: list[list[str]]
    inside: dict[str, str]
    arrows: dict[str, set[str]]
    alone: set[str]


class Node(NamedTuple):
    """A room, or with `passes` the place where an arrow to that room passes a floor."""

    room: str
    passes: str = ""


Links = list[tuple[Node, Node]]


def layers(storey: Storey) -> tuple[list[list[Node]], Links]:
    """Return the floors with places for arrows that pass, and the links from one floor to the next."""
    floors = [[Node(room) for room in floor] for floor in storey.floors]
    level = {node.room: number for number, floor in enumerate(floors) for node in floor}
    links: Links = []
    for room, below in sorted(storey.arrows.items()):
        for other in sorted(below):
            way = [Node(room, other) for _ in range(level[room] + 1, level[other])]
            for number, node in enumerate(way, level[room] + 1):
                floors[number].append(node)
            nodes = [Node(room), *way, Node(other)]
            links += pairwise(nodes)
    return floors, links


def ordered(floors: list[list[Node]], links: Links, inside: Mapping[str, str]) -> list[dict[Node, float]]:
    """Return the middle of every node, floor by floor, with those that are linked near each other."""
    places = [spread(floor, inside) for floor in floors]
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for number in range(1, len(floors)) if down else range(len(floors) - 2, -1, -1):
            beyond = places[number - 1 if down else number + 1]
            floors[number].sort(key=lambda node: _pull(node, links, beyond, places[number][node]))
            places[number] = spread(floors[number], inside)
    return places


def _pull(node: Node, links: Links, beyond: Mapping[Node, float], here: float) -> float:
    """Return the mean of the places of the nodes that this one is linked with on the floor beyond."""
    linked = [a if b == node else b for a, b in links if node in {a, b}]
    pulls = [beyond[other] for other in linked if other in beyond]
    return sum(pulls) / len(pulls) if pulls else here


def width(node: Node, inside: Mapping[str, str]) -> float:
    """Return the width of a box, or of the gap for an arrow."""
    return (
        PASSAGE
        if node.passes
        else max(96, 9 * len(node.room) + 24, 5.4 * len(inside.get(node.room, "")) + 24)
    )


def spread(floor: Sequence[Node], inside: Mapping[str, str]) -> dict[Node, float]:
    """Return the middle of each node of a floor, evenly spread."""
    free = WIDTH - LEFT - MARGIN - sum(width(node, inside) for node in floor)
    gap = min(3 * GAP, free / (len(floor) + 1))
    left = LEFT + (free - gap * (len(floor) - 1)) / 2
    middles = {}
    for node in floor:
        middles[node] = left + width(node, inside) / 2
        left += width(node, inside) + gap
    return middles


def _rooms(storey: Storey, places: Sequence[Mapping[Node, float]], top: float) -> Iterator[str]:
    for number, floor in enumerate(places):
        for node, middle in floor.items():
            if not node.passes:
                yield from _room(storey, node, middle, top + number * FLOOR)


def _room(storey: Storey, node: Node, middle: float, y: float) -> Iterator[str]:
    wide, inside = width(node, storey.inside), storey.inside.get(node.room)
    kind = "room alone" if node.room in storey.alone else "room"
    size = f'width="{wide:.0f}" height="{BOX}" rx="5"'
    yield f'<rect class="{kind}" x="{middle - wide / 2:.0f}" y="{y:.0f}" {size}/>'
    yield f'<text x="{middle:.0f}" y="{y + (18 if inside else 25):.0f}">{escape(node.room)}</text>'
    if inside:
        yield f'<text class="inside" x="{middle:.0f}" y="{y + 32:.0f}">{escape(inside)}</text>'


def _arrows(storey: Storey, places: Sequence[Mapping[Node, float]], top: float) -> Iterator[str]:
    """Yield every arrow, from the bottom of its room to the top of the other."""
    level = {node.room: number for number, floor in enumerate(places) for node in floor if not node.passes}
    for room, below in sorted(storey.arrows.items()):
        for other in sorted(below):
            floors = range(level[room] + 1, level[other])
            passed = [places[number][Node(room, other)] for number in floors]
            start = places[level[room]][Node(room)] + _offset(storey, places, level, room, other, down=True)
            end = places[level[other]][Node(other)] + _offset(storey, places, level, other, room, down=False)
            yield _arrow([start, *passed, end], top + level[room] * FLOOR + BOX)


def _offset(
    storey: Storey,
    places: Sequence[Mapping[Node, float]],
    level: Mapping[str, int],
    room: str,
    other: str,
    *,
    down: bool,
) -> float:
    """Return how far from the middle of a box an arrow begins or ends: those to the left on the left."""
    arrows = storey.arrows
    ends = arrows[room] if down else {above for above, below in arrows.items() if room in below}
    step = 1 if down else -1

    def nearest(end: str) -> float:
        floor = places[level[room] + step]
        return floor.get(Node(end), floor.get(Node(room, end) if down else Node(end, room), 0.0))

    inwards = sorted(ends, key=nearest)
    return APART * (inwards.index(other) - (len(inwards) - 1) / 2)


def _arrow(middles: Sequence[float], y: float) -> str:
    """Return an arrow that begins at this height, and is at each of these places one floor further down."""
    path = f"M{middles[0]:.0f} {y:.0f}"
    for number, (x, to) in enumerate(pairwise(middles), 1):
        below = y + FLOOR - BOX
        last = number == len(middles) - 1
        path += f"C{x:.0f} {y + 22:.0f} {to:.0f} {below - 24:.0f} {to:.0f} {below - 2 * last:.0f}"
        path += "" if last else f"V{below + BOX:.0f}"
        y = below + BOX
    return f'<path class="arrow" d="{path}"/>'


def drawing(storeys: Sequence[Storey]) -> str:
    """Return the picture of all packages, the one that may import the others on top."""
    drawn, top = list[str](), float(MARGIN)
    for number, storey in enumerate(storeys):
        if number:
            drawn.append(f'<path class="arrow" d="M{MARGIN + 50} {top - 25:.0f}V{top - 4:.0f}"/>')
        drawn += _storey(storey, top)
        top += len(storey.floors) * FLOOR + BETWEEN
    for note in NOTES:
        drawn.append(f'<text class="note" x="{MARGIN}" y="{top:.0f}">{note}</text>')
        top += 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top:.0f}" role="img">\n'
        "<title>The floors of the house, and which room imports which</title>\n"
        f"<style>\n{STYLE}\n</style>\n"
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8Z" fill="#4a7fb5"/></marker></defs>\n'
        f'<rect width="{WIDTH}" height="{top:.0f}" fill="#fff"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _storey(storey: Storey, top: float) -> Iterator[str]:
    floors, links = layers(storey)
    places = ordered(floors, links, storey.inside)
    size = f'width="{WIDTH - 2 * MARGIN}" height="{len(floors) * FLOOR}" rx="8"'
    yield f'<rect class="storey" x="{MARGIN}" y="{top:.0f}" {size}/>'
    yield f'<text class="package" x="{MARGIN + 16}" y="{top + 32:.0f}">{storey.name}</text>'
    inner = top + (FLOOR - BOX) / 2
    yield from _arrows(storey, places, inner)
    yield from _rooms(storey, places, inner)
