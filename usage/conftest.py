"""What tests of usage share."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Let it be noon of 2026-10-15."""
    monkeypatch.setattr(timezone, "now", lambda: NOW.replace(microsecond=987_654))
    return NOW
