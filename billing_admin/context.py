"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.access import signed_in
from billing_admin.version import version
from foundation.web.brand import brand
from invoices.access import sees_invoices


def shown_everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return the product's version and name, the provider's zone, and what the menu depends on."""
    return {
        "show_captured_mail": settings.SHOW_CAPTURED_MAIL,
        "product_version": version(),
        # The zone of those who have not chosen one.
        "provider_zone": timezone.get_default_timezone_name(),
        # Responses without a page need no query for it.
        "product_name": SimpleLazyObject(lambda: brand().product_name),
        "has_invoices": SimpleLazyObject(lambda: sees_invoices(signed_in(request))),
    }
