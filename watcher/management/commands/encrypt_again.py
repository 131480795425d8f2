"""Encrypt what is stored encrypted with the newest key, so that older ones can be removed."""

from typing import Any

from django.core.management.base import CommandError

from foundation.audit.recording import AuditedCommand
from foundation.encryption import EncryptionKeyMissingError, UndecryptableError
from watcher.connection.operations import encrypt_again


class Command(AuditedCommand):
    """The command `manage.py encrypt_again`."""

    help = "Encrypt stored passwords and tokens with the first of ENCRYPTION_KEYS."

    def handle(self, **options: Any) -> None:
        """Encrypt, or say why that is not possible."""
        try:
            encrypt_again()
        except EncryptionKeyMissingError:
            raise CommandError("ENCRYPTION_KEYS is not set; see docs/operations.md.") from None
        except UndecryptableError:
            raise CommandError(
                "Something was encrypted with a key that is not in ENCRYPTION_KEYS. Add that key, "
                "or enter the password of the connection to Watcher again."
            ) from None
        self.stdout.write("All secrets are encrypted with the first key.")
