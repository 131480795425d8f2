"""Headers of every page that no other middleware sets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Nobody keeps a page: not a shared cache, and not the browser, whose Back would show it to the next
# person at the desk. Going back asks again, so a list shows what has been changed from it.
_CACHE_CONTROL = "private, no-store"
_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "geolocation", "microphone", "payment", "screen-wake-lock", "usb")
)


class PageHeaders:
    """Keep pages out of caches, and what a browser can do besides out of pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", _CACHE_CONTROL)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        return response
