"""HTTP headers of every page that no other middleware sets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Neither a shared cache nor the browser may keep a page: its Back button would show the page to
# the next person at the desk. Going back loads a list again, with the changes made from it.
_CACHE_CONTROL = "private, no-store"
_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "geolocation", "microphone", "payment", "screen-wake-lock", "usb")
)


class PageHeaders:
    """Forbid caching of pages, and forbid pages to use the browser's devices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", _CACHE_CONTROL)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        return response
