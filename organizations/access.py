"""Access to organizations."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from organizations.models import Organization


def sees_organization(user: User, pk: int) -> bool:
    """Return whether `user` may see organization `pk`."""
    return not user.is_owner or Organization.objects.visible_to(user).filter(pk=pk).exists()


def organization_for(user: User, pk: int) -> Organization:
    """Return organization `pk` with its owner if `user` may see it.

    Raises:
        Http404: it does not exist or `user` may not see it; the answer does not reveal which.
    """
    visible = Organization.objects.select_related("owner").visible_to(user)
    return get_object_or_404(visible, pk=pk)


def sees_all_of(user: User, organization: Organization) -> bool:
    """Return whether `user`, who sees an organization, sees all of it, and not as a reader.

    Readers see cameras and usage, but not documents, payments, what is owed, billing details, or
    who else has access.
    """
    if not user.is_owner or organization.owner_id == user.pk:
        return True
    return Organization.objects.seen_whole_by(user).filter(pk=organization.pk).exists()


def whole_organization_for(user: User, pk: int) -> Organization:
    """Return organization `pk` with its owner, for a page that readers may not see.

    Raises:
        Http404: as `organization_for`.
        PermissionDenied: `user` is a reader of the organization.
    """
    organization = organization_for(user, pk)
    if not sees_all_of(user, organization):
        raise PermissionDenied
    return organization
