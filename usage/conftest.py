"""Provide fixtures for the tests of usage."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Set the current time to a fraction of a second after noon on 2026-10-15; return noon."""
    monkeypatch.setattr(timezone, "now", lambda: NOW.replace(microsecond=987_654))
    return NOW
