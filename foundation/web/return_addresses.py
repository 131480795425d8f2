"""Where a page leads back to: the address in `next`, if it is a path within the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import MAX_URL_LENGTH


def is_path_within(address: str) -> bool:
    """Tell whether an address is a path within the site, whatever page it is followed from.

    It begins with one slash. Browsers take a second one, or a backslash, for the beginning of
    another site's name, and leave out tabs and line breaks before they look.
    """
    return (
        address.startswith("/")
        and not address.startswith("//")
        and len(address) <= MAX_URL_LENGTH
        and "\\" not in address
        and address.isprintable()
    )


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Return the address asked for in `next` if it is a path within the site, else `otherwise`."""
    address = request.POST.get("next") or request.GET.get("next", "")
    return address if is_path_within(address) else otherwise


def redirect_back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Redirect to `way_back`; unlike `redirect`, this never reads an address as a view's name."""
    return HttpResponseRedirect(way_back(request, otherwise))
