"""Encrypt what has to be stored but must not be read from a copy of the database.

The keys are in `ENCRYPTION_KEYS`, outside of the database. The first encrypts; all of them decrypt,
so a key is replaced by putting a new one before it. docs/operations.md, "Keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class EncryptionKeyMissingError(Exception):
    """`ENCRYPTION_KEYS` is not set, so nothing can be encrypted or decrypted."""


class UndecryptableError(Exception):
    """None of the keys in `ENCRYPTION_KEYS` is the one that a text was encrypted with."""


def can_encrypt() -> bool:
    """Return whether there is a key."""
    return bool(settings.ENCRYPTION_KEYS)


def encrypt(text: str) -> str:
    """Return a text encrypted with the first key, in ASCII: 100 characters or more.

    Raises:
        EncryptionKeyMissingError: there is no key.
    """
    return _keys().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Return the text that `encrypt` was given.

    Raises:
        EncryptionKeyMissingError: there is no key.
        UndecryptableError: the text was encrypted with another key, or has been changed since.
    """
    from cryptography.fernet import InvalidToken

    try:
        return _keys().decrypt(encrypted).decode()
    except InvalidToken:
        raise UndecryptableError from None


def encrypted_again(encrypted: str) -> str:
    """Return an encrypted text, encrypted with the first key.

    Raises:
        EncryptionKeyMissingError: there is no key.
        UndecryptableError: the text was encrypted with another key, or has been changed since.
    """
    return encrypt(decrypt(encrypted))


def _keys() -> MultiFernet:
    # The library takes 3 MB, which only the processes that talk to a platform need.
    from cryptography.fernet import Fernet, MultiFernet

    if not settings.ENCRYPTION_KEYS:
        raise EncryptionKeyMissingError
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
