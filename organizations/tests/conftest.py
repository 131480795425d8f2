"""What tests of organizations share."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon of 2026-10-15."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
