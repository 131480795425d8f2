"""Settings for pytest: those of a local copy, regardless of the developer's environment.

Only `DATABASE_URL` is respected (PostgreSQL 15 or later, with a role that may create databases).
"""

import os
from pathlib import Path

import psycopg

from local_run import postgres_server
from local_run.environment import DEFAULT_PORT, fill_environment, var_dir

_SET = {
    "SECRET_KEY": "only-for-tests-" + "x1y2z3" * 8,
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "ENCRYPTION_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtLTE=",
    # A connection kept open by the live server's threads would outlive the test.
    "CONN_MAX_AGE": "0",
    # Playwright runs an event loop in the thread whose tests use the ORM.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
_UNSET = (
    "DEBUG",
    "EXTRA_APPS",
    "HTTPS",
    "LOG_FORMAT",
    "TRUSTED_PROXY_COUNT",
    "BASE_URL",
    "STATIC_ROOT",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "TIME_ZONE",
    "ACTIVATION_DAYS",
    "CSRF_TRUSTED_ORIGINS",
    "LOG_LEVEL",
)

os.environ.update(_SET)
for _name in _UNSET:
    os.environ.pop(_name, None)


def _start_server(home: Path) -> str:
    """Start an embedded PostgreSQL only for tests: fast, but not safe from power cuts."""
    url = postgres_server.use(home)
    with psycopg.connect(url, autocommit=True) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            server.execute(f"ALTER SYSTEM SET {name} = off")
        server.execute("SELECT pg_reload_conf()")
    return url


if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = _start_server(var_dir() / "postgres-of-tests")
fill_environment(var_dir(), DEFAULT_PORT)

from billing_admin.settings import *  # noqa: E402, F403

# Tables are emptied between tests, which the audit refuses elsewhere.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c billing.may_truncate=on"  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Serve static files from their sources, without collecting them first.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
