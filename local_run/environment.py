"""What a copy on one's own machine needs in its environment and nobody has set."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from local_run import postgres_server
from local_run.refusals import RefusedError

HOST = "127.0.0.1"
DEFAULT_PORT = 8000

BASE_DIR = Path(__file__).resolve().parent.parent
_EXTRA_APPS = ("demo", "local_run")


def var_dir() -> Path:
    """Return the folder of everything that changes: `VAR_DIR`, or var in the clone."""
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()


def chosen_port() -> int:
    """Read `PORT`, 1 to 65535; unset or empty means 8000. Raises: RefusedError."""
    text = os.environ.get("PORT", "")
    if not text:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise RefusedError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def fill_environment(var: Path, port: int) -> None:
    """Set what is unset or empty, starting the embedded PostgreSQL where `DATABASE_URL` is.

    The values stand in the environment, so programs started from here use the same server and
    count as part of this process. Django's settings read it afterwards, when they are imported.
    Raises: EmbeddedServerError.
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
        # The mails open accounts: they are for nobody else on this machine.
        (var / "mail").mkdir(mode=0o700, exist_ok=True)
        os.environ["EMAIL_URL"] = f"filemail:///{quote(str(var / 'mail'))}"
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _kept_secret(var / "secret_key")
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = postgres_server.use(var / "postgres")


def _add_extra_apps() -> None:
    named = [name.strip() for name in os.environ.get("EXTRA_APPS", "").split(",") if name.strip()]
    missing = [name for name in _EXTRA_APPS if name not in named]
    os.environ["EXTRA_APPS"] = ",".join([*named, *missing])


def _set_default(name: str, value: str) -> None:
    if not os.environ.get(name):
        os.environ[name] = value


def _kept_secret(path: Path) -> str:
    """Read the secret kept in a file that only its owner may read; make it if there is none.

    The file appears whole: processes that start at once all read the secret of the first.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
