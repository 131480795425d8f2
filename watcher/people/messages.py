"""Messages to owners that Watcher shows on its pages and on phones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import Organization
from watcher.errors import NotThereError, OutcomeUnknownError
from watcher.models import WriteRequest
from watcher.people.once import may_have_been_sent, sending
from watcher.people.users import OfOwner, user_with
from watcher.platform import Capability, Platform, UserMessage
from watcher.writing import operations
from watcher.writing.kinds import Values
from watcher.writing.subjects import Subject


class MessageKind(OfOwner):
    """A person gets a message. Watcher may not show what was sent, so it is looked for first."""

    name = "message"
    label = gettext_lazy("Send a message")
    direction = "sends_messages"
    capability = Capability.SEND_MESSAGES
    replaces_earlier = False

    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return whether it was sent, and to how many phones if Watcher said so.

        `request.made` has the ids of equal messages before, and once it is sent, its own.

        Raises:
            NotThereError: no user has the address.
            OutcomeUnknownError: it may have been sent, and is not found.
        """
        made = request.made or {}
        if "id" in made:
            return {"is_sent": True, "id": made["id"], "devices": made["devices"]}
        if "known" in made and may_have_been_sent(request):
            like = platform.messages_like(_message(platform, request))
            sent = next((each for each in like if each.id not in made["known"]), None)
            if sent is None:
                raise OutcomeUnknownError
            return {"is_sent": True, "id": sent.id, "devices": None}
        return {"is_sent": False}

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether it was sent."""
        return found is not None and found["is_sent"]

    def is_as_shown(
        self, found: Values | None, shown: Values | None, request: WriteRequest
    ) -> bool:
        """Return True: nobody else can have sent this one."""
        return True

    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Send it; before that, store which equal ones there are."""
        message = _message(platform, request)
        known = [each.id for each in platform.messages_like(message)]
        request.made = {"known": known}
        WriteRequest.objects.filter(pk=request.pk).update(made=request.made)
        with sending(request):
            sent = platform.send_message(message, known)
        return {"id": sent.id, "devices": sent.devices}

    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say its title, and on how many phones it is shown."""
        found = [str(values["title"])] if "title" in values else []
        if values.get("devices") == 0:
            found.append(_("no phone registered, shown on Watcher's pages only"))
        elif values.get("devices"):
            found.append(_("phones: %(number)s") % {"number": values["devices"]})
        return found


MESSAGE = MessageKind()


def _message(platform: Platform, request: WriteRequest) -> UserMessage:
    user = user_with(platform, request.about)
    if user is None:
        raise NotThereError
    return UserMessage("", user.id, request.wanted["title"], request.wanted["body"])


def send(
    organization: Organization, *, title: str, body: str, by_id: int, now: datetime
) -> WriteRequest:
    """Request a message to the owner of an organization."""
    owner = organization.owner
    return operations.ask(
        MESSAGE,
        subject=Subject.OUR_USER.of(owner.pk),
        about=owner.email,
        wanted={"title": title, "body": body},
        shown=None,
        now=now,
        by_id=by_id,
        organization_id=organization.pk,
    )
