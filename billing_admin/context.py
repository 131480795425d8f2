"""What every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shown_everywhere(request: HttpRequest) -> dict[str, Any]:
    """Tell templates whether mail is captured on this machine instead of being sent."""
    return {"show_captured_mail": settings.SHOW_CAPTURED_MAIL}
