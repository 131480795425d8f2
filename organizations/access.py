"""Which organization a page is about."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from organizations.models import Organization


def organization_for(user: User, pk: int) -> Organization:
    """Return organization `pk` with its owner, if `user` may see it.

    Raises:
        Http404: there is none, or it is someone else's; an owner cannot tell which.
    """
    visible = Organization.objects.select_related("owner").visible_to(user)
    return get_object_or_404(visible, pk=pk)
