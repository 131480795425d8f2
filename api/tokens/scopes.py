"""What a token may do: kinds of objects, each to be read or also written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS: dict[str, StrOrPromise] = {
    "organizations": _("Organizations"),
    "cameras": _("Cameras"),
    "tariffs": _("Tariff plans"),
    "statements": _("Usages"),
    "invoices": _("Invoices"),
    "payments": _("Payments"),
}
"""The kinds of objects, each with its name on pages."""
WRITABLE = ("organizations", "cameras", "tariffs", "invoices", "payments")
FOR_OWNERS = ("organizations", "cameras", "statements", "invoices", "payments")
"""The kinds that owners may read."""
READ, WRITE = "read", "write"
SCOPES = (
    *(f"{kind}:{READ}" for kind in KINDS),
    *(f"{kind}:{WRITE}" for kind in WRITABLE),
)
"""All scopes. One that writes a kind also reads it."""


def allowed_scopes(user: User) -> tuple[str, ...]:
    """Return the scopes that a person may have by their role, in the order of `SCOPES`."""
    if user.is_operator:
        return SCOPES
    kinds = FOR_OWNERS if user.is_owner else tuple(KINDS)
    return tuple(f"{kind}:{READ}" for kind in kinds)
