"""Operations on billing details."""

from typing import Unpack

from django.db import transaction

from foundation.web.versions import refuse_overwriting
from organizations.billing import BillingDetails, stored_billing_details
from organizations.models import Organization


@transaction.atomic
def change_billing_details(*, pk: int, shown: str, **fields: Unpack[BillingDetails]) -> None:
    """Change an organization's billing details; issued invoices do not change.

    `shown` is the version (see `foundation.web.versions`) of the `stored_billing_details` that
    were shown.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    refuse_overwriting(shown=shown, stored=stored_billing_details(organization), given=fields)
    for name, value in fields.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(fields))
