"""Redirect to the address in the parameter `next` if it is a path within the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import MAX_URL_LENGTH


def is_path_within(address: str) -> bool:
    """Return whether an address is a path within the site, on whatever page a link to it is.

    Such a path begins with a single slash. Browsers read what follows a second slash, or a
    backslash, as the name of another site. They first remove tabs and line breaks.
    """
    return (
        address.startswith("/")
        and not address.startswith("//")
        and len(address) <= MAX_URL_LENGTH
        and "\\" not in address
        and address.isprintable()
    )


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Return the address in `next` if it is a path within the site, otherwise `otherwise`."""
    address = request.POST.get("next") or request.GET.get("next", "")
    return address if is_path_within(address) else otherwise


def redirect_back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Redirect to `way_back`. Unlike `redirect`, never interpret an address as a view name."""
    return HttpResponseRedirect(way_back(request, otherwise))
