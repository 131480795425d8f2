"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from billing_admin.version import version


def shown_everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return the version, and whether mail is captured instead of being sent."""
    return {"show_captured_mail": settings.SHOW_CAPTURED_MAIL, "product_version": version()}
