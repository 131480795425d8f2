"""Stored secrets are encrypted with keys from the environment, which can be replaced."""

import subprocess
import sys

import pytest
from pytest_django import Settings

from foundation.encryption import (
    EncryptionKeyMissingError,
    UndecryptableError,
    can_encrypt,
    decrypt,
    encrypt,
    encrypted_again,
)
from foundation.encryption_keys import is_encryption_key, new_encryption_key
from local_run.tests.helpers import CLONE

OLD, NEW = new_encryption_key(), new_encryption_key()


def test_a_secret_is_read_with_its_key_only(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    encrypted = encrypt("pässword")

    assert "pässword" not in encrypted
    assert encrypt("pässword") != encrypted
    assert decrypt(encrypted) == "pässword"
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(UndecryptableError):
        decrypt(encrypted)


def test_a_new_key_before_the_old_one_encrypts_while_the_old_one_still_decrypts(
    settings: Settings,
) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    encrypted = encrypt("secret")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    again = encrypted_again(encrypted)

    assert decrypt(encrypted) == "secret"
    settings.ENCRYPTION_KEYS = [NEW]
    assert decrypt(again) == "secret"


def test_a_text_that_was_changed_is_refused(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    encrypted = encrypt("secret")
    swapped = encrypted[:-2] + ("A" if encrypted[-2] != "A" else "B") + encrypted[-1]

    with pytest.raises(UndecryptableError):
        decrypt(swapped)


def test_without_a_key_nothing_is_encrypted_or_decrypted(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    encrypted = encrypt("secret")
    settings.ENCRYPTION_KEYS = []

    assert not can_encrypt()
    with pytest.raises(EncryptionKeyMissingError):
        encrypt("secret")
    with pytest.raises(EncryptionKeyMissingError):
        decrypt(encrypted)


@pytest.mark.parametrize(
    "text",
    ["", "short", "x" * 44, "é" * 44, NEW[:-1], f"{NEW} "],
    ids=["empty", "short", "not random", "not ASCII", "cut short", "with a space"],
)
def test_what_is_not_a_key_is_noticed(text: str) -> None:
    assert not is_encryption_key(text)


def test_the_program_does_not_start_with_a_broken_key() -> None:
    environment = {
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "billing.example",
        "DATABASE_URL": "postgresql://check@127.0.0.1:1/check",
        "DJANGO_SETTINGS_MODULE": "billing_admin.settings",
        "ENCRYPTION_KEYS": f"{NEW},broken",
    }
    run = subprocess.run(
        [sys.executable, "-c", "import billing_admin.settings"],
        cwd=CLONE,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert run.returncode != 0
    assert "ENCRYPTION_KEYS has something that is not a key" in run.stderr
    assert "broken" not in run.stderr
    assert NEW not in run.stderr
