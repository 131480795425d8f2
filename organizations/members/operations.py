"""Add members to an organization, change their roles, and remove them."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from organizations.members.models import MemberRole, Membership
from organizations.models import Organization


class OwnsContract(Exception):
    """The person is the owner of the contract and so sees the organization anyway."""


class NotAnOwner(Exception):
    """The person is staff; only subscribers' people can be members."""


@transaction.atomic
def set_member(*, pk: int, user: User, role: MemberRole) -> None:
    """Make `user` a member of organization `pk`, or give a member this role.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        OwnsContract: `user` is the owner of the contract.
        NotAnOwner: `user` is staff.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    if organization.owner_id == user.pk:
        raise OwnsContract
    if not user.is_owner:
        raise NotAnOwner
    Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )


@transaction.atomic
def remove_member(*, pk: int, user_id: int) -> None:
    """Remove a member from organization `pk`, if they still are one.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    Membership.objects.filter(organization=organization, user=user_id).delete()
