"""What a copy on one's own machine (`LOCAL=1`) needs in its environment and nobody has set."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from local_run import postgres_server

_BASE_DIR = Path(__file__).resolve().parent.parent


def var_dir() -> Path:
    """Return the folder of everything that changes: `VAR_DIR`, or var in the clone."""
    return Path(os.environ.get("VAR_DIR") or _BASE_DIR / "var").resolve()


def fill_environment(var: Path) -> None:
    """Set what is unset or empty, starting the embedded PostgreSQL where `DATABASE_URL` is.

    The values stand in the environment, so programs started from here use the same server and
    count as part of this process. Raises: EmbeddedServerError.
    """
    var.mkdir(parents=True, exist_ok=True)
    _set_default("ALLOWED_HOSTS", "127.0.0.1,localhost")
    if not os.environ.get("EMAIL_URL"):
        # The mails open accounts: they are for nobody else on this machine.
        (var / "mail").mkdir(mode=0o700, exist_ok=True)
        os.environ["EMAIL_URL"] = f"filemail:///{quote(str(var / 'mail'))}"
    _set_default("DEFAULT_FROM_EMAIL", "billing@localhost")
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _kept_secret(var / "secret_key")
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = postgres_server.use(var / "postgres")


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
