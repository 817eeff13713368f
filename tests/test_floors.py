"""The picture of the floors is what the imports are, and refuses a room that stands on no floor."""

from __future__ import annotations

import pytest
from grimp import ImportGraph

from scripts.floors import PICTURE, picture, reduced, storey

CONTRACTS = [
    {"type": "layers", "containers": ["house"], "layers": ["roof", "left | right", "ground"]},
    {"type": "layers", "containers": ["house.left"], "layers": ["door", "chair : table"]},
    {"type": "forbidden", "source_modules": ["house"]},
]


@pytest.fixture
def house():
    """A house with two rooms on one floor, and a shed."""
    graph = ImportGraph()
    for room in ("roof", "left", "left.door", "right", "ground", "shed"):
        graph.add_module(f"house.{room}")
    graph.add_module("house")
    for importer, imported in (
        ("roof", "left.door"),
        ("roof", "right"),
        ("right", "ground"),
        ("roof", "ground"),
    ):
        graph.add_import(importer=f"house.{importer}", imported=f"house.{imported}")
    return graph


def test_the_picture_is_up_to_date() -> None:
    """After a change of rooms or floors, run scripts/floors.py."""
    assert PICTURE.read_text("utf-8") == picture()


def test_floors_and_arrows_are_those_of_contract_and_imports(house):
    drawn = storey(house, CONTRACTS, "house")
    assert drawn.floors == [["roof"], ["left", "right"], ["ground", "shed"]]
    assert drawn.arrows == {
        "roof": {"left", "right"},
        "left": set(),
        "right": {"ground"},
        "ground": set(),
        "shed": set(),
    }
    assert drawn.inside == {"left": "door › chair, table"}
    assert drawn.alone == {"shed"}


def test_an_arrow_that_follows_from_others_is_left_out():
    assert reduced({"a": {"b", "c", "d"}, "b": {"c"}, "c": {"d"}, "d": set()}) == {
        "a": {"b"},
        "b": {"c"},
        "c": {"d"},
        "d": set(),
    }


@pytest.mark.parametrize(("importer", "imported"), [("ground", "roof"), ("shed", "ground")])
def test_an_import_that_goes_up_or_off_the_floors_is_refused(house, importer, imported):
    house.add_import(importer=f"house.{importer}", imported=f"house.{imported}")
    with pytest.raises(ValueError, match=f"house.{importer} imports {imported}, which is not below"):
        storey(house, CONTRACTS, "house")


def test_a_room_on_no_floor_may_be_imported_by_all(house):
    house.add_import(importer="house.roof", imported="house.shed")
    assert "shed" in storey(house, CONTRACTS, "house").arrows["roof"]
