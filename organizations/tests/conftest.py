"""Fixtures for tests of organizations."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the clock to noon UTC on 2026-10-15."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
