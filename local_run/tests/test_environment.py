"""What a copy on one's own machine sets in its environment, and what production misses loudly."""

import os
import subprocess
import sys
from pathlib import Path

import environ
import pytest

from local_run import environment
from local_run.tests.helpers import CLONE, DEADLINE_SECONDS

NAMES = ("SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "DATABASE_URL")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing set but a database, so that none is started."""
    for name in NAMES:
        # Known to monkeypatch, each is put back after the test.
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/billing")


def test_everything_unset_is_set(tmp_path: Path) -> None:
    environment.fill_environment(tmp_path / "var")

    assert all(os.environ[name] for name in NAMES)
    assert len(os.environ["SECRET_KEY"]) >= 50


def test_what_is_set_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, f"my {name}")

    environment.fill_environment(tmp_path / "var")

    assert {os.environ[name] for name in NAMES} == {f"my {name}" for name in NAMES}
    assert not (tmp_path / "var" / "secret_key").exists()


def test_mail_is_kept_in_a_folder_whatever_its_name(tmp_path: Path) -> None:
    var = tmp_path / "a b+c?d%20e"

    environment.fill_environment(var)

    settings = environ.Env.email_url_config(  # type: ignore[no-untyped-call]
        os.environ["EMAIL_URL"]
    )
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert settings["EMAIL_FILE_PATH"] == str(var / "mail")
    assert (var / "mail").stat().st_mode & 0o777 == 0o700


def test_secret_is_private_and_the_same_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.fill_environment(tmp_path)
    first = os.environ["SECRET_KEY"]
    monkeypatch.setenv("SECRET_KEY", "")
    environment.fill_environment(tmp_path)

    assert os.environ["SECRET_KEY"] == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from local_run import environment\n"
        "environment.fill_environment(Path(sys.argv[1])); print(os.environ['SECRET_KEY'])"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=CLONE
        )
        for _ in range(4)
    ]
    secrets = {process.communicate(timeout=DEADLINE_SECONDS)[0] for process in processes}

    assert len(secrets) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"mail", "secret_key"}


def import_settings(**variables: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in another process whose environment holds only `variables`."""
    return subprocess.run(
        [sys.executable, "-c", "import billing_admin.settings"],
        env={"PATH": os.environ["PATH"], **variables},
        cwd=CLONE,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def test_production_names_everything_that_is_missing() -> None:
    result = import_settings()

    assert result.returncode != 0
    assert "Set SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL in the environment" in result.stderr


def test_production_names_only_what_is_missing() -> None:
    result = import_settings(SECRET_KEY="set", DATABASE_URL="postgresql://elsewhere/billing")

    assert result.returncode != 0
    assert "Set ALLOWED_HOSTS in the environment" in result.stderr


def test_production_with_everything_set_imports_without_debugging() -> None:
    result = import_settings(
        SECRET_KEY="set", ALLOWED_HOSTS="a.example", DATABASE_URL="postgresql://elsewhere/billing"
    )
    assert result.returncode == 0, result.stderr
