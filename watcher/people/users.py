"""Owners: made users of Watcher, sent its recovery mail, blocked, and given another address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.audit.recording import current_user_id
from organizations.models import Organization
from watcher.connection.models import ApiVersion
from watcher.connection.operations import stored_connection
from watcher.errors import AdministratorError, NotOneUserError, NotThereError
from watcher.models import PlatformOrganization, WriteRequest
from watcher.people import tenants
from watcher.people.once import refuse_to_repeat, sending
from watcher.platform import Capability, NewUser, Platform, PlatformUser, UserChange
from watcher.suspending.users import forget_kept, stays_suspended, were_kept_blocked
from watcher.writing import operations
from watcher.writing.kinds import Kind, Values
from watcher.writing.subjects import Subject, key_of

State = WriteRequest.State


class OfOwner(Kind):
    """Changes of the user that a person here has in Watcher, who is found by the address."""

    direction = "writes_users"
    capability = Capability.PUSH_USERS

    def found_subject(self, request: WriteRequest) -> str:
        """Return the user, as suspensions call them."""
        user_id = (request.found or {}).get("id")
        return Subject.USER.of(user_id) if user_id else ""

    def address(self, request: WriteRequest) -> str:
        """Return the page of the person."""
        return reverse("people:person", args=[person_id(request)])

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say the address, and whether the user is blocked."""
        found = []
        if email := values.get("email"):
            found.append(str(email))
        if external_id := values.get("external_id"):
            found.append(_("external ID: %(id)s") % {"id": external_id})
        if "is_blocked" in values:
            found.append(_("blocked") if values["is_blocked"] else _("not blocked"))
        return found


class MadeKind(OfOwner):
    """The owner of an organization becomes a user of Watcher, in that organization."""

    name = "user_made"
    label = gettext_lazy("Create a user")
    capability = Capability.INVITE_USERS

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return the user with the address.

        Raises:
            OutcomeUnknownError: it may have been made, and is not found.
        """
        found = user_with(platform, request.wanted["email"])
        if found is None:
            refuse_to_repeat(request)
            return None
        return {"id": found.id, "email": found.email}

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether there is one."""
        return found is not None

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Create the user, with a password that nobody knows."""
        organization = tenants.organization_of(request)
        if not organization.watcher_id:
            raise NotThereError
        owner, email = organization.owner, request.wanted["email"]
        new = NewUser(
            email=email,
            tenant_id=organization.watcher_id,
            name=owner.name if owner.email == email else "",
            external_id=organization.contract_number,
            locale=owner.language or organization.invoice_language,
        )
        with sending(request):
            return {"id": platform.create_user(new).id}

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Request what follows: the mail of Watcher's, and that the organization is theirs."""
        if request.state == State.DONE:
            invite(
                request.wanted["email"],
                subject=request.subject,
                organization_id=request.organization_id,
                by_id=request.requested_by_id,
                now=now,
            )
        organization, user_id = tenants.organization_of(request), (request.found or {})["id"]
        tenants.push_owner(organization, user_id, by_id=request.requested_by_id, now=now)


class MailKind(OfOwner):
    """Watcher sends a user its mail by which they choose a password."""

    name = "recovery_mail"
    label = gettext_lazy("Send the mail for a password")
    capability = Capability.INVITE_USERS

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return whether it was sent; Watcher itself does not say.

        Raises:
            OutcomeUnknownError: it may have been sent.
            NotThereError: no user has the address.
        """
        if request.made is None:
            refuse_to_repeat(request)
            if user_with(platform, request.wanted["email"]) is None:
                raise NotThereError
        return {"email": request.wanted["email"], "is_sent": request.made is not None}

    def is_as_shown(
        self, found: Values | None, shown: Values | None, request: WriteRequest
    ) -> bool:
        """Return True: nobody else can have sent this one."""
        return True

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Have it sent."""
        with sending(request):
            platform.send_recovery_mail(request.wanted["email"])
        return {"is_sent": True}


