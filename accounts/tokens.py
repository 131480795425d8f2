"""The signed tokens of links that activate an account or confirm an address."""

from django.core import signing

from accounts.models import AddressChange, User

ACTIVATION_SALT = "accounts.activation"
ADDRESS_SALT = "accounts.address"


def activation_token(user: User) -> str:
    """Return the token of the link by which a user sets a first password."""
    return signing.dumps({"id": user.pk, "email": user.email}, salt=ACTIVATION_SALT)


def address_token(change: AddressChange) -> str:
    """Return the token of the link that confirms a new address."""
    return signing.dumps({"id": change.pk, "email": change.email}, salt=ADDRESS_SALT)
