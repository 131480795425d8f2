"""Make and check keys of `foundation.encryption`; settings need it before Django is set up."""

import base64
import binascii
import secrets

_BYTES = 32


def new_encryption_key() -> str:
    """Return a random key for `ENCRYPTION_KEYS`."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).decode()


def is_encryption_key(text: str) -> bool:
    """Return whether a text is a key: 32 bytes in URL-safe Base64."""
    try:
        return len(base64.b64decode(text.encode("ascii"), b"-_", validate=True)) == _BYTES
    except (UnicodeEncodeError, binascii.Error):
        return False


if __name__ == "__main__":
    print(new_encryption_key())
