"""Errors of libraries become errors of the kiosk, with the place and the remedy."""

from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from kiosk.errors import (
    LONGEST_MESSAGE,
    BadInputError,
    CameraError,
    KioskError,
    locate_fault,
    os_errors_as,
    read_toml,
)


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
        ({"part": {"size": 1, "a` - at `$.b": 2}}, "part.a` - at `$.b", "is an unknown key"),
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


@pytest.mark.parametrize("kind", [KioskError, BadInputError, CameraError])
@pytest.mark.parametrize("odd", ["\n", "\r", "\0", "\x1b[2J", "\x85", "\u2028", "\u202e", "\udcff"])
def test_no_message_has_a_second_line_or_hides_a_part(kind: type[KioskError], odd: str) -> None:
    message = str(kind(f"film{odd}.mp4: gone; give another"))
    assert message.isprintable()
    assert message.startswith("film\\")
    assert message.endswith(".mp4: gone; give another")


def test_letters_of_all_languages_stay() -> None:
    assert str(KioskError("Küche/日本/пример.mp4: gone")) == "Küche/日本/пример.mp4: gone"


def test_a_long_message_keeps_its_place_and_its_remedy() -> None:
    message = str(BadInputError(f"k.toml: {'9' * 9000} is too much; mend the file"))
    assert len(message) <= LONGEST_MESSAGE
    assert message.startswith("k.toml: 9")
    assert message.endswith(" is too much; mend the file")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a = ", "not valid TOML"),
        (b"a = " + b"9" * 5000, "a number is too long"),
        (b"a = 9223372036854775808", "more than 64 bits"),
        (b"a = [{b = [-9223372036854775809]}]", "more than 64 bits"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"[" + b"a." * 100 + b"a]", "nested too deeply"),
        (b"a = '\xff'", "not a text file in UTF-8"),
        (b" " * (256 * 1024 + 1), "longer than 256 kB"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(CameraError) as caught:
        read_toml(path, CameraError, "write it again")
    assert str(caught.value).startswith(f"{path}: ")
    assert fault in str(caught.value)


def test_a_file_that_is_not_there_can_be_told_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(
        BadInputError, match=r"a\.toml: cannot be read \(No such file.*; look"
    ) as it:
        read_toml(tmp_path / "a.toml", BadInputError, "look for it")
    assert isinstance(it.value.__cause__, FileNotFoundError)
    with pytest.raises(BadInputError, match="Is a directory"):
        read_toml(tmp_path, BadInputError, "look for it")


def test_a_sound_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes('[a]\r\nb = [9223372036854775807, {c = "ü"}]\r\n'.encode())
    assert read_toml(path, BadInputError, "") == {"a": {"b": [2**63 - 1, {"c": "ü"}]}}
