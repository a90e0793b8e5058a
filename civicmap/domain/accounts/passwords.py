"""Passwords: argon2id, and what makes one acceptable (NIST SP 800-63B: length, not classes)."""

from __future__ import annotations

from functools import cache

import argon2

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_

SHORTEST = 10
LONGEST = 200

_hasher = argon2.PasswordHasher()


@cache
def _nobody() -> str:
    """Hash of nothing anybody has: an unknown address costs the same time as a wrong password.

    Made when it is first needed, for it would slow down every start of every process.
    """
    return _hasher.hash("there is no such person")


_COMMON = {"1234567890", "password123", "qwertyuiop", "0987654321", "1q2w3e4r5t", "passw0rd123"}


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def check_new_password(password: str, *, email: str) -> None:
    """Raises InvalidInput when the password is too short, too long, common or the address."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(
            N_("A password has %(shortest)s to %(longest)s characters."),
            field="password",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if password.lower() in _COMMON | {email.lower()} or len(set(password)) < 4:
        raise InvalidInput(N_("This password is easily guessed. Choose another."), field="password")


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; takes the same time whether there is a hash or none."""
    try:
        _hasher.verify(password_hash or _nobody(), password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)
