"""The key and the fault are read from the messages of the library that checks TOML."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from kiosk.errors import locate_fault


class Part(Struct, forbid_unknown_fields=True):
    size: Annotated[int, Meta(ge=1)]


class Whole(Struct, forbid_unknown_fields=True):
    part: Part
    parts: list[Part] = []
    named: dict[str, Part] = {}


@pytest.mark.parametrize(
    ("tree", "key", "fault"),
    [
        ({"part": {"size": 0}}, "part.size", "Expected `int` >= 1"),
        ({"part": {"size": "2"}}, "part.size", "Expected `int`, got `str`"),
        ({"part": {}}, "part.size", "is missing"),
        ({}, "part", "is missing"),
        ({"part": {"size": 1, "width": 2}}, "part.width", "is an unknown key"),
        ({"part": {"size": 1}, "other": 1}, "other", "is an unknown key"),
        ({"part": {"size": 1}, "parts": [{"size": 1}, {}]}, "parts.size", "is missing"),
        ({"part": {"size": 1}, "named": {"a": {"size": 0}}}, "named.size", "Expected `int` >= 1"),
        ([], "", "Expected `object`, got `array`"),
    ],
)
def test_a_fault_has_its_key(tree: object, key: str, fault: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(tree, Whole)
    assert locate_fault(caught.value) == (key, fault)
