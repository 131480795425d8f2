"""What the details for electronic invoices may be, in forms and imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organizations.billing.identifiers import checked_buyer_reference, checked_identifier
from organizations.billing.profiles import XRECHNUNG, proposed_profile


def chosen_profile(values: Mapping[str, Any]) -> str:
    """Return the profile among the values of billing details, or the proposed one if it is empty.

    Values that are not valid are missing.
    """
    chosen: str = values.get("profile", "")
    return chosen or proposed_profile(values.get("country", ""), values.get("buyer_kind", ""))


def checked_identifiers(values: Mapping[str, Any]) -> Iterator[tuple[str, str | ValidationError]]:
    """Yield the names of fields with what is stated in them, or with what is wrong with it.

    `values` are some of an electronic address, a legal ID, their schemes, and a buyer reference
    with its profile. Missing ones are not checked.
    """
    address, scheme = values.get("endpoint"), values.get("endpoint_scheme")
    if address and scheme == "":
        yield "endpoint_scheme", ValidationError(_("Choose the scheme of the electronic address."))
    elif scheme and address == "":
        yield "endpoint", ValidationError(_("Enter the electronic address, or choose no scheme."))
    elif scheme and address:
        yield "endpoint", _checked(scheme, address)
    number, scheme = values.get("legal_id"), values.get("legal_scheme")
    if scheme and number == "":
        yield "legal_id", ValidationError(_("Enter the legal ID, or choose no scheme."))
    elif scheme and number:
        yield "legal_id", _checked(scheme, number)
    if (reference := values.get("buyer_reference")) and values.get("profile") in XRECHNUNG:
        try:
            yield "buyer_reference", checked_buyer_reference(reference)
        except ValidationError as error:
            yield "buyer_reference", error


def _checked(scheme: str, text: str) -> str | ValidationError:
    try:
        return checked_identifier(scheme, text)
    except ValidationError as error:
        return error


def check_identifiers_in(form: forms.BaseForm) -> None:
    """Check the identifiers of a cleaned form; it then has them as they are stated, or errors."""
    for name, found in [*checked_identifiers(form.cleaned_data)]:
        if isinstance(found, ValidationError):
            form.add_error(name, found)
        else:
            form.cleaned_data[name] = found
