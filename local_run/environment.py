"""Defaults for the environment of a copy on one's own machine."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from foundation.encryption_keys import new_encryption_key
from local_run import postgres_server
from local_run.refusals import RefusedError

HOST = "127.0.0.1"
DEFAULT_PORT = 8000

BASE_DIR = Path(__file__).resolve().parent.parent
_EXTRA_APPS = ("demo", "local_run")


def var_dir() -> Path:
    """Return the folder for everything that changes: `VAR_DIR`, or var in the clone."""
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()


def chosen_port() -> int:
    """Return `PORT`, 1 to 65535; 8000 if it is unset or empty.

    Raises:
        RefusedError: `PORT` is something else.
    """
    text = os.environ.get("PORT", "")
    if not text:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise RefusedError(f"PORT is {text!r}, but it must be a number from 1 to 65535.")
    return int(text)


def fill_environment(var: Path, port: int) -> None:
    """Set variables that are unset or empty; start the embedded PostgreSQL if it is needed.

    It is needed if `DATABASE_URL` is not set. Programs started by this process inherit the values
    and so use the same server. Django's settings read them later, when they are imported.

    Raises:
        EmbeddedServerError: the embedded PostgreSQL cannot be used.
    """
    var.mkdir(parents=True, exist_ok=True)
    _add_extra_apps()
    _set_default("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    _set_default("HTTPS", "false")
    _set_default("LOG_FORMAT", "text")
    _set_default("TRUSTED_PROXY_COUNT", "0")
    _set_default("BASE_URL", f"http://{HOST}:{port}")
    _set_default("ALLOWED_HOSTS", "127.0.0.1,localhost")
    _set_default("STATIC_ROOT", str(var / "static"))
    _set_default("DEFAULT_FROM_EMAIL", "billing@localhost")
    if not os.environ.get("EMAIL_URL"):
        # The emails contain links that open accounts, so other users must not read them.
        (var / "mail").mkdir(mode=0o700, exist_ok=True)
        os.environ["EMAIL_URL"] = f"filemail:///{quote(str(var / 'mail'))}"
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _kept_secret(
            var / "secret_key", lambda: secrets.token_urlsafe(50)
        )
    if not os.environ.get("ENCRYPTION_KEYS"):
        kept = _kept_secret(var / "encryption_key", new_encryption_key)
        os.environ["ENCRYPTION_KEYS"] = kept
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = postgres_server.use(var / "postgres")


def use_django(var: Path) -> bool:
    """Fill the environment and set Django up; tell whether the database is the embedded one.

    Raises:
        EmbeddedServerError: the embedded PostgreSQL cannot be used.
        RefusedError: `PORT` is wrong.
    """
    embedded = not os.environ.get("DATABASE_URL")
    fill_environment(var, chosen_port())
    # The settings read the environment, so import them only now.
    import django

    django.setup()
    return embedded


def _add_extra_apps() -> None:
    named = [name.strip() for name in os.environ.get("EXTRA_APPS", "").split(",") if name.strip()]
    missing = [name for name in _EXTRA_APPS if name not in named]
    os.environ["EXTRA_APPS"] = ",".join([*named, *missing])


def _set_default(name: str, value: str) -> None:
    if not os.environ.get(name):
        os.environ[name] = value


def _kept_secret(path: Path, new_secret: Callable[[], str]) -> str:
    """Read the secret from a file that only its owner may read; create the file if it is missing.

    The file is linked into place when complete, so processes that start at once all read the same
    secret.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_secret())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
