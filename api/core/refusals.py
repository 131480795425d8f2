"""Turn what operations refuse into problems, with the codes and texts that pages have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db.models import ObjectDoesNotExist
from django.http import Http404
from ninja.errors import HttpError, ValidationError

from api.core.problems import Fault, Problem, code_of, not_found, refused, wrong_request
from invoices.issuing.refusals import IssueRefusal
from organizations.agreement.refusals import TermRefusal
from organizations.operations import OrganizationRefusal
from tariffs.affected_invoices import AffectedInvoices, Change
from tariffs.operations import TariffGone, TariffRefusal
from usage.cameras.operations import SomeRefused, UsageRefusal
from usage.closing.operations import ChargesAfterClosing, OrganizationUsed

REFUSALS = (
    ChargesAfterClosing,
    IssueRefusal,
    OrganizationRefusal,
    OrganizationUsed,
    TariffRefusal,
    TermRefusal,
    UsageRefusal,
)
"""The bases of refusals whose text says what to do."""
# What the body calls fields that operations name otherwise.
_NAMES = {"tariff": "/tariff_id", "organization": "/organization_id", "to": "/organization_id"}


def problem_of(error: Exception) -> Problem | None:
    """Return the problem of an exception; None if it is a fault of the product."""
    match error:
        case Problem():
            return error
        case Http404() | ObjectDoesNotExist() | TariffGone():
            return not_found()
        case PermissionDenied():
            return Problem(403, "not_allowed", "Your role does not allow this.")
        case RequestDataTooBig():
            return Problem(413, "body_too_large", "The body is too large. Send less at a time.")
        case ValidationError():
            return wrong_request(error.errors)
        case HttpError():
            return Problem(error.status_code, "unreadable_body", "The body is not valid JSON.")
        case SomeRefused():
            return _of_several(error)
    return refused(error, _NAMES) if isinstance(error, REFUSALS) else None


def _of_several(error: SomeRefused) -> Problem:
    faults = [
        Fault(code_of(type(each).__name__), str(each), pointer=f"/cameras/{each.camera.pk}")
        for each in error.refusals
    ]
    return Problem(409, "some_refused", str(error), faults)


def require_agreement(
    affected: AffectedInvoices, agreed: str | None, change: Change, **more: Any
) -> None:
    """Let a change of invoiced time pass if the caller has seen which invoices it affects.

    Raises:
        Problem: they have not: it names the invoices, and what to send as `agreed`.
        Exception: what the change raises.
    """
    if not affected.number or agreed == affected.agreed:
        return
    seen = affected.with_changes(change)
    content: Mapping[str, Any] = {
        "agreed": seen.agreed,
        "invoices": [each.number for each in seen.documents],
        "number_of_invoices": seen.number,
        "changes": [
            {"amount": str(each.number), "currency": each.currency} for each in seen.changes or ()
        ],
        **more,
    }
    raise Problem(
        409,
        "affects_invoices",
        "Issued invoices would differ from what is charged then. They do not change by "
        "themselves. To go on, send the request again with this value of `agreed`.",
        more=content,
    )
