"""Turns the number of a tag into a digest, under which its place is stored."""

import hashlib

LEAST_SALT = 16
"""Bytes of a salt: enough that no two mirrors ever share one (NIST SP 800-132 asks for as many)."""
_COST = 2**13
_BLOCKS = 8
_BYTES = 32


def tag_digest(digits: str, salt: bytes) -> str:
    """Returns the digest of a tag's number, in hexadecimal, as text that can be stored.

    The number of a tag is short: often ten digits, of 32 bits. Whoever takes the history away could
    try them all against a quick hash within minutes, and learn which tag is whose. Hence scrypt,
    which is slow and needs memory (8 MB): 28 ms of one x86 core as measured, so four years
    for all numbers of 32 bits. The salt keeps one such search from serving for several mirrors. It
    is called once for each press of a tag, never for a picture.

    Args:
        digits: what the reader typed.
        salt: random bytes of this mirror, stored in its history.

    Raises:
        ValueError: there is no digit, or anything else, or the salt is shorter than `LEAST_SALT`.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a tag's number consists of digits")
    if len(salt) < LEAST_SALT:
        raise ValueError(f"the salt of tags has at least {LEAST_SALT} random bytes")
    key = digits.encode()
    return hashlib.scrypt(key, salt=salt, n=_COST, r=_BLOCKS, p=1, dklen=_BYTES).hex()
