"""Fixtures for all apps: signed-in people, a mail server, a second database connection.

conftest.py loads this module, except in a run of tests that do not use Django.
"""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from billing_admin.catalog import TRANSLATED_TO, compile_messages, is_stale
from tests.mail_server import MailServer

if TYPE_CHECKING:
    from tests.jobs import WorkerProcess


StartWorker = Callable[..., "WorkerProcess"]


@pytest.fixture
def start_worker() -> Iterator[StartWorker]:
    """Start workers, with further variables of the environment; kill them after the test."""
    # Not imported above: the module defines tasks, which most tests do not have.
    from tests.jobs import WorkerProcess

    workers: list[WorkerProcess] = []

    def another(**variables: str) -> WorkerProcess:
        workers.append(WorkerProcess(None, **variables))
        return workers[-1]

    yield another
    for worker in workers:
        worker.kill()


def free_port() -> int:
    """Return a TCP port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _send_mail_to(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


@pytest.fixture
def smtp_server(settings: Settings) -> Iterator[MailServer]:
    """Send mail to a real SMTP server, which collects it."""
    mail_server = MailServer(port=free_port())
    controller = Controller(mail_server, hostname="127.0.0.1", port=mail_server.port)
    controller.start()
    _send_mail_to(settings, mail_server.port)
    yield mail_server
    mail_server.may_answer.set()
    controller.stop()


@pytest.fixture
def no_smtp_server(settings: Settings) -> None:
    """Send mail to a port that nothing listens on."""
    _send_mail_to(settings, free_port())


@pytest.fixture
def unreachable_database() -> Iterator[None]:
    """Connect to PostgreSQL where nothing listens. The test must not be in a transaction."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = {**options, "host": "/nowhere", "connect_timeout": 1}
    yield
    connection.close()
    connection.settings_dict["OPTIONS"] = options


@pytest.fixture
def captured_mail(settings: Settings, tmp_path: Path) -> None:
    """Create one captured mail, `a.log`, in a temporary folder."""
    settings.EMAIL_FILE_PATH = str(tmp_path)
    mail = b"Subject: a\nFrom: a@b\nTo: a@b\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n\na\n"
    (tmp_path / "a.log").write_bytes(mail + b"-" * 79 + b"\n")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations if they are out of date, in the first of several processes."""
    if not hasattr(config, "workerinput") and any(map(is_stale, TRANSLATED_TO)):
        compile_messages()


@pytest.fixture(autouse=True)
def _begin_in_english() -> Iterator[None]:
    """Start each test in English; a response in an earlier test may have changed the language."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    """Reset all rate limits."""
    cache.clear()


@pytest.fixture
def background() -> Iterator[ThreadPoolExecutor]:
    """Run calls in another thread, with its own database connection."""
    with ThreadPoolExecutor(1) as executor:
        yield executor
        executor.submit(connections.close_all).result()


@pytest.fixture
def operator(db: None) -> User:
    return OperatorFactory.create()


@pytest.fixture
def support(db: None) -> User:
    return SupportFactory.create()


@pytest.fixture
def owner(db: None) -> User:
    return OwnerFactory.create()


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator_client(operator: User) -> Client:
    return _signed_in(operator)


@pytest.fixture
def support_client(support: User) -> Client:
    return _signed_in(support)


@pytest.fixture
def owner_client(owner: User) -> Client:
    return _signed_in(owner)
