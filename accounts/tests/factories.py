"""Factories of users. Call `UserFactory.create()`, which is typed, unlike `UserFactory()`."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from factory.declarations import Sequence
from factory.django import DjangoModelFactory, Password

from accounts.models import Role, User

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory[User]):
    """An activated owner; with `password=None`, not activated."""

    class Meta:
        model = User

    email = Sequence("person{}@example.com".format)
    name = Sequence("Person {}".format)
    role = Role.OWNER
    password = Password(PASSWORD)


class OperatorFactory(UserFactory):
    email = Sequence("operator{}@example.com".format)
    role = Role.OPERATOR


class SupportFactory(UserFactory):
    email = Sequence("support{}@example.com".format)
    role = Role.SUPPORT


class OwnerFactory(UserFactory):
    email = Sequence("owner{}@example.com".format)
