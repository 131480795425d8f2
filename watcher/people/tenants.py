"""Organizations: made in Watcher from ours, renamed, limited, and given their owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.audit.recording import current_user_id
from organizations.models import Organization
from watcher.errors import AlreadyThereError, NotThereError
from watcher.models import CameraLimit, PlatformOrganization, WriteRequest
from watcher.people.once import may_have_been_sent, refuse_to_repeat, sending
from watcher.platform import Capability, Platform, Tenant, TenantChange
from watcher.suspending.limits import is_lowered, stays_lowered, suspensions_made
from watcher.writing import operations
from watcher.writing.kinds import Kind, Values
from watcher.writing.subjects import Subject, key_of

MOST_AT_ONCE = 10_000
"""How many organizations may be created at once."""
_CHANGED = ("title", "owner_id", "most_cameras")


class _OfOrganization(Kind):
    direction = "writes_organizations"
    capability = Capability.PUSH_TENANTS

    def address(self, request: WriteRequest) -> str:
        """Return what the organization's pages say of Watcher."""
        pk = request.organization_id
        return reverse("watcher:organization", args=[pk]) if pk else ""

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say what changes."""
        return said_of({name: values[name] for name in request.wanted if name in values})


class ChangeKind(_OfOrganization):
    """Something of an organization in Watcher is changed: what `wanted` names."""

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return title, owner and limit.

        Raises:
            NotThereError: the service user sees no such organization.
        """
        found = platform.tenant(_id_of(request))
        if found is None:
            raise NotThereError
        return values_of(found)

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Change what is wanted, and leave the rest as it is."""
        platform.change_tenant(_id_of(request), TenantChange(**request.wanted))
        return None

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Store the organization as a reading would."""
        found = request.found or {}
        changed = {name: found[name] for name in request.wanted}
        rows = PlatformOrganization.objects.filter(tenant_id=_id_of(request))
        rows.update(**changed, changed_at=now)


class TitleKind(ChangeKind):
    """An organization in Watcher gets the title that it has here."""

    name = "organization_title"
    label = gettext_lazy("Rename an organization")


class LimitKind(ChangeKind):
    """An organization in Watcher may have at most so many cameras."""

    name = "organization_limit"
    label = gettext_lazy("Limit the cameras of an organization")

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether it has the limit, or gets it when its suspension ends."""
        return bool(request.made) or super().is_wanted(found, request)

    def is_as_shown(
        self, found: Values | None, shown: Values | None, request: WriteRequest
    ) -> bool:
        """Return whether nobody has changed the limit, apart from suspensions."""
        return super().is_as_shown(found, shown, request) or suspensions_made(
            _id_of(request),
            present=(found or {}).get("most_cameras"),
            shown=(shown or {}).get("most_cameras"),
            since=request.shown_as_of,
        )

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Set the limit; say so if a suspension is to set it at its end."""
        if _stays_lowered(request, timezone.now()):
            return {"is_suspended": True}
        return super().write(platform, request)

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Have a suspension that lowered the limit to what is wanted leave it so."""
        if not request.made:
            _stays_lowered(request, now)
        super().remember(request, now)

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say the limit, and whether it waits for the end of a suspension."""
        said = super().said(values, request)
        is_later = bool(request.made) and values == request.wanted
        return [*said, _("when the suspension ends")] if is_later else said


def _stays_lowered(request: WriteRequest, now: datetime) -> bool:
    present = (request.found or {}).get("most_cameras")
    return stays_lowered(_id_of(request), present, request.wanted["most_cameras"], now)


class OwnerKind(ChangeKind):
    """An organization in Watcher belongs to the user of its owner here."""

    name = "organization_owner"
    label = gettext_lazy("Set the owner of an organization")


class MadeKind(_OfOrganization):
    """An organization here is made in Watcher, and linked to it."""

    name = "organization_made"
    label = gettext_lazy("Create an organization")

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return the organization that was made, or None before that.

        Raises:
            AlreadyThereError: there was one of its title before. Nobody said that it is the same.
            OutcomeUnknownError: it may have been made, and is not found.
            NotThereError: the organization here was deleted.
        """
        organization = organization_of(request)
        known = organization.watcher_id or (request.made or {}).get("id")
        if known:
            return values_of(platform.tenant(known) or Tenant(known, request.wanted["title"]))
        same = platform.tenants_titled(request.wanted["title"])
        if not same:
            refuse_to_repeat(request)
            return None
        if may_have_been_sent(request):
            return values_of(same[0])
        raise AlreadyThereError(ids=[each.id for each in same])

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether it is there, whatever it is called by now."""
        return found is not None

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Create it, with the user of its owner as owner if there is exactly one."""
        email = organization_of(request).owner.email
        with sending(request):
            users = platform.users_called(email)
            one = users[0] if len(users) == 1 and not users[0].is_administrator else None
            made = platform.create_tenant(request.wanted["title"], one.id if one else "")
        return values_of(made)

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Link it, and request what follows: its limit, and the user of its owner."""
        found = request.found or {}
        rows = Organization.objects.select_for_update(no_key=True)
        organization = rows.get(pk=request.organization_id or 0)
        taken = Organization.objects.filter(watcher_id=found["id"]).exclude(pk=organization.pk)
        if organization.watcher_id is None and not taken.exists():
            organization.watcher_id = found["id"]
            organization.save(update_fields=("watcher_id",))
        seen = {name: found[name] for name in _CHANGED} | {"changed_at": now, "gone_at": None}
        PlatformOrganization.objects.update_or_create(
            tenant_id=found["id"], defaults=seen, create_defaults={**seen, "first_seen_at": now}
        )
        limit = CameraLimit.objects.filter(organization=organization).first()
        if limit and organization.watcher_id == found["id"]:
            push_limit(organization, limit.most_cameras, by_id=request.requested_by_id, now=now)


