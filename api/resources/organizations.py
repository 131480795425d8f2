"""Organizations: list, get, create, edit, close and reopen."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from api.core.answers import (
    Given,
    ListQuery,
    Page,
    PersonOut,
    answer,
    filtered,
    page_of,
    person,
)
from api.core.callers import Caller, caller_of
from api.core.problems import Problem, wrong_form
from api.core.refusals import require_agreement
from api.core.registering import edits, posts, reads
from api.core.versions import seen_version
from foundation.web.versions import version_of
from organizations import operations
from organizations.filters import filter_for
from organizations.forms import OrganizationForm
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from tariffs.affected_invoices import AffectedInvoices
from tariffs.provider_calendar import provider_date
from usage.closing import operations as closing
from usage.closing.effects import closing_of, reopening_of
from usage.closing.forms import ClosingForm

router = Router()
KIND = "organizations"


class OrganizationOut(Schema):
    """A subscriber's contract."""

    id: int
    title: str
    owner: PersonOut
    tariff_ids: Annotated[list[int], Field(description="What its cameras may be put on.")]
    trial_first_on: date | None
    trial_last_on: date | None
    time_zone: Annotated[str, Field(examples=["Europe/Berlin"])]
    time_zone_from: Annotated[
        date | None, Field(description="The first date in this time zone; null if it always was.")
    ]
    contract_number: str
    contract_signed_on: date | None
    contract_last_on: date | None
    watcher_id: Annotated[str | None, Field(description="Null to owners.")]
    debtor_number: Annotated[str | None, Field(description="Null to owners.")]
    closed_on: Annotated[date | None, Field(description="The last day that is billed.")]
    closed_at: Annotated[AwareDatetime | None, Field(description="The first instant after it.")]
    cameras_in_use: int


class OrganizationList(ListQuery):
    """The filters of the list of organizations."""

    q: Annotated[str | None, Field(description="Words of title, owner, contract and so on.")] = None
    tariff: Annotated[int | None, Field(description="The id of a tariff plan.")] = None
    trial: Literal["none", "from", "until", "ended", "ending"] | None = None
    show: Annotated[
        Literal["suspended", "suspension_planned", "closed", "all"] | None,
        Field(description="By default, those that are not closed."),
    ] = None
    owner: Annotated[str | None, Field(description="An email address; staff only.")] = None
    tag: Annotated[int | None, Field(description="The id of a tag; staff only.")] = None


class OrganizationChange(Given):
    """What to change; members that are left out stay as they are."""

    title: str | None = None
    owner: Annotated[str | None, Field(description="The email address of an owner.")] = None
    tariff_ids: list[int] | None = None
    trial_first_on: date | None = None
    trial_last_on: date | None = None
    time_zone: str | None = None
    time_zone_from: Annotated[
        date | None,
        Field(description="From when a changed time zone applies; null: from the beginning."),
    ] = None
    contract_number: str | None = None
    contract_signed_on: date | None = None
    contract_last_on: date | None = None
    watcher_id: str | None = None
    debtor_number: str | None = None
    agreed: Annotated[
        str | None, Field(description="That of the problem `affects_invoices`, to go on.")
    ] = None


class NewOrganization(Given):
    """An organization to create."""

    title: str
    owner: Annotated[str, Field(description="The email address of an owner.")]
    tariff_ids: Annotated[
        list[int] | None, Field(description="By default, the plans for new organizations.")
    ] = None
    trial_first_on: date | None = None
    trial_last_on: date | None = None
    time_zone: Annotated[str | None, Field(description="By default, that of the provider.")] = None
    contract_number: str = ""
    contract_signed_on: date | None = None
    contract_last_on: date | None = None
    watcher_id: str | None = None
    debtor_number: str | None = None


class Closing(Given):
    """The last day that is billed."""

    last_on: date
    seen: Annotated[
        str | None, Field(description="That of the problem `closing_not_seen`, to go on.")
    ] = None


class Reopening(Given):
    """What the caller has seen."""

    agreed: Annotated[
        str | None, Field(description="That of the problem `affects_invoices`, to go on.")
    ] = None


# What the form calls a member of the body otherwise, and the pointer to it.
_POINTERS = {"tariffs": "/tariff_ids"}


@reads(router, "/organizations", KIND, response=Page[OrganizationOut])
def list_organizations(request: HttpRequest, query: Query[OrganizationList]) -> HttpResponse:
    """List the organizations that the caller may see."""
    caller, now = caller_of(request), timezone.now()
    filterset = filter_for(request, _shown(caller.organizations()), now)
    rows, following = page_of(filtered(request, filterset, query), query)
    items = [_out(each, caller) for each in rows]
    return answer(Page[OrganizationOut](items=items, next=following))


@reads(router, "/organizations/{int:pk}", KIND, response=OrganizationOut)
def get_organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an organization, with its version as ETag."""
    return _answer(caller_of(request), pk)


@posts(router, "/organizations", KIND, response=OrganizationOut)
def create_organization(request: HttpRequest, body: NewOrganization) -> HttpResponse:
    """Create an organization. It is billed with the default tax, in the provider's country."""
    caller = caller_of(request)
    if not caller.token.for_all:
        raise Problem(
            403, "token_limited", "This token is for some organizations only, not for new ones."
        )
    today = provider_date(timezone.now())
    blank = OrganizationForm(None, instance=Organization(), in_use=[], today=today)
    form = OrganizationForm(_data(blank, body), instance=Organization(), in_use=[], today=today)
    if not form.is_valid():
        raise wrong_form(form, _POINTERS)
    created = operations.create_organization(
        tariffs=form.chosen_tariffs, **form.organization_fields
    )
    return _answer(caller, created.pk, status=201)


