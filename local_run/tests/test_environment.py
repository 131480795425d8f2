"""The environment that a copy on one's own machine sets."""

import os
import subprocess
import sys
from pathlib import Path

import environ
import pytest

from foundation.encryption_keys import is_encryption_key
from local_run import environment
from local_run.refusals import RefusedError
from local_run.tests.helpers import CLONE, DEADLINE_SECONDS

NAMES = (
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "ENCRYPTION_KEYS",
    "HTTPS",
    "LOG_FORMAT",
    "SECRET_KEY",
    "STATIC_ROOT",
    "TRUSTED_PROXY_COUNT",
)
PORT = 8123


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset all variables except the database, so that no server is started."""
    for name in (*NAMES, "EXTRA_APPS", "PORT"):
        # Setting a variable through monkeypatch restores it after the test.
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/billing")


def test_sets_everything_that_is_unset(tmp_path: Path) -> None:
    environment.fill_environment(tmp_path / "var", PORT)

    assert all(os.environ[name] for name in NAMES)
    assert os.environ["BASE_URL"] == "http://127.0.0.1:8123"
    assert os.environ["EXTRA_APPS"] == "demo,local_run"
    assert len(os.environ["SECRET_KEY"]) >= 50
    assert is_encryption_key(os.environ["ENCRYPTION_KEYS"])


def test_keeps_what_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, f"my {name}")

    environment.fill_environment(tmp_path / "var", PORT)

    assert {os.environ[name] for name in NAMES} == {f"my {name}" for name in NAMES}
    assert not (tmp_path / "var" / "secret_key").exists()
    assert not (tmp_path / "var" / "encryption_key").exists()


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("mine", "mine,demo,local_run"),
        ("local_run, demo", "local_run,demo"),
        (",", "demo,local_run"),
    ],
)
def test_adds_its_apps_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, expected: str
) -> None:
    monkeypatch.setenv("EXTRA_APPS", named)

    environment.fill_environment(tmp_path, PORT)

    assert os.environ["EXTRA_APPS"] == expected


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8000.5", "²"])
def test_refuses_an_invalid_port(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(RefusedError, match="must be a number from 1 to 65535"):
        environment.chosen_port()


@pytest.mark.parametrize(("text", "port"), [("", 8000), ("1", 1), ("65535", 65535)])
def test_reads_the_port(monkeypatch: pytest.MonkeyPatch, text: str, port: int) -> None:
    monkeypatch.setenv("PORT", text)

    assert environment.chosen_port() == port


def test_captures_mail_in_a_folder_with_any_name(tmp_path: Path) -> None:
    var = tmp_path / "a b+c?d%20e"

    environment.fill_environment(var, PORT)

    settings = environ.Env.email_url_config(  # type: ignore[no-untyped-call]
        os.environ["EMAIL_URL"]
    )
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert settings["EMAIL_FILE_PATH"] == str(var / "mail")
    assert (var / "mail").stat().st_mode & 0o777 == 0o700


def test_the_secret_is_private_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.fill_environment(tmp_path, PORT)
    first = os.environ["SECRET_KEY"]
    monkeypatch.setenv("SECRET_KEY", "")
    environment.fill_environment(tmp_path, PORT)

    assert os.environ["SECRET_KEY"] == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from local_run import environment\n"
        "environment.fill_environment(Path(sys.argv[1]), 8123); print(os.environ['SECRET_KEY'])"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=CLONE
        )
        for _ in range(4)
    ]
    secrets = {process.communicate(timeout=DEADLINE_SECONDS)[0] for process in processes}

    assert len(secrets) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"encryption_key", "mail", "secret_key"}