MADE, TITLE, LIMIT, OWNER = MadeKind(), TitleKind(), LimitKind(), OwnerKind()


def values_of(tenant: Tenant) -> dict[str, Any]:
    """Return what requests compare of an organization."""
    return {
        "id": tenant.id,
        "title": tenant.title,
        "owner_id": tenant.owner_id,
        "most_cameras": tenant.most_cameras,
    }


def said_of(values: Values) -> list[str]:
    """Say title, limit and owner, as far as they are among the values."""
    found = []
    if title := values.get("title"):
        found.append(_("title: %(title)s") % {"title": title})
    if "most_cameras" in values:
        limit = values["most_cameras"]
        said = _("most cameras: %(number)s") % {"number": limit} if limit else _("no limit")
        found.append(said)
    if owner_id := values.get("owner_id"):
        found.append(_("owner: user %(id)s of Watcher") % {"id": owner_id})
    return found


def _id_of(request: WriteRequest) -> str:
    return key_of(request.subject)


def organization_of(request: WriteRequest) -> Organization:
    """Return the organization here that a request is about, with its owner.

    Raises:
        NotThereError: it was deleted.
    """
    found = Organization.objects.select_related("owner")
    organization = found.filter(pk=request.organization_id or 0).first()
    if organization is None:
        raise NotThereError
    return organization


# --- Requests -------------------------------------------------------------------------------------


def make(organizations: Collection[Organization], *, by_id: int, now: datetime) -> int:
    """Request that organizations without Watcher ID are made in Watcher; return their number.

    Those for which that waits already are passed over.
    """
    subjects = {Subject.OUR_ORGANIZATION.of(each.pk): each for each in organizations}
    waiting = WriteRequest.objects.waiting().filter(kind=MADE.name, subject__in=subjects)
    passed = set(waiting.values_list("subject", flat=True))
    rows = [
        operations.requested(
            MADE,
            subject=subject,
            about=each.title,
            wanted={"title": each.title},
            shown=None,
            now=now,
            by_id=by_id,
            organization_id=each.pk,
        )
        for subject, each in subjects.items()
        if each.watcher_id is None and subject not in passed
    ]
    return len(operations.ask_all(rows))


def push_limit(
    organization: Organization, most_cameras: int, *, by_id: int | None, now: datetime
) -> None:
    """Request that an organization in Watcher has a limit, if that is enabled and not so."""
    if operations.is_enabled(LIMIT):
        wanted = {"most_cameras": most_cameras}
        # One that a suspension has lowered would be restored, although it is as wanted now.
        lowering = is_lowered(organization.watcher_id or "")
        _push(LIMIT, organization, wanted, by_id=by_id, now=now, is_settled=not lowering)


def push_title(organization: Organization, *, by_id: int | None, now: datetime) -> None:
    """Request that an organization in Watcher has the title that it has here."""
    if operations.is_enabled(TITLE):
        _push(TITLE, organization, {"title": organization.title}, by_id=by_id, now=now)


def push_owner(
    organization: Organization, owner_id: str, *, by_id: int | None, now: datetime
) -> None:
    """Request that an organization in Watcher belongs to a user there."""
    if operations.is_enabled(OWNER):
        _push(OWNER, organization, {"owner_id": owner_id}, by_id=by_id, now=now)


def _push(
    kind: Kind,
    organization: Organization,
    wanted: dict[str, Any],
    *,
    by_id: int | None,
    now: datetime,
    is_settled: bool = True,
) -> None:
    """Request a change; not what is so already, if that `is_settled`."""
    tenant = PlatformOrganization.objects.filter(tenant_id=organization.watcher_id).first()
    if tenant is None or tenant.gone_at is not None:
        return
    subject = Subject.ORGANIZATION.of(tenant.tenant_id)
    shown = {name: getattr(tenant, name) for name in wanted}
    if is_settled and operations.expected(kind, {subject: shown})[subject] == wanted:
        return
    operations.ask(
        kind,
        subject=subject,
        about=organization.title,
        wanted=wanted,
        shown=shown,
        now=now,
        by_id=by_id,
        organization_id=organization.pk,
    )


def follow_titles(former: Mapping[int, Mapping[str, str]]) -> None:
    """Request that organizations in Watcher are renamed as those here were.

    `former` has the values before, by id and field. A title follows only if it was the same.
    """
    titles = {pk: values["title"] for pk, values in former.items() if "title" in values}
    if not titles or not operations.is_enabled(TITLE):
        return
    renamed = Organization.objects.filter(pk__in=titles, watcher_id__isnull=False)
    ours = {each.watcher_id: each for each in renamed}
    tenants = PlatformOrganization.objects.filter(tenant_id__in=ours, gone_at=None)
    subjects = [Subject.ORGANIZATION.of(pk) for pk in ours]
    waiting = WriteRequest.objects.waiting().filter(kind=TITLE.name, subject__in=subjects)
    coming = dict(waiting.order_by("pk").values_list("subject", "wanted__title"))
    now, by_id, rows = timezone.now(), current_user_id(), []
    for tenant in tenants:
        organization, subject = ours[tenant.tenant_id], Subject.ORGANIZATION.of(tenant.tenant_id)
        known = coming.get(subject, tenant.title)
        was_same = known.casefold() == titles[organization.pk].casefold()
        if not was_same or known == organization.title:
            continue
        rows.append(
            operations.requested(
                TITLE,
                subject=subject,
                about=organization.title,
                wanted={"title": organization.title},
                shown={"title": tenant.title},
                now=now,
                by_id=by_id,
                organization_id=organization.pk,
            )
        )
    operations.ask_all(rows)
