"""Cameras of an organization: list, connect, change tariff plan, move, disconnect."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from api.core.answers import (
    Given,
    ListQuery,
    Page,
    answer,
    filtered,
    page_of,
    refuse_unknown,
)
from api.core.callers import Caller, caller_of
from api.core.instants import Id, Instant
from api.core.problems import not_found, wrong_form
from api.core.refusals import require_agreement
from api.core.registering import posts, reads
from organizations.models import Organization
from tariffs.affected_invoices import AffectedInvoices
from usage.cameras import operations
from usage.cameras.filters import CameraFilter
from usage.cameras.forms import NOW, ConnectForm
from usage.cameras.operations import MOST_AT_ONCE
from usage.models import UsageInterval

router = Router()
KIND = "cameras"


class UseOut(Schema):
    """The use of a camera by an organization on a tariff plan, from an instant on."""

    id: Annotated[int, Field(description="The id of the use: changes name it.")]
    camera_id: int
    name: Annotated[str, Field(description="The stream name in Watcher.")]
    title: Annotated[str, Field(description="Empty if the organization no longer has the camera.")]
    organization_id: int
    tariff_id: int
    started_at: AwareDatetime
    ended_at: AwareDatetime | None


class CameraList(ListQuery):
    """The filters of the list of cameras."""

    q: Annotated[str | None, Field(description="Words of name or title.")] = None
    tariff: Annotated[int | None, Field(description="The id of a tariff plan.")] = None
    state: Annotated[
        Literal["ended", "all"] | None, Field(description="By default, those in use.")
    ] = None


class _Change(Given):
    at: Annotated[Instant | None, Field(description="By default now; not in the future.")] = None
    agreed: Annotated[
        str | None, Field(description="That of the problem `affects_invoices`, to go on.")
    ] = None


class Connection(_Change):
    """A camera to connect."""

    name: Annotated[str, Field(description="The stream name; a new one creates a camera.")]
    title: Annotated[str, Field(description="Empty keeps that of an existing camera.")] = ""
    tariff_id: Id


class _ChangeOfUses(_Change):
    use_ids: Annotated[
        list[Id],
        Field(min_length=1, max_length=MOST_AT_ONCE, description="Present uses, by their ids."),
    ]


class Disconnection(_ChangeOfUses):
    """Cameras to disconnect."""


class TariffChange(_ChangeOfUses):
    """Cameras to put on another tariff plan."""

    tariff_id: Id


class Move(_ChangeOfUses):
    """Cameras to move to another organization, on one of its tariff plans."""

    organization_id: Id
    tariff_id: Id


class ChangedOut(Schema):
    """What was changed: all of the cameras, or nothing."""

    number: int
    at: AwareDatetime


@reads(router, "/organizations/{int:pk}/cameras", KIND, response=Page[UseOut])
def list_cameras(request: HttpRequest, pk: int, query: Query[CameraList]) -> HttpResponse:
    """List an organization's cameras, each with its present or last use."""
    organization = get_object_or_404(caller_of(request).organizations(), pk=pk)
    filterset = CameraFilter(request, organization)
    found = filtered(request, filterset, query)
    shown = found.with_title_for(pk).select_related("camera")
    rows, following = page_of(shown, query)
    return answer(Page[UseOut](items=[_out(each) for each in rows], next=following))


@posts(router, "/organizations/{int:pk}/cameras", KIND, response=UseOut)
def connect_camera(request: HttpRequest, pk: int, body: Connection) -> HttpResponse:
    """Connect a new camera, or an existing one that is not in use."""
    organization = get_object_or_404(caller_of(request).organizations(), pk=pk)
    now = _now()
    form = ConnectForm(
        {"name": body.name, "title": body.title, "tariff": body.tariff_id, "when": NOW},
        organization=organization,
        now=now,
    )
    if not form.is_valid():
        raise wrong_form(form, {"tariff": "/tariff_id"})
    change = partial(
        operations.connect,
        organization_id=pk,
        name=form.cleaned_data["name"],
        title=form.cleaned_data["title"],
        tariff_id=body.tariff_id,
        at=body.at or now,
        now=now,
    )
    _require_agreement(body, change, now, pk)
    camera = change()
    uses = UsageInterval.objects.with_title_for(pk).select_related("camera")
    return answer(_out(uses.get(camera=camera, ended_at=None)), status=201)