class BlockKind(OfOwner):
    """The user of a person who was blocked here cannot sign in to Watcher, or can again.

    One whose organization is suspended stays blocked, and is unblocked when that ends.
    """

    name = "user_blocked"
    label = gettext_lazy("Block or unblock a user")

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return whether the user is blocked; None if there is no user with the address."""
        found = user_with(platform, request.about)
        return {"id": found.id, "is_blocked": found.is_blocked} if found else None

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether nobody has to be blocked or unblocked."""
        return found is None or bool(request.made) or super().is_wanted(found, request)

    def is_as_shown(
        self, found: Values | None, shown: Values | None, request: WriteRequest
    ) -> bool:
        """Return True: what is not wanted is what is to change."""
        return True

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Block or unblock the user; say so if a suspension is to unblock them instead."""
        user, is_blocked = user_with(platform, request.about), request.wanted["is_blocked"]
        if user is None:
            return None
        # Lists of API v2 do not say in which organizations users are.
        if not is_blocked and stays_suspended(platform.user(user.id) or user, timezone.now()):
            return {"is_suspended": True}
        platform.change_user(user.id, UserChange(is_blocked=is_blocked))
        return None

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Remember that suspensions have nothing to do with the user any more."""
        if request.found and not request.wanted["is_blocked"]:
            forget_kept(request.found["id"], now)


class AddressKind(OfOwner):
    """The user of a person gets the address that the person has here."""

    name = "user_address"
    label = gettext_lazy("Change the address of a user")

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return the address of the user with the new or the former one; None if there is none."""
        found = user_with(platform, request.wanted["email"])
        if found is None and request.shown:
            found = user_with(platform, request.shown["email"])
        return {"id": found.id, "email": found.email} if found else None

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether nobody has to get another address."""
        return found is None or super().is_wanted(found, request)

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Change the address, and leave the login as it is."""
        found = self.read(platform, request)
        if found:
            platform.change_user(found["id"], UserChange(email=request.wanted["email"]))
        return None


class ExternalIdKind(OfOwner):
    """The user of a person gets the contract number of their organization as external ID."""

    name = "user_external_id"
    label = gettext_lazy("Set the external ID of a user")

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return the external ID of the user; None if there is no user with the address."""
        found = user_with(platform, request.about)
        return {"id": found.id, "external_id": found.external_id} if found else None

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether nobody has to get another external ID."""
        return found is None or super().is_wanted(found, request)

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Set the external ID, and leave the rest as it is."""
        found = self.read(platform, request)
        if found:
            external_id = request.wanted["external_id"]
            platform.change_user(found["id"], UserChange(external_id=external_id))
        return None

    def remember(self, request: WriteRequest, now: datetime) -> None:
        """Store it as a reading would."""
        if request.found:
            rows = PlatformOrganization.objects.filter(owner_id=request.found["id"])
            rows.update(owner_external_id=request.found["external_id"], changed_at=now)


MADE, MAIL, BLOCK, ADDRESS, EXTERNAL_ID = (
    MadeKind(),
    MailKind(),
    BlockKind(),
    AddressKind(),
    ExternalIdKind(),
)


def user_with(platform: Platform, email: str) -> PlatformUser | None:
    """Return the only user with this login or address, who is no administrator.

    Raises:
        NotOneUserError: there are several.
        AdministratorError: it is one.
    """
    users = platform.users_called(email)
    if len(users) > 1:
        raise NotOneUserError(users=len(users))
    if users and users[0].is_administrator:
        raise AdministratorError
    return users[0] if users else None


def person_id(request: WriteRequest) -> int:
    """Return the person here whose user is changed."""
    return int(key_of(request.subject))


# --- Requests -------------------------------------------------------------------------------------


def make(organization: Organization, *, by_id: int, now: datetime) -> None:
    """Request that the owner of an organization becomes a user of Watcher, unless that waits."""
    owner = organization.owner
    subject = Subject.OUR_USER.of(owner.pk)
    if WriteRequest.objects.waiting().filter(kind=MADE.name, subject=subject).exists():
        return
    operations.ask(
        MADE,
        subject=subject,
        about=owner.email,
        wanted={"email": owner.email},
        shown=None,
        now=now,
        by_id=by_id,
        organization_id=organization.pk,
    )


