"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from billing_admin.version import version
from foundation.web.brand import brand


def shown_everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return the product's version and name, and whether mail is captured and not sent."""
    return {
        "show_captured_mail": settings.SHOW_CAPTURED_MAIL,
        "product_version": version(),
        # Responses without a page need no query for it.
        "product_name": SimpleLazyObject(lambda: brand().product_name),
    }
