"""What is stored of a tag: enough to know it again, and too little to guess its number."""

import hashlib

import pytest

from kiosk.training.tags import LEAST_SALT, tag_digest

SALT = bytes(range(LEAST_SALT))
OTHER = bytes(LEAST_SALT)


def test_a_tag_is_known_again_and_only_by_the_mirror_that_has_the_salt() -> None:
    digest = tag_digest("0004217733", SALT)
    assert digest == tag_digest("0004217733", SALT)
    assert digest != tag_digest("0004217733", OTHER)
    assert digest != tag_digest("0004217734", SALT)
    assert digest != tag_digest("4217733", SALT)  # another tag, as the reader types it
    assert "4217733" not in digest
    assert bytes.fromhex(digest)


def test_guessing_numbers_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}

    def scrypt(_: bytes, **how: object) -> bytes:
        asked.update(how)
        return b"x"

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    tag_digest("1", SALT)
    assert asked["n"] * asked["r"] * 128 >= 8 * 2**20  # bytes of memory for each guess
    assert asked["salt"] == SALT


def test_the_digest_stays_the_same_from_version_to_version() -> None:
    # another one would forget every tag
    assert (
        tag_digest("0004217733", SALT)
        == hashlib.scrypt(b"0004217733", salt=SALT, n=8192, r=8, p=1, dklen=32).hex()
    )


@pytest.mark.parametrize("digits", ["", "12a", "\uff11\uff12", "1 2", "-1", "\u00b2"])
def test_anything_but_digits_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        tag_digest(digits, SALT)


def test_a_salt_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 random bytes"):
        tag_digest("1", SALT[:-1])
