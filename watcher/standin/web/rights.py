"""What a caller may see and change."""

from collections.abc import Set as AbstractSet

from watcher.standin.state.records import Organization
from watcher.standin.state.refusals import forbidden, missing
from watcher.standin.state.watcher import Watcher
from watcher.standin.web.messages import Request


def organizations_seen(watcher: Watcher, request: Request) -> AbstractSet[int] | None:
    """Return the organizations that a caller sees; None means all.

    The admin scope sees all; the client scope sees those where the user is a member. API v2 shows
    all to the system key and to administrators.
    """
    user = request.user
    if request.base == "admin" or request.has_all_rights:
        return None
    if user is not None and user.administers:
        everything = watcher.switches.administrator_in_client == "all"
        if request.base == "v2" or everything:
            return None
    return watcher.state.organizations_of.get(user.id, set()) if user else frozenset()


def sees(watcher: Watcher, request: Request, organization_id: int) -> bool:
    """Tell whether the caller sees an organization."""
    seen = organizations_seen(watcher, request)
    return seen is None or organization_id in seen


def check_sees(watcher: Watcher, request: Request, organization_id: int) -> None:
    """Refuse an organization that the caller does not see, as if it did not exist."""
    watcher.state.organization(organization_id)
    if not sees(watcher, request, organization_id):
        raise missing("No such organization")


def check_right(watcher: Watcher, request: Request, organization_id: int, right: str) -> None:
    """Refuse a caller without a right in an organization; `owner` is the right to all."""
    check_sees(watcher, request, organization_id)
    user = request.user
    if request.base == "admin" or request.has_all_rights or (user and user.administers):
        return
    organization = watcher.state.organization(organization_id)
    if user and user.id == organization.owner_id:
        return
    rights = organization.members.get(user.id, frozenset()) if user else frozenset()
    if right not in rights:
        raise forbidden(f"You need the right {right}")


def organization_asked(watcher: Watcher, request: Request, right: str = "") -> Organization:
    """Return the organization on the path, which the caller sees, and where it has a right."""
    pk = request.id("organization_id")
    if right:
        check_right(watcher, request, pk, right)
    else:
        check_sees(watcher, request, pk)
    return watcher.state.organization(pk)


def manages_users(watcher: Watcher, request: Request, user_id: int) -> bool:
    """Tell whether the caller may see and change a user: in an organization of both."""
    user = request.user
    if request.base == "admin" or request.has_all_rights or (user and user.administers):
        return True
    if user is None:
        return False
    state = watcher.state
    for pk in state.organizations_of.get(user_id, set()):
        organization = state.organizations[pk]
        rights = organization.members.get(user.id, frozenset())
        if user.id == organization.owner_id or "can_edit_users" in rights:
            return True
    return False


def check_manages(watcher: Watcher, request: Request, user_id: int) -> None:
    """Refuse a user whom the caller may not change, as if it did not exist."""
    watcher.state.user(user_id)
    if not manages_users(watcher, request, user_id):
        raise missing("No such user")
