"""Which organizations a user may see."""

import pytest
from django.http import Http404

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from organizations.access import organization_for
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


def test_staff_may_see_every_organization(operator: User, support: User) -> None:
    organization = OrganizationFactory.create()

    assert organization_for(operator, organization.pk) == organization
    assert organization_for(support, organization.pk) == organization


def test_owner_may_see_only_their_own(owner: User) -> None:
    own = OrganizationFactory.create(owner=owner)
    foreign = OrganizationFactory.create(owner=OwnerFactory.create())

    assert organization_for(owner, own.pk) == own
    with pytest.raises(Http404):
        organization_for(owner, foreign.pk)


def test_an_unknown_organization_is_not_found(operator: User) -> None:
    with pytest.raises(Http404):
        organization_for(operator, 1)