@edits(router, "/organizations/{int:pk}", KIND, response=OrganizationOut)
def edit_organization(request: HttpRequest, pk: int, body: OrganizationChange) -> HttpResponse:
    """Change an organization. Cameras keep a tariff plan that is no longer available."""
    caller, today = caller_of(request), provider_date(timezone.now())
    organization = _locked(caller, pk)
    shown = _out(_shown(caller.organizations()).get(pk=pk), caller)
    version = seen_version(
        request, stored=operations.stored_values(organization), shown=shown, given=body
    )
    in_use = operations.tariffs_in_use(organization)
    made = partial(OrganizationForm, instance=organization, in_use=in_use, today=today)
    form = made(_data(made(None), body))
    if not form.is_valid():
        raise wrong_form(form, _POINTERS)
    change = partial(
        operations.change_organization,
        pk=pk,
        shown=version,
        tariffs=form.chosen_tariffs,
        **form.organization_fields,
    )
    affected = AffectedInvoices.by_change(
        terms={pk: form.recomputed_by_trial}, zones={pk: form.recomputed_by_zone}
    )
    require_agreement(affected, body.agreed, change)
    change()
    return _answer(caller, pk)


@posts(router, "/organizations/{int:pk}/close", KIND, status=200, response=OrganizationOut)
def close_organization(request: HttpRequest, pk: int, body: Closing) -> HttpResponse:
    """Close an organization after a day in its time zone, or change that day.

    Its cameras are disconnected at the end of that day. Without `seen`, the answer is a problem
    that says what closing changes.
    """
    caller, now = caller_of(request), timezone.now().replace(microsecond=0)
    organization = get_object_or_404(caller.organizations(), pk=pk)
    form = ClosingForm({"last_on": body.last_on.isoformat()}, organization=organization, now=now)
    if not form.is_valid():
        raise wrong_form(form)
    effects = closing_of(organization, form.cleaned_data["last_on"], now)
    if body.seen != effects.seen:
        raise Problem(
            409,
            "closing_not_seen",
            "Check what closing changes. To go on, send the request again with this `seen`.",
            more={
                "seen": effects.seen,
                "invoices": [each.number for each in effects.affected.documents],
                "number_of_invoices": effects.affected.number,
            },
        )
    closing.close(organization_id=pk, last_on=effects.last_on, now=now)
    return _answer(caller, pk)


@posts(router, "/organizations/{int:pk}/reopen", KIND, status=200, response=OrganizationOut)
def reopen_organization(request: HttpRequest, pk: int, body: Reopening) -> HttpResponse:
    """Open a closed organization again. Its cameras are not connected again."""
    caller = caller_of(request)
    organization = get_object_or_404(caller.organizations(), pk=pk)
    if organization.closed_on is not None:
        change = partial(closing.reopen, organization_id=pk)
        require_agreement(reopening_of(organization, timezone.now()), body.agreed, change)
        change()
    return _answer(caller, pk)


def _locked(caller: Caller, pk: int) -> Organization:
    """Return an organization of the caller, locked as its operations lock it."""
    get_object_or_404(caller.organizations(), pk=pk)
    locked: Organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    return locked


def _answer(caller: Caller, pk: int, *, status: int = 200) -> HttpResponse:
    organization = get_object_or_404(_shown(caller.organizations()), pk=pk)
    version = version_of(operations.stored_values(organization))
    location = f"/api/v1/organizations/{pk}" if status == 201 else ""
    content = _out(organization, caller)
    return answer(content, status=status, version=version, location=location)


def _shown(organizations: OrganizationQuerySet) -> OrganizationQuerySet:
    """Return organizations with all that `_out` reads, in a constant number of queries."""
    return organizations.with_cameras_in_use().select_related("owner").prefetch_related("tariffs")


def _out(organization: Any, caller: Caller) -> OrganizationOut:
    names = [
        name
        for name in OrganizationOut.model_fields
        if name not in ("owner", "tariff_ids", "watcher_id", "debtor_number")
    ]
    is_owner = caller.user.is_owner
    return OrganizationOut(
        **{name: getattr(organization, name) for name in names},
        owner=person(organization.owner),
        tariff_ids=sorted(each.pk for each in organization.tariffs.all()),
        watcher_id=None if is_owner else organization.watcher_id,
        debtor_number=None if is_owner else organization.debtor_number,
    )


def _data(blank: OrganizationForm, body: Given) -> dict[str, Any]:
    """Return what a form sends: what it would show, except for the members of the body."""
    data = {name: blank.get_initial_for_field(blank.fields[name], name) for name in blank.fields}
    given = body.model_dump(exclude_unset=True, exclude={"agreed"})
    if "tariff_ids" in given:
        given["tariffs"] = given.pop("tariff_ids")
    if given.get("tariffs", ()) is None:
        del given["tariffs"]
    if "time_zone" in given and given["time_zone"] is None:
        del given["time_zone"]
    data |= given
    data["tariffs"] = [getattr(each, "pk", each) for each in data["tariffs"] or ()]
    return {name: _typed(value) for name, value in data.items()}


def _typed(value: Any) -> Any:
    """Return a value as a form sends it: dates in ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime) else value
