"""Errors of libraries become errors of the kiosk, with the place and the remedy."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from kiosk.errors import BadInputError, CameraError, locate_fault, os_errors_as


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


def test_an_error_of_the_system_gets_its_place_and_its_remedy() -> None:
    with pytest.raises(BadInputError) as caught:  # noqa: SIM117 - the block is what is tested
        with os_errors_as(BadInputError, "out: cannot be made", "name another folder"):
            raise FileExistsError(17, "File exists")
    assert str(caught.value) == "out: cannot be made (File exists); name another folder"
    assert isinstance(caught.value.__cause__, FileExistsError)


def test_another_error_is_left_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), os_errors_as(CameraError, "no", "none"):
        raise ZeroDivisionError
