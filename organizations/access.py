"""Access to organizations."""

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