def invite(
    email: str, *, subject: str, organization_id: int | None, by_id: int | None, now: datetime
) -> None:
    """Request the mail by which a person chooses a password in Watcher.

    It is sent again if it was sent before; not while one waits to be sent.
    """
    if WriteRequest.objects.waiting().filter(kind=MAIL.name, subject=subject).exists():
        return
    operations.ask(
        MAIL,
        subject=subject,
        about=email,
        wanted={"email": email, "is_sent": True},
        shown=None,
        now=now,
        by_id=by_id,
        organization_id=organization_id,
    )


def follow_person(person: User, before: Mapping[str, Any]) -> None:
    """Request that the user of an owner is blocked, unblocked, or gets another address.

    Unblocking undoes only what billing has done: somebody may have blocked the user in Watcher.
    """
    is_theirs = Organization.objects.filter(owner=person, watcher_id__isnull=False)
    if not person.is_owner or not operations.is_enabled(BLOCK) or not is_theirs.exists():
        return
    if "email" in before:
        _ask(ADDRESS, person, {"email": person.email}, {"email": before["email"]})
    if "is_active" in before and (not person.is_active or _has_blocked(person)):
        _ask(BLOCK, person, {"is_blocked": not person.is_active}, None)


def follow_contracts(former: Mapping[int, Mapping[str, str]]) -> None:
    """Request that the users of owners have the new contract numbers as external IDs.

    `former` has the values before, by id and field. An external ID follows only if it was the
    former number, because a person may own several organizations. It is never emptied.
    """
    numbers = {
        pk: values["contract_number"]
        for pk, values in former.items()
        if "contract_number" in values
    }
    connection = stored_connection()
    has_external_ids = connection is not None and connection.api_version != ApiVersion.V3_25
    if not numbers or not has_external_ids or not operations.is_enabled(EXTERNAL_ID, connection):
        return
    changed = Organization.objects.filter(pk__in=numbers, watcher_id__isnull=False)
    numbered = changed.exclude(contract_number="").select_related("owner")
    ours = {each.watcher_id: each for each in numbered}
    now, by_id, rows = timezone.now(), current_user_id(), []
    for tenant in PlatformOrganization.objects.filter(tenant_id__in=ours, gone_at=None):
        organization = ours[tenant.tenant_id]
        known = {"external_id": tenant.owner_external_id}
        subject = Subject.OUR_USER.of(organization.owner_id)
        expected = operations.expected(EXTERNAL_ID, {subject: known})[subject]
        wanted = {"external_id": organization.contract_number}
        if expected["external_id"] != numbers[organization.pk] or expected == wanted:
            continue
        rows.append(
            operations.requested(
                EXTERNAL_ID,
                subject=subject,
                about=organization.owner.email,
                wanted=wanted,
                shown=known,
                now=now,
                by_id=by_id,
                organization_id=organization.pk,
            )
        )
    operations.ask_all(rows)


def _has_blocked(person: User) -> bool:
    asked = WriteRequest.objects.filter(
        kind=BLOCK.name,
        subject=Subject.OUR_USER.of(person.pk),
        state__in=(State.DONE, State.WAITING),
    )
    last = asked.order_by("-pk").values_list("wanted__is_blocked", flat=True).first()
    if last is True:
        return True
    tenants = Organization.objects.order_by().filter(owner=person).values("watcher_id")
    owned = PlatformOrganization.objects.order_by().filter(tenant_id__in=tenants)
    return were_kept_blocked(set(owned.values_list("owner_id", flat=True)))


def _ask(kind: Kind, person: User, wanted: Values, shown: Values | None) -> None:
    operations.ask(
        kind,
        subject=Subject.OUR_USER.of(person.pk),
        about=person.email,
        wanted=wanted,
        shown=shown,
        now=timezone.now(),
        by_id=current_user_id(),
    )
