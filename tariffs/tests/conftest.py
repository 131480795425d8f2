"""Fixtures for tests of tariff plans."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Set the clock to noon UTC on 2026-10-15, and return that instant."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


@pytest.fixture
def operator(now: datetime, client: Client, db: None) -> Client:
    """Return the browser of an operator."""
    client.force_login(OperatorFactory.create())
    return client


@pytest.fixture
def support(now: datetime, client: Client, db: None) -> Client:
    """Return the browser of support staff."""
    client.force_login(SupportFactory.create())
    return client


@pytest.fixture
def owner(now: datetime, client: Client, db: None) -> Client:
    """Return the browser of an owner."""
    client.force_login(OwnerFactory.create())
    return client