@posts(
    router,
    "/organizations/{int:pk}/cameras/change-tariff",
    KIND,
    status=200,
    response=ChangedOut,
)
def change_tariff_of_cameras(request: HttpRequest, pk: int, body: TariffChange) -> HttpResponse:
    """Put cameras of an organization on another tariff plan: all of them, or none."""
    get_object_or_404(caller_of(request).organizations(), pk=pk)
    return _changed(body, operations.change_tariff, pk, tariff_id=body.tariff_id)


@posts(router, "/organizations/{int:pk}/cameras/move", KIND, status=200, response=ChangedOut)
def move_cameras(request: HttpRequest, pk: int, body: Move) -> HttpResponse:
    """Move cameras to another organization: all of them, or none. The past stays where it was."""
    organizations = caller_of(request).organizations()
    get_object_or_404(organizations, pk=pk)
    destination: Organization = get_object_or_404(organizations, pk=body.organization_id)
    return _changed(
        body,
        operations.move,
        pk,
        destination.pk,
        destination_id=destination.pk,
        tariff_id=body.tariff_id,
    )


@posts(router, "/organizations/{int:pk}/cameras/disconnect", KIND, status=200, response=ChangedOut)
def disconnect_cameras(request: HttpRequest, pk: int, body: Disconnection) -> HttpResponse:
    """Disconnect cameras of an organization: all of them, or none."""
    get_object_or_404(caller_of(request).organizations(), pk=pk)
    return _changed(body, operations.disconnect, pk)


@reads(router, "/cameras/{int:pk}/uses", KIND, response=Page[UseOut])
def list_uses_of_camera(request: HttpRequest, pk: int, query: Query[ListQuery]) -> HttpResponse:
    """List the uses of a camera that the caller may see, the first one first."""
    refuse_unknown(request, query)
    uses = _visible(caller_of(request)).filter(camera=pk)
    if not uses.exists():
        raise not_found()
    shown = uses.with_title_for(F("organization_id")).select_related("camera")
    rows, following = page_of(shown, query)
    return answer(Page[UseOut](items=[_out(each) for each in rows], next=following))


def _visible(caller: Caller) -> Any:
    return caller.limited(UsageInterval.objects.visible_to(caller.user), "organization")


def _changed(
    body: _ChangeOfUses, operation: Callable[..., None], pk: int, *others: int, **terms: Any
) -> HttpResponse:
    """Change the uses of an organization; `others` are further organizations that it concerns."""
    now = _now()
    at, ids = body.at or now, sorted(set(body.use_ids))
    change = partial(operation, organization_id=pk, use_ids=ids, at=at, now=now, **terms)
    _require_agreement(body, change, now, pk, *others)
    change()
    return answer(ChangedOut(number=len(ids), at=at))


def _require_agreement(
    body: _Change, change: Callable[[], object], now: datetime, *organization_ids: int
) -> None:
    at = body.at or now
    if at < now:
        usage = dict.fromkeys(organization_ids, (at, None))
        require_agreement(AffectedInvoices.by_change(usage=usage), body.agreed, change)


def _now() -> datetime:
    """Return the current time in whole seconds, the precision of usage intervals."""
    return timezone.now().replace(microsecond=0)


def _out(use: Any) -> UseOut:
    return UseOut(
        id=use.pk,
        camera_id=use.camera_id,
        name=use.camera.name,
        title=use.camera_title,
        organization_id=use.organization_id,
        tariff_id=use.tariff_id,
        started_at=use.started_at,
        ended_at=use.ended_at,
    )
